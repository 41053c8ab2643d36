using System.Globalization;
using YamlDotNet.Core;
using YamlDotNet.RepresentationModel;

namespace PolyArb.Simulator.Faults;

/// <summary>One line of a plan. Times in milliseconds, the first since the plan was loaded.</summary>
/// <param name="EveryMs">Between two times; 0 for all of <paramref name="Count"/> at once.</param>
/// <param name="Count">How many times; 0 for ever.</param>
/// <param name="Token">Both tokens of its condition are meant. Null means every condition, or one drawn by the plan's seed where only one can be.</param>
internal sealed record Fault(FaultKind Kind, long AtMs, long EveryMs, int Count, string? Token, long DurationMs);

/// <summary>
/// What is to go wrong, and when. Read from YAML; JSON is the same language (contract: `{seed, faults:[{kind, atMs, everyMs, count, token,
/// durationMs}]}`).
/// </summary>
internal sealed record FaultPlan(ulong Seed, IReadOnlyList<Fault> Faults)
{
    private static readonly string[] RootKeys = ["seed", "faults"];
    private static readonly string[] FaultKeys = ["kind", "atMs", "everyMs", "count", "token", "durationMs"];

    /// <summary>Throws <see cref="FormatException"/> with one line that says where, what, and what is legal.</summary>
    public static FaultPlan Read(string text)
    {
        var yaml = new YamlStream();
        try
        {
            yaml.Load(new StringReader(text));
        }
        catch (YamlException e)
        {
            throw new FormatException($"line {e.Start.Line}: neither YAML nor JSON: {e.Message.ReplaceLineEndings(" ")}");
        }

        if (yaml.Documents is not [{ RootNode: YamlMappingNode root }]) throw new FormatException("a fault plan is one mapping with the keys seed and faults");

        Known(root, "", RootKeys);
        if (Child(root, "faults") is not YamlSequenceNode list) throw Wrong(root, "faults", "a list of faults");

        return new FaultPlan(
            (ulong)Number(root, "seed", "", missing: 1),
            [.. list.Children.Select((node, index) => ReadOne(node, string.Create(CultureInfo.InvariantCulture, $"faults[{index}].")))]);
    }

    private static Fault ReadOne(YamlNode node, string path)
    {
        if (node is not YamlMappingNode fault) throw Wrong(node, path.TrimEnd('.'), "a mapping");

        Known(fault, path, FaultKeys);
        if (!FaultKinds.TryParse(Text(fault, "kind"), out var kind)) throw Wrong(fault, path + "kind", "one of " + string.Join(", ", FaultKinds.Names));

        var every = Number(fault, "everyMs", path, missing: 0);
        return new Fault(
            kind,
            Number(fault, "atMs", path, missing: 0),
            every,
            checked((int)Number(fault, "count", path, missing: every == 0 ? 1 : 0)) is var count && (count > 0 || every > 0)
                ? count
                : throw Wrong(fault, path + "count", "1 or more when everyMs is 0"),
            Text(fault, "token"),
            Number(fault, "durationMs", path, kind.UsualDurationMs()));
    }

    private static void Known(YamlMappingNode mapping, string path, string[] keys)
    {
        foreach (var name in mapping.Children.Keys)
        {
            var key = (name as YamlScalarNode)?.Value ?? "";
            if (!keys.Contains(key)) throw new FormatException($"line {name.Start.Line}: {path}{key}: unknown; the keys are {string.Join(", ", keys)}");
        }
    }

    private static YamlNode? Child(YamlMappingNode mapping, string key) =>
        mapping.Children.TryGetValue(new YamlScalarNode(key), out var node) ? node : null;

    private static string? Text(YamlMappingNode mapping, string key) => Child(mapping, key) switch
    {
        YamlScalarNode { Value: { Length: > 0 } text } and not { Value: "null" or "~" } => text,
        _ => null,
    };

    private static long Number(YamlMappingNode mapping, string key, string path, long missing)
    {
        if (Child(mapping, key) is not { } node || Text(mapping, key) is null && node is YamlScalarNode) return missing;

        return node is YamlScalarNode scalar && long.TryParse(scalar.Value, NumberStyles.None, CultureInfo.InvariantCulture, out var number) && number <= int.MaxValue
            ? number
            : throw Wrong(node, path + key, "a whole number from 0 to 2147483647");
    }

    private static FormatException Wrong(YamlNode at, string path, string legal) => new($"line {at.Start.Line}: {path}: must be {legal}");
}
