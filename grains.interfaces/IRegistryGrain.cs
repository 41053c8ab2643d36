using System.Collections.Immutable;
using Orleans.Concurrency;
using PolyArb.Domain;

namespace PolyArb.Grains.Interfaces;

/// <summary>Which markets are traded. Remembers what the operator switched; calls nobody. Key 0.</summary>
[Alias("PolyArb.IRegistryGrain")]
public interface IRegistryGrain : IGrainWithIntegerKey, IRegistryControl
{
    /// <summary>What the catalogue lists now, and what configuration enables where nobody has switched.</summary>
    [Alias("Learn")]
    Task Learn([Immutable] ImmutableArray<MarketSummary> listed, bool enableAll, [Immutable] ImmutableArray<MarketId> seeds);

    [Alias("Enabled")]
    Task<ImmutableArray<MarketId>> Enabled();

    /// <summary>By market or condition id; nothing changes when one of them is unknown. Operators come through the gateway, which writes down who it was.</summary>
    [Alias("Switch")]
    Task<SwitchAnswer> Switch(ImmutableArray<string> ids, bool on, string by);
}

/// <summary>The operator's view of the registry.</summary>
[Alias("PolyArb.IRegistryControl")]
public interface IRegistryControl : IGrainWithIntegerKey
{
    [ReadOnly, AlwaysInterleave, Alias("List")]
    Task<ImmutableArray<MarketLine>> List();
}

/// <param name="Reason">What of it is not traded, and why; empty when nothing is in the way.</param>
public sealed record MarketSummary(MarketId Id, string Title, ImmutableArray<ConditionId> Conditions, bool IsTradable, string Reason);

/// <param name="Why">It is on or off.</param>
/// <param name="Reason">What of it is not traded although it is on, or could not be.</param>
public sealed record MarketLine(MarketId Id, string Title, int Conditions, bool IsTradable, bool IsEnabled, string Why, string Reason);

/// <param name="Unknown">Ids the catalogue does not list; nothing was switched then.</param>
/// <param name="Unwritten">Why the journal did not take who switched; empty when it did.</param>
public sealed record SwitchAnswer(ImmutableArray<MarketId> Switched, ImmutableArray<string> Unknown, string Unwritten = "");
