using System.Collections.Immutable;
using Orleans.Concurrency;
using PolyArb.Domain;
using PolyArb.Domain.Names;

namespace PolyArb.Grains.Interfaces;

/// <summary>Which markets are traded. Remembers what the operator switched; calls nobody. Key 0.</summary>
[Alias("PolyArb.IRegistryGrain")]
public interface IRegistryGrain : IGrainWithIntegerKey, IRegistryControl
{
    /// <summary>What the catalogue lists now, and what configuration enables where nobody has switched.</summary>
    [Alias("Learn")]
    Task Learn([Immutable] ImmutableArray<MarketSummary> listed, bool enableAll, [Immutable] ImmutableArray<MarketId> seeds);

    /// <summary>Null until it has learned what is listed: it may be a new one, and a market it does not know is not one that was switched off.</summary>
    [Alias("EnabledOnceLearned")]
    Task<ImmutableArray<MarketId>?> Enabled();

    /// <summary>By market or condition id; nothing changes when one of them is unknown. Operators come through the gateway, which writes down who it was.</summary>
    [Alias("Switch")]
    Task<SwitchAnswer> Switch(ImmutableArray<string> ids, bool on, string by);
}

/// <summary>The operator's view of the registry.</summary>
[Alias("PolyArb.IRegistryControl")]
public interface IRegistryControl : IGrainWithIntegerKey
{
    [ReadOnly, AlwaysInterleave, ResponseTimeout(AskedAnew.After), Alias("List")]
    Task<ImmutableArray<MarketLine>> List();

    /// <summary>By id, condition, slug, question or event, in any case; else what has that in its name; else what is nearest.</summary>
    [ReadOnly, AlwaysInterleave, ResponseTimeout(AskedAnew.After), Alias("Find")]
    Task<MarketMatch> Find(string name);
}

/// <param name="IsExact">What was found is called exactly so; else the name is a part of theirs.</param>
/// <param name="Found">Several when several are called so; none when nothing is.</param>
/// <param name="Nearest">Names that may have been meant, where nothing was found.</param>
public sealed record MarketMatch(bool IsExact, ImmutableArray<MarketHit> Found, ImmutableArray<string> Nearest);

/// <param name="Name">By which it was found.</param>
/// <param name="Condition">Which of its conditions is called so; null for all of it.</param>
public sealed record MarketHit(MarketLine Market, string Name, ConditionId? Condition);

/// <param name="Reason">What of it is not traded, and why; empty when nothing is in the way.</param>
public sealed record MarketSummary(MarketId Id, string Title, ImmutableArray<ConditionId> Conditions, bool IsTradable, string Reason)
{
    /// <summary>What else it may be called by.</summary>
    public ImmutableArray<MarketName> Names { get; init; } = [];
}

/// <param name="Why">It is on or off.</param>
/// <param name="Reason">What of it is not traded although it is on, or could not be.</param>
public sealed record MarketLine(MarketId Id, string Title, int Conditions, bool IsTradable, bool IsEnabled, string Why, string Reason);

/// <param name="Unknown">Ids the catalogue does not list; nothing was switched then.</param>
/// <param name="Unwritten">Why the journal did not take who switched; empty when it did.</param>
public sealed record SwitchAnswer(ImmutableArray<MarketId> Switched, ImmutableArray<string> Unknown, string Unwritten = "");
