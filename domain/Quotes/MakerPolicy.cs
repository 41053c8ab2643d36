using System.Collections.Immutable;

namespace PolyArb.Domain.Quotes;

/// <summary>How quotes are made and kept; the edge they must leave is the edge policy's.</summary>
public sealed record MakerPolicy
{
    /// <summary>Neg-risk market ids or condition ids that are quoted; empty: all.</summary>
    public required ImmutableArray<MarketId> Markets { get; init; }

    /// <summary>Shares bid for on each side; a market whose minimum is larger is not quoted.</summary>
    public required Size Size { get; init; }

    /// <summary>Ticks by which a quote may stand above the best bid; 0 joins it.</summary>
    public required int ImproveTicks { get; init; }

    /// <summary>Ticks off the bid for what we hold more of, for each <see cref="Size"/> of the difference.</summary>
    public required int SkewTicks { get; init; }

    /// <summary>A condition of which we hold so many shares more of one token than of the other is not quoted.</summary>
    public required Size MaxInventory { get; init; }

    /// <summary>An order is neither replaced nor sent again before it.</summary>
    public required TimeSpan MinLifetime { get; init; }

    public bool Covers(MarketId market, ConditionId condition) =>
        Markets.IsEmpty || Markets.Contains(market) || Markets.Contains(new MarketId(condition.Text));
}
