using System.Text;
using System.Text.Json;

namespace PolyArb.Tests.Client;

/// <summary>What scripts rely on in a JSON document: the paths of its values, one a line, whatever the values are.</summary>
internal static class JsonShape
{
    /// <param name="open">Paths below which nothing is told: there it is data that has the names, or not always something.</param>
    public static string Of(JsonElement document, params string[] open)
    {
        var paths = new SortedSet<string>(StringComparer.Ordinal);
        Walk(document, "", open, paths);
        return paths.Aggregate(new StringBuilder(), (text, path) => text.Append(path).Append('\n')).ToString();
    }

    private static void Walk(JsonElement value, string path, string[] open, SortedSet<string> paths)
    {
        switch (value.ValueKind)
        {
            case var _ when open.Contains(path):
                paths.Add($"{path} ...");
                break;
            case JsonValueKind.Object:
                foreach (var member in value.EnumerateObject()) Walk(member.Value, path.Length == 0 ? member.Name : $"{path}.{member.Name}", open, paths);
                break;
            case JsonValueKind.Array:
                paths.Add($"{path}[]");
                foreach (var item in value.EnumerateArray()) Walk(item, $"{path}[]", open, paths);
                break;
            default:
                paths.Add(path);
                break;
        }
    }
}
