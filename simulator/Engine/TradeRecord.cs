using PolyArb.Simulator.World;

namespace PolyArb.Simulator.Engine;

/// <summary>A maker's leg of a trade: micro-shares at the price of the maker's OWN token.</summary>
internal readonly record struct TradeLeg(BookOrder Maker, long Shares, int Price);

/// <summary>
/// One taker execution with all its maker legs (protocol 5.2). Sizes in micro-shares, fee in micros of pUSD, times in Unix
/// milliseconds.
/// </summary>
internal sealed class TradeRecord(string id, string transaction, BookOrder taker, MatchPlan plan, long matchedAt)
{
    public string Id { get; } = id;

    /// <summary>The settlement transaction; the trade shows it once the chain has it, also when it failed there.</summary>
    public string Transaction { get; } = transaction;

    public BookOrder Taker { get; } = taker;
    public Condition Condition => Taker.Condition;
    public IReadOnlyList<TradeLeg> Legs { get; } = [.. plan.Legs.Select(l => new TradeLeg(l.Maker, l.Shares, OwnPrice(l)))];
    public long Shares { get; } = plan.Shares;

    /// <summary>What the taker paid or got before the fee.</summary>
    public long Cash { get; } = plan.Cash;

    public long Fee { get; } = plan.Fee;

    /// <summary>Every change of an account that the trade is.</summary>
    public IReadOnlyList<Movement> Moves { get; } = Movement.Of(taker, plan);

    /// <summary>Pairs that the trade makes, less those that it merges away.</summary>
    public long Minted { get; } = plan.Legs.Sum(l => l.Kind switch { LegKind.Mint => l.Shares, LegKind.Merge => -l.Shares, _ => 0 });

    public long MatchedAt { get; } = matchedAt;
    public long UpdatedAt { get; set; } = matchedAt;
    public string Status { get; set; } = TradeStatus.Matched;

    /// <summary>The taker's average price in millionths of a pUSD: exact when all makers stood at one price, else rounded half up.</summary>
    public long AveragePrice { get; } = Average(plan);

    /// <summary>The transaction as far as the chain knows it.</summary>
    public string? KnownTransaction => Status is TradeStatus.Matched or TradeStatus.Retrying ? null : Transaction;

    private static int OwnPrice(MatchLeg leg) => leg.Kind is LegKind.Complementary ? leg.Price : Units.PriceOne - leg.Price;

    private static long Average(MatchPlan plan)
    {
        var weighted = plan.Legs.Aggregate(Int128.Zero, (sum, leg) => sum + (Int128)leg.Shares * leg.Price * 100);
        return (long)((2 * weighted + plan.Shares) / (2 * (Int128)plan.Shares));
    }
}
