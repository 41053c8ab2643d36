using System.Text.Json;

namespace PolyArb.Tests.Simulator;

/// <summary>The cases of a vector file, from POLYARB_VECTORS or from beside the test program.</summary>
internal static class Vectors
{
    public static IEnumerable<JsonElement> Cases(string file)
    {
        var folder = Environment.GetEnvironmentVariable("POLYARB_VECTORS") ?? Path.Combine(AppContext.BaseDirectory, "vectors");
        using var json = JsonDocument.Parse(File.ReadAllBytes(Path.Combine(folder, file)));
        return json.RootElement.Clone().GetProperty("cases").EnumerateArray();
    }

    public static string Text(this JsonElement json, string name) => json.GetProperty(name).GetString()!;
}
