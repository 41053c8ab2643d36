using System.Text.Json;

namespace PolyArb.Simulator.Feed;

/// <summary>What the framework's writer lacks.</summary>
internal static class JsonWrite
{
    /// <summary>A JSON number from exact decimal text, without a float on the way.</summary>
    public static void WriteDecimal(this Utf8JsonWriter json, string name, string decimalText)
    {
        json.WritePropertyName(name);
        json.WriteRawValue(decimalText);
    }

    public static void WriteStrings(this Utf8JsonWriter json, string name, IEnumerable<string> values)
    {
        json.WriteStartArray(name);
        foreach (var value in values) json.WriteStringValue(value);
        json.WriteEndArray();
    }
}
