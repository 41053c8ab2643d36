using System.Text.Json;

namespace PolyArb.Tests.Polymarket;

/// <summary>The signing vectors, from POLYARB_VECTORS or beside the test program.</summary>
internal static class Vectors
{
    public static IEnumerable<JsonElement> Cases(string file)
    {
        var folder = Environment.GetEnvironmentVariable("POLYARB_VECTORS") is { Length: > 0 } given
            ? given
            : Path.Combine(AppContext.BaseDirectory, "vectors");
        return JsonElement.Parse(File.ReadAllBytes(Path.Combine(folder, file))).GetProperty("cases").EnumerateArray();
    }

    public static string At(this JsonElement element, params string[] path) =>
        path.Aggregate(element, (inner, name) => inner.GetProperty(name)) is { ValueKind: JsonValueKind.String } text
            ? text.GetString()!
            : path.Aggregate(element, (inner, name) => inner.GetProperty(name)).GetRawText();

    public static long Number(this JsonElement element, params string[] path) =>
        long.Parse(element.At(path), System.Globalization.CultureInfo.InvariantCulture);
}
