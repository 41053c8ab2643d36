using System.Text.RegularExpressions;

namespace PolyArb.Tests.Documentation;

/// <summary>
/// What config.yaml says in words about each of its keys: a comment behind the value, gone on with in lines that are indented deeper
/// than the key; and about each section, in the lines above it and behind its name.
/// </summary>
internal sealed partial class ConfigurationComments
{
    private readonly Dictionary<string, string> _byKey = [];
    private readonly List<string> _above = [];

    public ConfigurationComments(string yaml)
    {
        var path = new List<(int Indent, string Name)>();
        foreach (var line in yaml.Split('\n'))
        {
            if (KeyLine().Match(line) is { Success: true } key) AddKey(path, key);
            else if (CommentLine().Match(line) is { Success: true } comment) AddComment(path, comment);
            else _above.Clear(); // What stands apart is about the file, not about what follows.
        }
    }

    /// <summary>Null: nothing is said about it.</summary>
    public string? About(string key) => _byKey.GetValueOrDefault(key);

    private void AddKey(List<(int Indent, string Name)> path, Match line)
    {
        var indent = line.Groups["indent"].Length;
        path.RemoveAll(outer => outer.Indent >= indent);
        path.Add((indent, line.Groups["name"].Value));
        if (indent > 0) _above.Clear(); // Said about nobody by name, such as where a secret belongs.
        if (line.Groups["comment"] is { Success: true } comment) _above.Add(comment.Value.Trim());
        if (_above is not []) _byKey[KeyOf(path)] = string.Join(' ', _above);
        _above.Clear();
    }

    private void AddComment(List<(int Indent, string Name)> path, Match line)
    {
        var text = line.Groups["comment"].Value.Trim();
        if (text.StartsWith("---", StringComparison.Ordinal)) return;
        if (path is [.., var (indent, _)] && line.Groups["indent"].Length > indent && indent > 0) _byKey[KeyOf(path)] = $"{_byKey[KeyOf(path)]} {text}";
        else _above.Add(text);
    }

    private static string KeyOf(List<(int Indent, string Name)> path) => string.Join('.', path.Select(outer => outer.Name));

    [GeneratedRegex(@"^(?<indent> *)(?<name>[a-z0-9_]+):(?:\s[^#]*?)??(?:\s+#(?<comment>.*))?$")]
    private static partial Regex KeyLine();

    [GeneratedRegex(@"^(?<indent> *)#(?<comment>.*)$")]
    private static partial Regex CommentLine();
}
