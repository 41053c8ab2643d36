using System.Collections.Immutable;

namespace PolyArb.Domain.Journal;

/// <summary>One parameter that is another one now; the values in their plain form.</summary>
/// <param name="Key">Section and name, as in config.yaml.</param>
/// <param name="Configured">What the configuration says of it. A new value that differs from this holds over restarts, as long as this stands there.</param>
public sealed record ParameterChange(string Key, string Old, string New, string Configured)
{
    public override string ToString() => Old == New ? $"{Key} {New}, no longer set by hand" : $"{Key} {Old} -> {New}";
}

/// <summary>A value that stands in place of the configuration's.</summary>
/// <param name="Configured">What the configuration said then.</param>
public sealed record ParameterOverride(string Key, string Text, string Configured, string By, Instant At);

/// <summary>What was set by hand and still holds, made from facts; in the order in which it was first set.</summary>
public sealed class Overrides
{
    private readonly List<ParameterOverride> _all = [];

    public ImmutableArray<ParameterOverride> All => [.. _all];

    /// <summary>Total. A value that is the configuration's own is no override any more.</summary>
    public void Apply(Fact.ParametersChanged changed)
    {
        foreach (var change in changed.Changes.IsDefault ? [] : changed.Changes)
        {
            var at = _all.FindIndex(known => known.Key == change.Key);
            var next = new ParameterOverride(change.Key, change.New, change.Configured, changed.By, changed.At);
            if (at >= 0 && change.New == change.Configured) _all.RemoveAt(at);
            else if (at >= 0) _all[at] = next;
            else if (change.New != change.Configured) _all.Add(next);
        }
    }
}
