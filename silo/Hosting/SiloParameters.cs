using System.Collections.Immutable;
using PolyArb.Config;
using PolyArb.Domain.Journal;
using PolyArb.Grains;
using PolyArb.Grains.Interfaces;

namespace PolyArb.Silo.Hosting;

/// <summary>
/// The parameters of this silo: as it started, as its configuration says since the last reload, and in force. Plans are made and put in
/// force one at a time, by the gateway.
/// </summary>
internal sealed class SiloParameters(Configuration configuration, RulesInForce rules) : IParameters
{
    private const string NotShown = "(not shown)";

    private PolyArbOptions _configured = configuration.Options;
    private volatile PolyArbOptions _inForce = configuration.Options;

    public PolyArbOptions InForce => _inForce;

    public ParameterPlan Set(ImmutableArray<ParameterWish> wishes) => Planned(_inForce.Set([.. wishes.Select(wish => (wish.Name, wish.Text))]), _configured, []);

    public ParameterPlan Reload()
    {
        switch (configuration.Reread?.Invoke())
        {
            case null:
                return new ParameterPlan.Refused(["reload: this silo was started without a configuration"]);
            case ConfigResult.Invalid(var lines):
                return new ParameterPlan.Refused(lines);
            case ConfigResult.Ok(var read, var secrets):
                return Planned(configuration.Options.With(read), read, NeedsRestart(read, secrets));
            default:
                throw new System.Diagnostics.UnreachableException();
        }
    }

    public ParameterPlan.Ready Restore(ImmutableArray<ParameterOverride> overrides)
    {
        var held = overrides.Where(StillHolds).ToArray();
        var options = Restored(held);
        var forgotten = overrides.Where(known => !StillHolds(known) || options.Parameters[known.Key].Text != known.Text); // Else what the file came round to would return when it is lowered again.
        return new ParameterPlan.Ready([.. forgotten.Select(Forgotten)], [], () => PutInForce(options, _configured));
    }

    public ImmutableArray<ParameterWish> Settable() =>
        [.. _inForce.Parameters.All.Where(parameter => parameter.IsSettable).Select(parameter => new ParameterWish(parameter.Key, parameter.Text))];

    /// <summary>
    /// Another silo's gateway decides what holds in the cluster. What this program does not know of it, being older or newer, it leaves as it is; a line
    /// for whatever else it cannot take.
    /// </summary>
    public ImmutableArray<string> Follow(ImmutableArray<ParameterWish> wishes)
    {
        var known = wishes.Where(wish => _inForce.Parameters.Find(wish.Name) is { IsSettable: true } ours && ours.Text != wish.Text).Select(wish => (wish.Name, wish.Text)).ToArray();
        if (known.Length == 0) return [];

        switch (_inForce.Set(known))
        {
            case SetResult.Refused(var lines):
                return lines;
            case SetResult.Changed(var next):
                PutInForce(next, _configured);
                return [];
            default:
                throw new System.Diagnostics.UnreachableException();
        }
    }

    /// <summary>The configuration says what it said when it was set, and it may still be changed.</summary>
    private bool StillHolds(ParameterOverride known) =>
        _configured.Parameters.Find(known.Key) is { IsSettable: true } parameter && parameter.Text == known.Configured;

    /// <summary>All together; those that do not fit what the configuration says of others by now are left out.</summary>
    private PolyArbOptions Restored(ParameterOverride[] held)
    {
        var start = configuration.Options.With(_configured) is SetResult.Changed(var configured) ? configured : configuration.Options;
        if (start.Set([.. held.Select(known => (known.Key, known.Text))]) is SetResult.Changed(var all)) return all;

        return held.Aggregate(start, (options, known) => options.Set(known.Key, known.Text) is SetResult.Changed(var more) ? more : options);
    }

    private ParameterChange Forgotten(ParameterOverride known)
    {
        var configured = _configured.Parameters.Find(known.Key)?.Text ?? known.Configured;
        return new ParameterChange(known.Key, known.Text, configured, configured);
    }

    private ParameterPlan Planned(SetResult result, PolyArbOptions configured, ImmutableArray<StartOnly> needsRestart) => result switch
    {
        SetResult.Refused(var lines) => new ParameterPlan.Refused(lines),
        SetResult.Changed(var next) => new ParameterPlan.Ready(ChangesTo(next, configured), needsRestart, () => PutInForce(next, configured)),
        _ => throw new System.Diagnostics.UnreachableException(),
    };

    /// <summary>What is another one then; and what is as it was, while the configuration has come round to it: nothing was set by hand any more.</summary>
    private ImmutableArray<ParameterChange> ChangesTo(PolyArbOptions next, PolyArbOptions configured) =>
    [
        .. from now in _inForce.Parameters.All
           let then = next.Parameters[now.Key].Text
           let said = configured.Parameters[now.Key].Text
           where now.IsSettable && (now.Text != then || (said == then && said != _configured.Parameters[now.Key].Text))
           select new ParameterChange(now.Key, now.Text, then, said),
    ];

    private ImmutableArray<StartOnly> NeedsRestart(PolyArbOptions read, Secrets secrets) =>
    [
        .. from started in configuration.Options.Parameters.All
           let said = read.Parameters[started.Key].Text
           where !started.IsSettable && started.Text != said
           select new StartOnly(started.Key, started.Text, said),
        .. configuration.Secrets is { } known ? secrets.DifferingFrom(known).Select(name => new StartOnly(name, NotShown, NotShown)) : [],
    ];

    private void PutInForce(PolyArbOptions next, PolyArbOptions configured)
    {
        (_inForce, _configured) = (next, configured);
        rules.Replace(configuration.Interpret(next));
    }
}
