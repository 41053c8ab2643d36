using PolyArb.Domain;
using PolyArb.Domain.Books;
using PolyArb.Domain.Edges;
using PolyArb.Domain.Orders;
using PolyArb.Domain.Replay;
using PolyArb.Grains;
using PolyArb.Grains.Interfaces;

namespace PolyArb.Silo.Demo;

/// <summary>What a demo came to; property names are the contract's.</summary>
internal sealed record DemoReport
{
    public required long Seed { get; init; }

    public required long Seconds { get; init; }

    public required long Frames { get; init; }

    public required long Events { get; init; }

    public required ProofReport Proofs { get; init; }

    public required SortedDictionary<string, long> Phantoms { get; init; }

    public required BasketReport Baskets { get; init; }

    public required OrderReport Orders { get; init; }

    public required int Fills { get; init; }

    /// <summary>What completed baskets pay for certain beyond what they cost.</summary>
    public required Usd LockedProfit { get; init; }

    public required Usd RealizedPnl { get; init; }

    public required Usd Equity { get; init; }

    public required string State { get; init; }

    public required bool LedgerMatchesVenue { get; init; }

    public required string DecisionsDigest { get; init; }

    public required Dictionary<string, PercentileReport> LatencyMicros { get; init; }

    public static DemoReport Of(
        long seed, TimeSpan length, long frames, IReadOnlyCollection<MarketView> markets, Status status, IReadOnlyCollection<BasketView> baskets,
        IReadOnlyCollection<OrderView> orders, int fills, bool matches, LatencyBook latencies, string? portfolio)
    {
        var proofs = markets.Aggregate(default(ProofCounts), (sum, market) => sum + market.Proofs);
        return new DemoReport
        {
            Seed = seed,
            Seconds = (long)length.TotalSeconds,
            Frames = frames,
            Events = markets.Sum(market => market.Events),
            Proofs = new ProofReport(proofs.Ok, proofs.Failed, proofs.Unknown),
            Phantoms = new(markets.SelectMany(market => market.Phantoms).GroupBy(cause => cause.Key).ToDictionary(cause => cause.Key, cause => cause.Sum(count => count.Value))),
            Baskets = new BasketReport(
                markets.Sum(market => market.Detected), baskets.Count, Ended(BasketEnd.Completed), Ended(BasketEnd.Unwound), Ended(BasketEnd.Held)),
            Orders = new OrderReport(
                orders.Count,
                orders.Count(order => order.Matched > Size.Zero),
                orders.Count(order => order.Status is OrderState.Canceled),
                orders.Count(order => order.Status is OrderState.Rejected),
                orders.Count(order => order.Status is OrderState.Unanswered or OrderState.InFlight or OrderState.Disputed)),
            Fills = fills,
            LockedProfit = new Usd(baskets.Where(basket => basket.State == nameof(BasketEnd.Completed)).Sum(basket => (basket.Earned ?? Usd.Zero).Micros)),
            RealizedPnl = status.RealizedPnl,
            Equity = status.Equity ?? status.Cash,
            State = status.State.ToString().ToUpperInvariant(),
            LedgerMatchesVenue = matches,
            DecisionsDigest = DecisionDigest.Combine(
                markets.Where(market => market.Digest.Length > 0).Select(market => KeyValuePair.Create(market.Id.Text, market.Digest)) // Those with a desk, as in a replay.
                    .Concat(portfolio is null ? [] : [KeyValuePair.Create(PortfolioChain.Owner, portfolio)])),
            LatencyMicros = Enum.GetValues<LatencySeries>().ToDictionary(
                series => char.ToLowerInvariant(series.ToString()[0]) + series.ToString()[1..],
                series => new PercentileReport(latencies.Percentiles(series).P50, latencies.Percentiles(series).P99)),
        };

        int Ended(BasketEnd end) => baskets.Count(basket => basket.State == end.ToString());
    }
}

internal sealed record ProofReport(long Ok, long Failed, long Unknown);

internal sealed record BasketReport(long Detected, int Sent, int Completed, int Unwound, int Held);

internal sealed record OrderReport(int Placed, int Filled, int Canceled, int Rejected, int Unresolved);

internal sealed record PercentileReport(long P50, long P99);
