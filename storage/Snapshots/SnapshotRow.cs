using System.Collections.Immutable;
using PolyArb.Domain;
using PolyArb.Domain.Books;
using PolyArb.Domain.Risk;

namespace PolyArb.Storage;

/// <summary>One row of one of the snapshot tables.</summary>
public abstract record SnapshotRow(Instant At)
{
    /// <summary>Of `pnl_snapshots`.</summary>
    public sealed record Money(
        Instant At, TradingState State, Usd Cash, Usd? Equity, Usd Exposure, Usd Realized, Usd? Hourly, Usd? Daily, Usd? Drawdown, int OpenOrders,
        int UnresolvedOrders) : SnapshotRow(At);

    /// <summary>Of `latency_metrics`; microseconds.</summary>
    public sealed record Latency(Instant At, string Series, long Samples, long Mean, long P50, long P95, long P99) : SnapshotRow(At);

    /// <summary>Of `book_snapshots`; YES terms, the best level first.</summary>
    public sealed record Book(
        Instant At, MarketId Market, ConditionId Condition, string Life, string Proof, ImmutableArray<Level> Bids, ImmutableArray<Level> Asks) : SnapshotRow(At);
}
