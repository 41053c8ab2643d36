using System.Collections.Immutable;
using System.Text.Json;
using PolyArb.Domain.Edges;
using PolyArb.Domain.Journal;

namespace PolyArb.Domain.Replay;

/// <summary>
/// A backtest in figures, as scripts read them: names with underscores, money as decimal text, times in milliseconds, shares of a whole
/// as numbers of at most six decimals. What has nothing to be a share of is 0; the counts beside it tell.
/// </summary>
public sealed record BacktestMetrics
{
    /// <summary>Cash and what is held: complete baskets at payout, the rest at the last proven bid.</summary>
    public required Usd FinalEquity { get; init; }

    /// <summary>The farthest that equity ever fell below its highest before, in dollars, zero or more.</summary>
    public required Usd MaxDrawdown { get; init; }

    /// <summary>Of the baskets of <see cref="TradeCount"/>, those that made more than nothing.</summary>
    public required Share WinRate { get; init; }

    /// <summary>Baskets that have ended and of which at least one order matched.</summary>
    public required long TradeCount { get; init; }

    public required Usd Cash { get; init; }

    /// <summary>Dollars that came in through sells and settlements, less what those shares had cost.</summary>
    public required Usd RealizedPnl { get; init; }

    /// <summary>What the shares held are worth beyond their cost; with realized it is all the profit.</summary>
    public required Usd UnrealizedPnl { get; init; }

    /// <summary>Of the orders placed, those of which at least a part matched.</summary>
    public required Share FillRatio { get; init; }

    /// <summary>Of the orders placed, those that ended by our cancel or by their time.</summary>
    public required Share CancelRatio { get; init; }

    /// <summary>Of the orders placed, those the venue refused.</summary>
    public required Share RejectRatio { get; init; }

    /// <summary>Of the orders that matched, those that ended with less than they asked for.</summary>
    public required Share PartialFillFrequency { get; init; }

    public required EdgeKept EdgePredictedVsRealized { get; init; }

    /// <summary>At most a few thousand points, oldest first.</summary>
    public required ImmutableArray<EquityAt> EquityCurve { get; init; }

    /// <summary>Recorded inputs replayed.</summary>
    public required long Events { get; init; }

    /// <summary>Wall-clock time of the replay.</summary>
    public required double Seconds { get; init; }

    public required long EventsPerSecond { get; init; }

    /// <summary>Hash chain over every decision and the inputs it consumed: same input, same digest.</summary>
    public required string DecisionsDigest { get; init; }

    /// <summary>DEPLOY or NO-DEPLOY.</summary>
    public required string Verdict { get; init; }

    /// <summary>What speaks against it, a sentence each; empty for DEPLOY.</summary>
    public required ImmutableArray<string> Reasons { get; init; }

    /// <summary>The recording's file name.</summary>
    public required string Source { get; init; }

    public required ulong Seed { get; init; }

    /// <summary>Receive time of the first input, milliseconds of Unix time; to that of the last.</summary>
    public required long From { get; init; }

    public required long To { get; init; }

    /// <summary>How the venue was played.</summary>
    public required SortedDictionary<string, string> Models { get; init; }

    /// <summary>Parameters that differ from the configuration.</summary>
    public required SortedDictionary<string, string> Changes { get; init; }

    public required Usd InitialCapital { get; init; }

    /// <summary>Paid to the venue, contained in the profits.</summary>
    public required Usd Fees { get; init; }

    public required OrderCounts Orders { get; init; }

    /// <summary>Baskets sent, by how they ended; "open" for those that have not.</summary>
    public required SortedDictionary<string, long> Baskets { get; init; }

    public required SortedDictionary<string, long> Refusals { get; init; }

    /// <summary>Edges on books that could not be trusted, by cause; none of them was traded.</summary>
    public required SortedDictionary<string, long> Phantoms { get; init; }

    /// <summary>Of the recorded time, that in which books were whole: proven, where no proof is unchecked.</summary>
    public required Share Coverage { get; init; }

    public required ProofsMade Proofs { get; init; }

    /// <summary>Of simulated time, microseconds.</summary>
    public required ImmutableArray<LatencyRow> Latencies { get; init; }

    /// <summary>What would have been earned by acting later or smaller.</summary>
    public required ImmutableArray<CaptureCell> CaptureCurve { get; init; }

    public static BacktestMetrics Of(BacktestResult result, VerdictRules rules)
    {
        var (money, orders) = (result.Money, result.Orders);
        var traded = result.Baskets.Where(basket => basket.IsTraded).ToArray();
        var verdict = Replay.Verdict.Of(result, rules);
        return new BacktestMetrics
        {
            FinalEquity = money.Equity,
            MaxDrawdown = result.MaxDrawdown,
            WinRate = Part(traded.Count(basket => basket.Realized > Usd.Zero), traded.Length),
            TradeCount = traded.Length,
            Cash = money.Cash,
            RealizedPnl = money.Realized,
            UnrealizedPnl = money.Unrealized,
            FillRatio = Part(orders.Matched, orders.Placed),
            CancelRatio = Part(orders.Canceled, orders.Placed),
            RejectRatio = Part(orders.Rejected, orders.Placed),
            PartialFillFrequency = Part(orders.Partial, orders.Matched),
            EdgePredictedVsRealized = EdgeKept.Of(result.Baskets),
            EquityCurve = [.. result.Equity.Select(point => new EquityAt(point.At.Millis, point.Equity))],
            Events = result.Events,
            Seconds = result.Elapsed.TotalSeconds,
            EventsPerSecond = result.Elapsed > TimeSpan.Zero ? (long)(result.Events / result.Elapsed.TotalSeconds) : 0,
            DecisionsDigest = result.DecisionsDigest,
            Verdict = verdict.Word,
            Reasons = [.. verdict.Against.Select(check => check.Sentence)],
            Source = result.Header.Source,
            Seed = result.Header.Seed,
            From = result.Header.From.Millis,
            To = result.Header.To.Millis,
            Models = Named(result.Header.Models),
            Changes = Named(result.Header.Changes),
            InitialCapital = money.Initial,
            Fees = money.Fees,
            Orders = orders,
            Baskets = Counted(result.Baskets.GroupBy(basket => basket.End is { } end ? JsonNamingPolicy.SnakeCaseLower.ConvertName($"{end}") : "open")
                .Select(group => new CauseCount(group.Key, group.Count()))),
            Refusals = Counted(result.Refusals),
            Phantoms = Counted(result.Phantoms),
            Coverage = result.Coverage.Share ?? Share.Zero,
            Proofs = ProofsMade.Of(result.Coverage),
            Latencies = result.Latencies,
            CaptureCurve = result.Capture,
        };
    }

    /// <summary>The document of `--mode backtest`, on one line.</summary>
    public string ToJson() => JsonSerializer.Serialize(this, MetricsJson.Options);

    private static Share Part(long part, long whole) => Share.Of(part, whole) ?? Share.Zero;

    private static SortedDictionary<string, long> Counted(IEnumerable<CauseCount> causes) =>
        new(causes.GroupBy(cause => cause.Cause).ToDictionary(cause => cause.Key, cause => cause.Sum(count => count.Count)), StringComparer.Ordinal);

    /// <summary>The last one of a name, as with parameters that are set twice.</summary>
    private static SortedDictionary<string, string> Named(IEnumerable<NamedText> texts) =>
        new(texts.GroupBy(text => text.Name).ToDictionary(text => text.Key, text => text.Last().Text), StringComparer.Ordinal);
}
