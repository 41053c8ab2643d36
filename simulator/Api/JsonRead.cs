using System.Text.Json;
using System.Text.Unicode;

namespace PolyArb.Simulator.Api;

/// <summary>Reads what a stranger sent: a value of another kind is as good as none, never an exception.</summary>
internal static class JsonRead
{
    /// <summary>False for what is no JSON, and for JSON with a text that is no Unicode: half a surrogate pair, or bytes that are no UTF-8.</summary>
    public static bool TryParse(ReadOnlyMemory<byte> bytes, out JsonElement json)
    {
        json = default;
        try
        {
            using var document = JsonDocument.Parse(bytes);
            if (!IsUnicode(bytes.Span)) return false;

            json = document.RootElement.Clone();
            return true;
        }
        catch (JsonException)
        {
            return false;
        }
    }

    public static string? AsText(this JsonElement json) => json.ValueKind is JsonValueKind.String ? json.GetString() : null;

    /// <summary>The text of a field that is not empty; null otherwise.</summary>
    public static string? Field(this JsonElement json, string name) =>
        json.ValueKind is JsonValueKind.Object && json.TryGetProperty(name, out var value) && value.AsText() is { Length: > 0 } text
            ? text
            : null;

    /// <summary>True or false as it stands there; null for anything else.</summary>
    public static bool? Flag(this JsonElement json, string name) =>
        json.ValueKind is not JsonValueKind.Object || !json.TryGetProperty(name, out var value) ? null : value.ValueKind switch
        {
            JsonValueKind.True => true,
            JsonValueKind.False => false,
            _ => null,
        };

    /// <summary>The framework finds out only when it is asked for the text, and then it throws.</summary>
    private static bool IsUnicode(ReadOnlySpan<byte> json)
    {
        if (!Utf8.IsValid(json)) return false;
        if (json.IndexOf("\\u"u8) < 0) return true;

        var reader = new Utf8JsonReader(json);
        try
        {
            while (reader.Read())
            {
                if (reader.TokenType is JsonTokenType.String or JsonTokenType.PropertyName && reader.ValueIsEscaped) _ = reader.GetString();
            }

            return true;
        }
        catch (InvalidOperationException)
        {
            return false;
        }
    }
}
