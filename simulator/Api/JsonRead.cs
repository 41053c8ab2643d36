using System.Text.Json;

namespace PolyArb.Simulator.Api;

/// <summary>Reads what a stranger sent: a value of another kind is as good as none, never an exception.</summary>
internal static class JsonRead
{
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
}
