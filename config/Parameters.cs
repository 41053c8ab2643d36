using System.Collections.Immutable;
using PolyArb.Domain.Names;

namespace PolyArb.Config;

/// <summary>Every parameter as it stands, in the order of config.yaml.</summary>
public sealed class Parameters
{
    public const string DefaultSource = "default";

    /// <summary>Longer than any key: what comes after it makes no key nearer.</summary>
    private const int WrittenMax = 80;

    private readonly Dictionary<string, Parameter> _byKey;

    internal Parameters(IEnumerable<Parameter> all)
    {
        All = [.. all];
        _byKey = All.ToDictionary(parameter => parameter.Key);
    }

    public ImmutableArray<Parameter> All { get; }

    public Parameter this[string key] => _byKey[key];

    /// <summary>By its key, or by its last part alone when that names only one: `min_edge_threshold`.</summary>
    public Parameter? Find(string name)
    {
        if (_byKey.TryGetValue(name, out var exact)) return exact;

        var named = All.Where(parameter => LastPart(parameter.Key) == name).ToArray();
        return named.Length == 1 ? named[0] : null;
    }

    /// <summary>What somebody who wrote an unknown key probably meant.</summary>
    internal string Nearest(string key)
    {
        var written = key.Length <= WrittenMax ? key : key[..WrittenMax];
        return All
            .Select(parameter => parameter.Key)
            .MinBy(known => int.Min(Distance(known, written), Distance(LastPart(known), LastPart(written)) + 1))!;
    }

    private static string LastPart(string key) => key[(key.LastIndexOf('.') + 1)..];

    private static int Distance(string one, string other) => EditDistance.Of(one, other, atMost: int.MaxValue)!.Value;
}
