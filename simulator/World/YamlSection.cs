using System.Globalization;
using YamlDotNet.Core;
using YamlDotNet.RepresentationModel;

namespace PolyArb.Simulator.World;

/// <summary>
/// One mapping of a YAML file, or of JSON, which reads the same. Keys are asked for by name; <see cref="End"/> refuses those that nobody
/// asked for. Every method throws <see cref="FormatException"/>: the file, the line, the key and what would be legal, in one sentence.
/// </summary>
internal sealed class YamlSection(string file, string path, YamlMappingNode node)
{
    private readonly SortedSet<string> _known = new(StringComparer.Ordinal);

    public static YamlSection Root(string file, string text)
    {
        var yaml = new YamlStream();
        try
        {
            yaml.Load(new StringReader(text));
        }
        catch (YamlException e)
        {
            throw new FormatException(string.Create(CultureInfo.InvariantCulture, $"{file}:{e.Start.Line}: not YAML: {e.Message.ReplaceLineEndings(" ")}"));
        }

        return yaml.Documents is [{ RootNode: YamlMappingNode root }] ? new YamlSection(file, "", root) : throw new FormatException($"{file}:1: must be one mapping");
    }

    public string Text(string key, string? fallback = null)
    {
        if (Scalar(key) is { Length: > 0 } text) return text;
        return fallback ?? throw Refuse(Find(key) ?? node, key, "is missing; it takes a text");
    }

    /// <summary>Null when it is not given.</summary>
    public string? Optional(string key) => Scalar(key);

    public int Number(string key, int low, int high, int fallback)
    {
        if (Scalar(key) is not { } text) return fallback;
        if (int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number) && number >= low && number <= high) return number;

        throw Refuse(Find(key)!, key, string.Create(CultureInfo.InvariantCulture, $"\"{text}\" is not legal; it takes {low} to {high}"));
    }

    public bool Flag(string key, bool fallback) => Choice(key, [("true", true), ("false", false)], fallback);

    public T Choice<T>(string key, IReadOnlyList<(string Text, T Value)> legal, T fallback)
    {
        if (Scalar(key) is not { } text) return fallback;
        foreach (var (name, value) in legal) if (name == text) return value;

        throw Refuse(Find(key)!, key, $"\"{text}\" is not legal; it takes one of {string.Join(", ", legal.Select(l => l.Text))}");
    }

    /// <summary>Distinct texts, at least as many as asked for.</summary>
    public IReadOnlyList<string> Texts(string key, int least, int most, IReadOnlyList<string>? fallback = null)
    {
        if (Find(key) is not { } found) return fallback ?? throw Refuse(node, key, $"is missing; it takes a list of {least} to {most} texts");

        string[] texts = found is YamlSequenceNode list ? [.. list.Children.OfType<YamlScalarNode>().Select(s => s.Value ?? "").Where(s => s.Length > 0).Distinct()] : [];
        return found is YamlSequenceNode all && texts.Length == all.Children.Count && texts.Length >= least && texts.Length <= most
            ? texts
            : throw Refuse(found, key, string.Create(CultureInfo.InvariantCulture, $"takes a list of {least} to {most} different texts"));
    }

    public YamlSection? Section(string key) => Find(key) switch
    {
        null => null,
        YamlMappingNode section => new YamlSection(file, Path(key), section),
        var other => throw Refuse(other, key, "takes a mapping"),
    };

    public IReadOnlyList<YamlSection> Sections(string key) => Find(key) switch
    {
        null => [],
        YamlSequenceNode list when list.Children.All(c => c is YamlMappingNode) =>
            [.. list.Children.Cast<YamlMappingNode>().Select((c, at) => new YamlSection(file, string.Create(CultureInfo.InvariantCulture, $"{Path(key)}[{at}]"), c))],
        var other => throw Refuse(other, key, "takes a list of mappings"),
    };

    public void End()
    {
        foreach (var key in node.Children.Keys)
        {
            var name = (key as YamlScalarNode)?.Value ?? "";
            if (!_known.Contains(name)) throw Refuse(key, name, $"is not known; legal here: {string.Join(", ", _known)}");
        }
    }

    public FormatException Refuse(string key, string text) => Refuse(Find(key) ?? node, key, text);

    private FormatException Refuse(YamlNode at, string key, string text) =>
        new(string.Create(CultureInfo.InvariantCulture, $"{file}:{at.Start.Line}: {Path(key)}: {text}"));

    private string? Scalar(string key) => Find(key) switch
    {
        null or YamlScalarNode { Style: ScalarStyle.Plain, Value: "null" or "~" or "" } => null,
        YamlScalarNode { Value: { Length: > 0 } text } => text,
        var other => throw Refuse(other, key, "takes one plain value"),
    };

    private YamlNode? Find(string key)
    {
        _known.Add(key);
        return node.Children.TryGetValue(new YamlScalarNode(key), out var found) ? found : null;
    }

    private string Path(string key) => path.Length == 0 ? key : $"{path}.{key}";
}
