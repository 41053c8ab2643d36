using System.Collections.Immutable;
using System.Text.Json.Serialization;
using PolyArb.Domain.Books;
using PolyArb.Domain.Edges;
using PolyArb.Domain.Guards;

namespace PolyArb.Domain.Replay;

/// <summary>What a simulated day came to, all in integers. Metrics, verdict and report are made from this and nothing else.</summary>
public sealed record BacktestResult
{
    public required BacktestHeader Header { get; init; }

    /// <summary>Recorded inputs replayed.</summary>
    public required long Events { get; init; }

    /// <summary>Wall-clock time the replay took. The one figure that differs between two runs of the same input.</summary>
    public TimeSpan Elapsed { get; init; }

    /// <summary>Hash chain over every decision and the inputs it consumed, 64 hex digits.</summary>
    public required string DecisionsDigest { get; init; }

    public required BacktestMoney Money { get; init; }

    public required OrderCounts Orders { get; init; }

    /// <summary>Equity over recorded time, oldest first; see <see cref="EquityCurve"/>.</summary>
    public ImmutableArray<CurvePoint> Equity { get; init; } = [];

    /// <summary>The farthest that equity ever fell below its highest before, zero or more; of every change, not of the points above.</summary>
    public required Usd MaxDrawdown { get; init; }

    public ImmutableArray<MarketRow> Markets { get; init; } = [];

    /// <summary>Every basket that was approved and sent, in the order of approval.</summary>
    public ImmutableArray<BasketRow> Baskets { get; init; } = [];

    /// <summary>Baskets that risk did not approve, by reason.</summary>
    public ImmutableArray<CauseCount> Refusals { get; init; } = [];

    /// <summary>Edges on books that could not be trusted, by cause.</summary>
    public ImmutableArray<CauseCount> Phantoms { get; init; } = [];

    public ImmutableArray<LatencyRow> Latencies { get; init; } = [];

    /// <summary>What would have been earned by reacting later or being allowed less, one cell for each delay and size. Empty: not measured.</summary>
    public ImmutableArray<CaptureCell> Capture { get; init; } = [];

    public required Coverage Coverage { get; init; }

    /// <summary>Null, or what ended the day's trading: a breaker that tripped. Nothing was opened after it.</summary>
    public DayStop? Stop { get; init; }
}

/// <summary>Why trading stopped, and when.</summary>
public sealed record DayStop(Instant At, string Why);

/// <summary>What was replayed, and by which assumptions.</summary>
/// <param name="Source">The recording's file name.</param>
/// <param name="Seed">Of every random draw.</param>
/// <param name="From">Receive time of the first input; to that of the last.</param>
/// <param name="Models">How the venue was played, one assumption a row: "queue" and "risk-averse".</param>
/// <param name="Changes">Parameters that differ from the configuration, as they were asked for.</param>
public sealed record BacktestHeader(
    string Source, ulong Seed, Instant From, Instant To, ImmutableArray<NamedText> Models, ImmutableArray<NamedText> Changes);

public sealed record NamedText(string Name, string Text);

/// <summary>Where the money stands at the end. Cash and the cost of what is held are always the capital and what was realized.</summary>
/// <param name="Initial">Capital at the beginning.</param>
/// <param name="Realized">Dollars that came in through sells and settlements, less what those shares had cost.</param>
/// <param name="HeldCost">What the shares still held cost, fees included.</param>
/// <param name="HeldWorth">What they are worth: complete baskets at payout, the rest at the last proven bid.</param>
/// <param name="Fees">Paid to the venue; contained in cost and realized.</param>
/// <param name="IsWhole">False: something held has no proven bid and counts at what it cost.</param>
public sealed record BacktestMoney(Usd Initial, Usd Cash, Usd Realized, Usd HeldCost, Usd HeldWorth, Usd Fees, bool IsWhole = true)
{
    [JsonIgnore]
    public Usd Equity => Cash + HeldWorth;

    [JsonIgnore]
    public Usd Profit => Equity - Initial;

    /// <summary>What the shares held are worth beyond their cost.</summary>
    [JsonIgnore]
    public Usd Unrealized => HeldWorth - HeldCost;
}

/// <summary>Orders by what came of them.</summary>
/// <param name="Placed">Arrived at the venue, whatever it answered.</param>
/// <param name="Matched">At least one share of it matched and did not fail.</param>
/// <param name="Partial">Ended with some of what it asked for, and not all.</param>
/// <param name="Canceled">Ended by our cancel or by its time, whatever had matched before.</param>
/// <param name="Rejected">The venue refused it.</param>
/// <param name="FailedTrades">Trades that matched and failed to settle.</param>
public sealed record OrderCounts(long Placed, long Matched, long Partial, long Canceled, long Rejected, long FailedTrades = 0);

public sealed record CurvePoint(Instant At, Usd Equity);

/// <summary>One market's part. What its baskets came to is in their rows.</summary>
/// <param name="Events">Book updates of it.</param>
/// <param name="Detected">Edges that its desk proposed, approved or not.</param>
/// <param name="Coverage">Of its conditions.</param>
public sealed record MarketRow(MarketId Market, string Title, long Events, long Detected, Coverage Coverage);

/// <summary>A basket that was sent.</summary>
/// <param name="Quantity">Complete baskets expected.</param>
/// <param name="Predicted">Dollars it was expected to earn at the least when it was decided.</param>
/// <param name="Realized">Dollars it made for certain, what was left over counted as nothing; null while it is open.</param>
/// <param name="End">Null while it is open.</param>
/// <param name="Judged">What a running bot's guards learn from it; null while it is open and where there is nothing to learn.</param>
public sealed record BasketRow(
    BasketId Id, MarketId Market, BasketKind Kind, BasketStyle Style, Instant SeenAt, Size Quantity, Usd Predicted, Usd? Realized, BasketEnd? End,
    JudgedBasket? Judged = null)
{
    /// <summary>It has ended, and something of it was filled.</summary>
    [JsonIgnore]
    public bool IsTraded => End is not null and not BasketEnd.Unfilled;
}

/// <summary>How often something happened for one reason.</summary>
/// <param name="Lasted">How long all of them together; zero where that means nothing.</param>
public sealed record CauseCount(string Cause, long Count, TimeSpan Lasted = default);

/// <summary>Quantiles of one latency in microseconds of simulated time.</summary>
/// <param name="Series">One of the four: "ws_recv_to_decision", "decision_to_send", "send_to_ack", "ack_to_fill".</param>
public sealed record LatencyRow(string Series, long Samples, long P50Micros, long P95Micros, long P99Micros, long MeanMicros);

/// <summary>One answer to: what if we had been slower, or smaller.</summary>
/// <param name="DelayMs">How much later than at once the bot would have acted.</param>
/// <param name="SizeMax">Shares a basket could have had at the most.</param>
/// <param name="Baskets">Edges still there by then.</param>
/// <param name="Earned">Dollars those would have made.</param>
public sealed record CaptureCell(int DelayMs, Size SizeMax, long Baskets, Usd Earned);

/// <summary>How much of the recorded time can be believed.</summary>
/// <param name="Watched">Recorded time, added up over conditions.</param>
/// <param name="Whole">The part of it in which the condition's book was whole: synced, nothing missed, and the last hash that was compared fitted.</param>
/// <param name="Proofs">Hashes that were compared with the book, by what came of it.</param>
/// <param name="Gaps">By cause.</param>
/// <param name="Unchecked">Changes of books whose hash nobody compared, for nothing was to be traded on them (`proof.check: before_trade`).</param>
public sealed record Coverage(TimeSpan Watched, TimeSpan Whole, ProofCounts Proofs, ImmutableArray<CauseCount> Gaps, long Unchecked = 0)
{
    /// <summary>Every change was compared, so a whole book was a proven one. Else a book counts as whole until somebody looks and finds that it is not.</summary>
    [JsonIgnore]
    public bool IsProven => Unchecked == 0;

    /// <summary>Null when nothing was watched.</summary>
    [JsonIgnore]
    public Share? Share => Domain.Share.Of(Whole.Ticks, Watched.Ticks);
}
