using YamlDotNet.Core;
using YamlDotNet.RepresentationModel;

namespace PolyArb.Config;

/// <summary>A YAML file as dotted keys and plain text. It knows no parameter: unknown keys are found by who does.</summary>
internal sealed class YamlSettings(string source)
{
    /// <summary>Sections in sections; deeper is no parameter of ours.</summary>
    private const int DepthMax = 4;

    private readonly Dictionary<string, Setting> _settings = [];
    private readonly List<string> _complaints = [];

    public IReadOnlyDictionary<string, Setting> Settings => _settings;

    public IReadOnlyList<string> Complaints => _complaints;

    public static YamlSettings Read(string source, string text)
    {
        var file = new YamlSettings(source);
        var yaml = new YamlStream();
        try
        {
            yaml.Load(new StringReader(text));
        }
        catch (YamlException e)
        {
            var reason = e.Message.ReplaceLineEndings(" ");
            file._complaints.Add($"{source}:{e.Start.Line}:{e.Start.Column}: not YAML: {reason}");
            return file;
        }

        switch (yaml.Documents)
        {
            case []:
                break; // An empty file: every default holds.
            case [{ RootNode: YamlMappingNode root }]:
                file.Flatten(root, prefix: "", depth: 1);
                break;
            case [{ RootNode: YamlScalarNode { Value: null or "" } }]:
                break;
            default:
                file._complaints.Add($"{source}: must be one YAML mapping of sections");
                break;
        }

        return file;
    }

    private void Flatten(YamlMappingNode mapping, string prefix, int depth)
    {
        foreach (var (name, node) in mapping.Children)
        {
            var key = prefix + (name as YamlScalarNode)?.Value;
            switch (node)
            {
                case YamlMappingNode section when depth < DepthMax:
                    Flatten(section, key + ".", depth + 1);
                    break;
                case YamlScalarNode scalar:
                    Keep(key, Plain(scalar));
                    break;
                case YamlSequenceNode list when list.Children.All(item => item is YamlScalarNode):
                    Keep(key, string.Join(',', list.Children.Cast<YamlScalarNode>().Select(Plain)));
                    break;
                default:
                    _complaints.Add($"{source}: {key}: must be a plain value or a list of them");
                    break;
            }
        }
    }

    private void Keep(string key, string text)
    {
        if (!_settings.TryAdd(key, new Setting(source, key, text))) _complaints.Add($"{source}: {key}: is written twice");
    }

    /// <summary>`key:` and `key: ~` say nothing, as `key: ""` does.</summary>
    private static string Plain(YamlScalarNode scalar) =>
        scalar is { Style: ScalarStyle.Plain, Value: null or "~" or "null" } ? "" : scalar.Value?.Trim() ?? "";
}
