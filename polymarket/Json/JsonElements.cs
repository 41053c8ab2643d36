using System.Text;
using System.Text.Json;

namespace PolyArb.Polymarket.Json;

/// <summary>Reading answers off the hot path. A member that is absent, null or of another shape reads as empty.</summary>
internal static class JsonElements
{
    /// <summary>Throws JsonException; trailing bytes are an error too.</summary>
    public static JsonElement Parse(ReadOnlySpan<byte> utf8) => JsonElement.Parse(utf8);

    /// <summary>The text of a string or a number, or "".</summary>
    public static string Text(this JsonElement element, string name) =>
        element.ValueKind is JsonValueKind.Object && element.TryGetProperty(name, out var member) ? member.Scalar() : "";

    public static string Scalar(this JsonElement element) => element.ValueKind switch
    {
        JsonValueKind.String => element.GetString()!,
        JsonValueKind.Number => element.GetRawText(),
        _ => "",
    };

    public static byte[] Utf8(this JsonElement element, string name) => Encoding.UTF8.GetBytes(element.Text(name));

    /// <summary>False booleans are omitted by the venue (protocol sheet 2.3).</summary>
    public static bool Flag(this JsonElement element, string name) =>
        element.ValueKind is JsonValueKind.Object && element.TryGetProperty(name, out var member) && member.ValueKind is JsonValueKind.True;

    public static IEnumerable<JsonElement> Items(this JsonElement element, string name) =>
        element.ValueKind is JsonValueKind.Object && element.TryGetProperty(name, out var member) && member.ValueKind is JsonValueKind.Array
            ? member.EnumerateArray()
            : [];

    /// <summary>A list of texts or numbers: an array, or Gamma's JSON text inside a string (protocol sheet 2.2). Null when it is neither.</summary>
    public static string[]? Texts(this JsonElement element, string name)
    {
        if (element.ValueKind is not JsonValueKind.Object || !element.TryGetProperty(name, out var member)) return null;
        if (member.ValueKind is JsonValueKind.Array) return [.. member.EnumerateArray().Select(Scalar)];
        if (member.ValueKind is not JsonValueKind.String) return null;

        try
        {
            var inside = JsonElement.Parse(member.GetString()!);
            return inside.ValueKind is JsonValueKind.Array ? [.. inside.EnumerateArray().Select(Scalar)] : null;
        }
        catch (JsonException)
        {
            return null;
        }
    }
}
