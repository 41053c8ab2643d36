using PolyArb.Domain;
using PolyArb.Domain.Books;
using PolyArb.Domain.Edges;
using PolyArb.Domain.Guards;
using PolyArb.Domain.Replay;

namespace PolyArb.Tests.Domain;

/// <summary>What simulated days came to, made by hand.</summary>
internal static class SimulatedDays
{
    public static readonly Instant Midnight = Instant.From(new DateTimeOffset(2026, 3, 1, 0, 0, 0, TimeSpan.Zero));
    public static readonly MarketId Cup = new("0xcup");

    /// <summary>A day that meets every check of <see cref="VerdictRules"/>: forty baskets, 75 of 80 cents kept each, $30 made.</summary>
    public static BacktestResult Good => new()
    {
        Header = new BacktestHeader(
            "events.db", 7, Midnight, Midnight + TimeSpan.FromHours(24),
            [new("queue", "risk-averse"), new("latency out", "40 ms")], [new("min_edge_threshold", "0.02")]),
        Events = 1_000_000,
        Elapsed = TimeSpan.FromSeconds(2),
        DecisionsDigest = new string('a', 64),
        Money = new BacktestMoney(Usd.Dollars(10_000), Usd.Dollars(8_000), Usd.Dollars(10), Usd.Dollars(2_010), Usd.Dollars(2_030), Usd.Dollars(1)),
        Orders = new OrderCounts(Placed: 100, Matched: 80, Partial: 20, Canceled: 15, Rejected: 5),
        Equity =
        [
            new(Midnight, Usd.Dollars(10_000)),
            new(Midnight + TimeSpan.FromHours(6), Usd.Dollars(10_040)),
            new(Midnight + TimeSpan.FromHours(12), Usd.Dollars(9_990)),
            new(Midnight + TimeSpan.FromHours(24), Usd.Dollars(10_030)),
        ],
        MaxDrawdown = Usd.Dollars(50),
        Markets = [new MarketRow(Cup, "Who wins the cup?", 1_000_000, 60, Covered(96))],
        Baskets = [.. Enumerable.Range(0, 40).Select(number => Basket(number))],
        Refusals = [new("MarketBusy", 12), new("NotEnoughCash", 3)],
        Phantoms = [new("crossed", 9, TimeSpan.FromMilliseconds(1_250)), new("skew", 4)],
        Latencies = [new("send_to_ack", 100, 80_000, 95_000, 120_000, 81_500)],
        Capture =
        [
            new(0, Size.Shares(100), 60, Usd.Dollars(45)), new(0, Size.Shares(20), 60, Usd.Dollars(12)),
            new(500, Size.Shares(100), 31, Usd.Dollars(14)), new(500, Size.Shares(20), 31, Usd.Dollars(4)),
            new(5_000, Size.Shares(100), 2, -Usd.Dollars(1)), new(5_000, Size.Shares(20), 2, Usd.Zero),
        ],
        Coverage = Covered(96),
    };

    /// <summary>Nothing but the recording: what a quiet hour comes to.</summary>
    public static BacktestResult Quiet => Good with
    {
        Header = Good.Header with { To = Midnight + TimeSpan.FromHours(1), Changes = [] },
        Money = new BacktestMoney(Usd.Dollars(10_000), Usd.Dollars(10_000), Usd.Zero, Usd.Zero, Usd.Zero, Usd.Zero),
        Orders = new OrderCounts(0, 0, 0, 0, 0),
        Equity = [],
        MaxDrawdown = Usd.Zero,
        Baskets = [],
        Refusals = [],
        Phantoms = [],
        Latencies = [],
        Capture = [],
    };

    public static BasketRow Basket(
        int number = 0, long predictedCents = 80, long? realizedCents = 75, BasketEnd? end = BasketEnd.Completed, BasketStyle style = BasketStyle.Taker) =>
        new(
            new BasketId($"b{number}"), Cup, BasketKind.No, style, Midnight + TimeSpan.FromMinutes(30 * number), Size.Shares(20),
            Usd.Cents(predictedCents), realizedCents is { } cents ? Usd.Cents(cents) : null, end,
            end is null or BasketEnd.Unfilled ? null : new JudgedBasket(Usd.Cents(predictedCents), Usd.Cents(realizedCents ?? 0)));

    public static Coverage Covered(int percent) => new(
        TimeSpan.FromHours(100), TimeSpan.FromHours(percent), new ProofCounts(900, 3, 1), percent < 100 ? [new("socket closed", 2, TimeSpan.FromHours(4))] : []);
}
