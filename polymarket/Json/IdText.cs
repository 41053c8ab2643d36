using System.Text;

namespace PolyArb.Polymarket.Json;

/// <summary>
/// Ids as strings without a new string for each mention. A fixed table: a collision replaces, nothing grows, and a race
/// costs one string.
/// </summary>
internal static class IdText
{
    /// <summary>The longest id is a uint256 in decimal: 78 digits.</summary>
    private const int LengthMax = 80;

    private static readonly string?[] Known = new string?[8_192];

    public static string Of(ReadOnlySpan<byte> utf8)
    {
        if (utf8.IsEmpty) throw new FormatException("an id is empty");
        if (utf8.Length > LengthMax || !Ascii.IsValid(utf8)) throw new FormatException("not an id");

        ref var slot = ref Known[Slot(utf8)];
        var known = slot;
        if (known is not null && Ascii.Equals(utf8, known)) return known;

        return slot = Encoding.ASCII.GetString(utf8);
    }

    private static int Slot(ReadOnlySpan<byte> utf8)
    {
        var hash = new HashCode();
        hash.AddBytes(utf8);
        return unchecked((int)((uint)hash.ToHashCode() % (uint)Known.Length));
    }
}
