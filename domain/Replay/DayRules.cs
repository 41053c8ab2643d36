using System.Collections.Immutable;
using PolyArb.Domain.Edges;
using PolyArb.Domain.Orders;
using PolyArb.Domain.Risk;
using PolyArb.Domain.Simulation;

namespace PolyArb.Domain.Replay;

/// <summary>By what rules a simulated day is traded: those of the configuration, and the venue that is assumed.</summary>
public sealed record DayRules
{
    public required EdgePolicy Edge { get; init; }

    public required RiskLimits Risk { get; init; }

    public required BreakerPolicy Breakers { get; init; }

    public required RestingRules Resting { get; init; }

    public required FlattenRules Flatten { get; init; }

    /// <summary>Which baskets are the same wish twice.</summary>
    public required IntentMatcher SameIntent { get; init; }

    /// <summary>Fewest shares that are worth a merge or conversion.</summary>
    public required Size SettleMin { get; init; }

    public required VenueRules Venue { get; init; }

    /// <summary>Dollars at the beginning.</summary>
    public required Usd Capital { get; init; }

    /// <summary>Of every random draw.</summary>
    public required ulong Seed { get; init; }

    /// <summary>Our own orders of the recording, which get again what they got; none: the model decides about every order.</summary>
    public ImmutableArray<RecordedOrder> RecordedOrders { get; init; } = [];
}
