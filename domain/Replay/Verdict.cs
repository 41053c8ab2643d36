using System.Collections.Immutable;
using System.Globalization;
using PolyArb.Domain.Edges;

namespace PolyArb.Domain.Replay;

/// <summary>One thing a day must show, and whether it did.</summary>
/// <param name="Name">What is asked, in a few words.</param>
/// <param name="Found">What the day showed.</param>
/// <param name="Needed">What it should have.</param>
public sealed record VerdictCheck(string Name, bool IsMet, string Found, string Needed)
{
    public string Sentence => $"{Name}: {Found}; needed: {Needed}";
}

/// <summary>Whether what was simulated should be let loose on real money. Every check must be met; what was not measured is not met.</summary>
public sealed record Verdict(ImmutableArray<VerdictCheck> Checks)
{
    public bool IsDeploy => Checks.All(check => check.IsMet);

    public string Word => IsDeploy ? "DEPLOY" : "NO-DEPLOY";

    public IEnumerable<VerdictCheck> Against => Checks.Where(check => !check.IsMet);

    public static Verdict Of(BacktestResult result, VerdictRules rules) => new(
    [
        Length(result, rules),
        Coverage(result, rules),
        Baskets(result, rules),
        Profit(result),
        Luck(result),
        Kept(result, rules),
        Completed(result, rules),
        Filled(result, rules),
        Rejected(result, rules),
        Drawdown(result, rules),
        Late(result, rules),
        Worth(result),
    ]);

    private static VerdictCheck Length(BacktestResult result, VerdictRules rules)
    {
        var length = result.Header.To - result.Header.From;
        return new("Recorded time", length >= rules.LengthMin, Hours(length), $"at least {Hours(rules.LengthMin)}");
    }

    /// <summary>Only what was compared all along is called proven.</summary>
    private static VerdictCheck Coverage(BacktestResult result, VerdictRules rules)
    {
        var coverage = result.Coverage;
        var name = coverage.IsProven ? "Time with proven books" : "Time with whole books, proven only before trades";
        var check = AtLeast(name, coverage.Share, rules.CoverageMin, "nothing was watched");
        return coverage.IsProven
            ? check
            : check with { Found = $"{check.Found} ({Count(coverage.Proofs.Ok)} proofs held, {Count(coverage.Proofs.Failed)} failed, {Count(coverage.Unchecked)} changes were not compared)" };
    }

    private static VerdictCheck Baskets(BacktestResult result, VerdictRules rules)
    {
        var traded = result.Baskets.Count(basket => basket.IsTraded);
        return new("Baskets that traded", traded >= rules.BasketsMin, Count(traded), $"at least {Count(rules.BasketsMin)}");
    }

    private static VerdictCheck Profit(BacktestResult result) =>
        new("Profit", result.Money.Profit > Usd.Zero, Dollars(result.Money.Profit), "more than nothing");

    /// <summary>One lucky basket proves nothing.</summary>
    private static VerdictCheck Luck(BacktestResult result)
    {
        var made = result.Baskets.Where(basket => basket.IsTraded).Select(basket => (basket.Realized ?? Usd.Zero).Micros).ToArray();
        var rest = new Usd(made.Sum() - made.DefaultIfEmpty().Max());
        return new("Made without the best basket", rest > Usd.Zero, Dollars(rest), "more than nothing");
    }

    /// <summary>As a running bot judges a market: what was not filled is not asked of here.</summary>
    private static VerdictCheck Kept(BacktestResult result, VerdictRules rules) => AtLeast(
        "Realized of the edge predicted", EdgeKept.AsJudged(result.Baskets).Ratio, rules.KeptMin, "no basket has ended of which something was filled");

    private static VerdictCheck Completed(BacktestResult result, VerdictRules rules)
    {
        var traded = result.Baskets.Where(basket => basket.IsTraded).ToArray();
        return AtLeast(
            "Baskets that ended complete", Share.Of(traded.Count(basket => basket.End is BasketEnd.Completed), traded.Length), rules.CompletedMin, "no basket traded");
    }

    /// <summary>Resting orders are not judged by it: most of them are replaced before anybody takes them.</summary>
    private static VerdictCheck Filled(BacktestResult result, VerdictRules rules)
    {
        const string Name = "Taker baskets that something was filled of";
        var ended = result.Baskets.Where(basket => basket is { Style: BasketStyle.Taker, End: not null }).ToArray();
        if (ended.Length == 0 && result.Baskets.Any(basket => basket.IsTraded)) return new(Name, true, "only resting orders were used", "not asked of them");

        return AtLeast(Name, Share.Of(ended.Count(basket => basket.IsTraded), ended.Length), rules.FilledMin, "no taker basket has ended");
    }

    private static VerdictCheck Rejected(BacktestResult result, VerdictRules rules)
    {
        var share = Share.Of(result.Orders.Rejected, result.Orders.Placed);
        return new("Orders refused by the venue", share <= rules.RejectedMax, AtMost(share, "no order was placed"), $"at most {Percent(rules.RejectedMax)}");
    }

    private static VerdictCheck Drawdown(BacktestResult result, VerdictRules rules)
    {
        var share = Share.Of(result.MaxDrawdown.Micros, result.Money.Initial.Micros);
        return new(
            "Largest drawdown", share <= rules.DrawdownMax,
            $"{Dollars(result.MaxDrawdown)}, {AtMost(share, "of no capital")} of the capital", $"at most {Percent(rules.DrawdownMax)}");
    }

    /// <summary>By size, for what a small basket keeps says nothing of a large one. An edge that is gone earns nothing and loses nothing.</summary>
    private static VerdictCheck Late(BacktestResult result, VerdictRules rules)
    {
        var name = $"Earned by acting up to {rules.DelayMsMax} ms late, at worst";
        var needed = $"at least {Percent(rules.LateMin)} of what acting at once would have";
        var cells = result.Capture.Where(cell => cell.DelayMs <= rules.DelayMsMax).Select(cell => (Cell: cell, AtOnce: AtOnce(result, cell.SizeMax))).ToArray();
        if (cells.Length == 0) return new(name, false, "not measured", needed);

        var (worst, atOnce) = cells.MinBy(late => (Share.Of(late.Cell.Earned.Micros, late.AtOnce.Micros), late.Cell.Earned));
        var left = Share.Of(worst.Earned.Micros, atOnce.Micros);
        return new(
            name, left >= rules.LateMin,
            $"{(left is { } known ? Percent(known) : "nothing to compare with")}, {Dollars(worst.Earned)} of {Dollars(atOnce)} ({worst.DelayMs} ms, at most {worst.SizeMax} shares)",
            needed);
    }

    private static Usd AtOnce(BacktestResult result, Size size) =>
        result.Capture.FirstOrDefault(cell => cell.DelayMs == 0 && cell.SizeMax == size)?.Earned ?? Usd.Zero;

    private static VerdictCheck Worth(BacktestResult result) => new(
        "What is held at the end", result.Money.IsWhole,
        result.Money.IsWhole ? "everything has a proven price" : "something has no proven bid and counts at what it cost", "a proven price for everything");

    private static VerdictCheck AtLeast(string name, Share? found, Share needed, string none) =>
        new(name, found >= needed, found is { } known ? Percent(known) : none, $"at least {Percent(needed)}");

    private static string AtMost(Share? found, string none) => found is { } known ? Percent(new Share(known.Millionths + 999)) : none;

    /// <summary>Down to a tenth of a percent, as <see cref="AtMost"/> goes up: what misses its mark never reads as if it reached it.</summary>
    private static string Percent(Share share) =>
        $"{FixedPoint.Format((share.Millionths - (share.Millionths % 1_000 + 1_000) % 1_000) / 1_000, 1)} %";

    private static string Dollars(Usd usd) => usd < Usd.Zero ? $"-${-usd}" : $"${usd}";

    private static string Count(long count) => count.ToString(CultureInfo.InvariantCulture);

    private static string Hours(TimeSpan span) => span >= TimeSpan.FromHours(1)
        ? $"{FixedPoint.Format(span.Ticks / (TimeSpan.TicksPerHour / 10), 1)} h"
        : $"{FixedPoint.Format(span.Ticks / (TimeSpan.TicksPerMinute / 10), 1)} min";
}
