using System.Collections.Immutable;

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

    /// <summary>How many letters must be inserted, deleted or replaced to make one out of the other.</summary>
    private static int Distance(string left, string right)
    {
        var previous = Enumerable.Range(0, right.Length + 1).ToArray();
        for (var i = 1; i <= left.Length; i++)
        {
            var current = new int[right.Length + 1];
            current[0] = i;
            for (var j = 1; j <= right.Length; j++)
            {
                var replaced = previous[j - 1] + (left[i - 1] == right[j - 1] ? 0 : 1);
                current[j] = int.Min(replaced, int.Min(previous[j], current[j - 1]) + 1);
            }

            previous = current;
        }

        return previous[right.Length];
    }
}
