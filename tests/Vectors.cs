using System.Text.Json;
using Xunit;

namespace PolyArb.Tests;

/// <summary>What the venue's official clients made of given inputs: from the folder POLYARB_VECTORS names, or beside the test program.</summary>
internal static class Vectors
{
    /// <summary>The cases of a file; a file without any fails, and so does one that is not there.</summary>
    public static IEnumerable<JsonElement> Cases(string file)
    {
        var folder = Environment.GetEnvironmentVariable("POLYARB_VECTORS") is { Length: > 0 } given
            ? given
            : Path.Combine(AppContext.BaseDirectory, "vectors");
        JsonElement[] cases = [.. JsonElement.Parse(File.ReadAllBytes(Path.Combine(folder, file))).GetProperty("cases").EnumerateArray()];
        Assert.True(cases.Length > 0, $"{Path.Combine(folder, file)} holds no case");
        return cases;
    }

    /// <summary>Fails for a field that no test looks at: a new shape must not pass unread.</summary>
    public static JsonElement Only(this JsonElement json, params string[] names)
    {
        foreach (var field in json.EnumerateObject()) Assert.True(names.Contains(field.Name), $"the tests do not know the field '{field.Name}' of {json}");
        return json;
    }

    /// <summary>The text of a field, or the JSON of one that is no text.</summary>
    public static string At(this JsonElement json, params string[] path)
    {
        foreach (var name in path) json = json.GetProperty(name);
        return json.ValueKind is JsonValueKind.String ? json.GetString()! : json.GetRawText();
    }

    /// <summary>The same; null for a field that is absent or null.</summary>
    public static string? Find(this JsonElement json, string name) =>
        json.TryGetProperty(name, out var field) && field.ValueKind is not JsonValueKind.Null ? json.At(name) : null;

    public static long Number(this JsonElement json, params string[] path) =>
        long.Parse(json.At(path), System.Globalization.CultureInfo.InvariantCulture);
}
