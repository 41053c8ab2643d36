using System.Text;

namespace PolyArb.Storage;

/// <summary>Text that every database keeps. What comes from outside may hold anything, and must not keep a fact from being written.</summary>
internal static class Utf8Text
{
    /// <summary>With U+FFFD for NUL and for half of a surrogate pair.</summary>
    public static string Of(string text) => text.AsSpan().Contains('\0') || text.AsSpan().IndexOfAnyInRange('\ud800', '\udfff') >= 0
        ? Encoding.UTF8.GetString(Encoding.UTF8.GetBytes(text)).Replace('\0', '\ufffd')
        : text;
}
