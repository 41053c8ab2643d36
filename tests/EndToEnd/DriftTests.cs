using System.Collections.Immutable;
using System.Globalization;
using System.Text.Json;
using PolyArb.Config;
using PolyArb.Domain;
using PolyArb.Domain.Edges;
using PolyArb.Domain.Journal;
using PolyArb.Domain.Orders;
using PolyArb.Storage;
using Xunit;
using Size = PolyArb.Domain.Size;

namespace PolyArb.Tests.EndToEnd;

/// <summary>
/// A day of neg-risk events that drift, 500 changes a second, where rivals are faster at some legs. POLYARB_DRIFT_SECONDS makes it
/// longer: the figures people ask for are of 600.
/// </summary>
[Collection(nameof(EndToEnd))]
public sealed class DriftTests(ITestOutputHelper output) : IDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(2); // A turn comes every 250 ms, on a machine that may be busy.

    private readonly string _directory = Directory.CreateTempSubdirectory("polyarb-e2e-").FullName;
    private readonly BasketOptions _caps = PolyArbOptions.Defaults.Baskets;

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public void Dispose() => Directory.Delete(_directory, recursive: true);

    [Fact]
    public async Task Baskets_that_fill_short_are_completed_unwound_or_held_within_their_windows_and_caps()
    {
        var seconds = int.Parse(Environment.GetEnvironmentVariable("POLYARB_DRIFT_SECONDS") ?? "25", CultureInfo.InvariantCulture);
        var (data, reportFile) = (Path.Combine(_directory, "data"), Path.Combine(_directory, "r.json"));
        await using var demo = Programs.Silo(
            ["--demo", "--seed", "7", "--scenario", "drift", "--for", $"{seconds}", "--data", data, "--report", reportFile], _directory);
        var port = Programs.PortOf(await demo.Line("silo ", Cancellation));
        await Task.Delay(TimeSpan.FromSeconds(seconds * 0.4), Cancellation);
        Assert.Equal(0, (await Programs.Client(port, Cancellation, "pause")).ExitCode); // What is found meanwhile is refused.
        await Task.Delay(TimeSpan.FromSeconds(seconds * 0.2), Cancellation);
        Assert.Equal(0, (await Programs.Client(port, Cancellation, "resume", "--reason", "test")).ExitCode);

        var ended = await demo.End(Cancellation, TimeSpan.FromSeconds(seconds + 90));
        Assert.True(ended.ExitCode == 0, ended.Output[^Math.Min(4_000, ended.Output.Length)..] + ended.Error);
        var report = JsonDocument.Parse(await File.ReadAllTextAsync(reportFile, Cancellation)).RootElement;
        Assert.True(report.GetProperty("ledgerMatchesVenue").GetBoolean(), ended.Error);

        var baskets = await Histories(data);
        var shorts = baskets.Where(basket => basket.Closings.Length > 0).ToArray();
        output.WriteLine(Figures(baskets, shorts, report));
        Assert.True(baskets.Length >= 200 * seconds / 600, $"{baskets.Length} baskets");
        Assert.True(shorts.Length >= 40 * seconds / 600, $"{shorts.Length} short");
        Assert.All(baskets, basket => Assert.Null(Wrong(basket)));

        await using var verify = Programs.Silo(["--mode", "backtest", "--events", Path.Combine(data, "events.db"), "--replay", "verify"], _directory);
        var same = await verify.End(Cancellation, TimeSpan.FromSeconds(seconds + 90));
        Assert.True(same.ExitCode == 0, same.Output + same.Error);
        Assert.Equal(report.GetProperty("decisionsDigest").GetString(), same.Json.GetProperty("decisions_digest").GetString());
        var (approved, refused) = (same.Json.GetProperty("portfolio").GetProperty("approved").GetInt64(), same.Json.GetProperty("portfolio").GetProperty("refused").GetInt64());
        output.WriteLine($"{approved} approved, {refused} refused");
        Assert.True(approved >= baskets.Length && refused >= seconds, $"{approved} approved, {refused} refused"); // 100 of each within a minute.
    }

    /// <summary>The first rule that a basket's facts break.</summary>
    private string? Wrong(History basket)
    {
        if (basket.Result is not { } result) return $"{basket.Id} was never closed";

        var tally = basket.Tally();
        if (result.Spent != tally.Spent || result.Payout != tally.Worth) return $"{basket.Id}: {result} but its orders spent {tally.Spent} for {tally.Worth}";
        if (result.End is BasketEnd.Completed && tally.Excess > PolyArbOptions.Defaults.Sizing.MaxLegMismatch && Value(tally) >= OneLeg.Min)
            return $"{basket.Id}: completed with {tally.Excess} too many";
        if (result.End is BasketEnd.Unwound && tally.Most > PolyArbOptions.Defaults.Sizing.MaxLegMismatch && Value(tally) >= OneLeg.Min)
            return $"{basket.Id}: unwound with {tally.Most} left";
        if (tally.Completed > Share(basket, _caps.CompletionCostCap)) return $"{basket.Id}: completing cost {tally.Completed} of {basket.Opened.Basket.Profit}";
        if (tally.Unwound > Share(basket, _caps.UnwindCostCap)) return $"{basket.Id}: unwinding lost {tally.Unwound} of {basket.Opened.Basket.Profit}";

        foreach (var closing in basket.Closings)
        {
            var window = _caps.CompletionWindow + (closing.Order.Intent.Purpose is Purpose.Unwind ? _caps.UnwindWindow : TimeSpan.Zero);
            var since = basket.Changes.Where(at => at <= closing.At).DefaultIfEmpty(basket.Opened.At).Max();
            if (closing.At - since > window + Patience) return $"{basket.Id}: {closing.Order.Intent.Purpose} {closing.At - since} after its last news";
        }

        return null;
    }

    private static Usd Value(BasketTally tally) => new((long)((Int128)tally.Planned(tally.Longest) * tally.Excess.Micros / 1_000_000));

    /// <summary>A cap in dollars, and a cent a closing order for rounding to whole cents.</summary>
    private static Usd Share(History basket, decimal cap) => new((long)(Math.Max(0, basket.Opened.Basket.Profit.Micros) * cap) + 10_000L * basket.Closings.Length);

    private static string Figures(History[] baskets, History[] shorts, JsonElement report)
    {
        var ends = string.Join(", ", baskets.GroupBy(basket => basket.Result?.End).Select(end => $"{end.Key} {end.Count()}"));
        var tallies = baskets.Select(basket => basket.Tally()).ToArray();
        var earned = new Usd(tallies.Sum(tally => tally.Earned.Micros));
        return $"""
            {baskets.Length} baskets sent: {ends}; {shorts.Length} with a short leg, {shorts.Sum(basket => basket.Closings.Length)} closing orders
            expected {new Usd(baskets.Sum(basket => basket.Opened.Basket.Profit.Micros))}, earned {earned} (shares left over counted as nothing)
            completing cost {new Usd(tallies.Sum(tally => tally.Completed.Micros))} beyond the plan, unwinding lost {new Usd(tallies.Sum(tally => tally.Unwound.Micros))},
            the most of one basket {tallies.Select(tally => tally.Unwound).DefaultIfEmpty().Max()}; the worst earned {tallies.Select(tally => tally.Earned).DefaultIfEmpty().Min()}
            {report}
            """;
    }

    private static async Task<History[]> Histories(string data)
    {
        await using var source = GatedSqliteDataSource.Fast(Path.Combine(data, "polyarb.db"));
        await using var journal = new SqlJournal(source);
        List<Fact> facts = [];
        await foreach (var fact in journal.ReadAll(Cancellation)) facts.Add(fact);

        var blotter = new Blotter();
        foreach (var fact in facts) blotter.Apply(fact);
        return [.. facts.OfType<Fact.BasketOpened>().Select(opened => new History(
            opened,
            [.. facts.OfType<Fact.ClosingOrderPlaced>().Where(closing => closing.Order.Intent.Basket == opened.Basket.Id)],
            [.. facts.OfType<Fact.OrderChanged>().Where(changed => blotter.Find(changed.News.Order)!.Intent.Basket == opened.Basket.Id).Select(changed => changed.At)],
            [.. blotter.OrdersOf(blotter.Basket(opened.Basket.Id)!)],
            blotter.Basket(opened.Basket.Id)!.Result))];
    }

    private sealed record History(
        Fact.BasketOpened Opened, ImmutableArray<Fact.ClosingOrderPlaced> Closings, ImmutableArray<Instant> Changes, ImmutableArray<Order> Orders, BasketResult? Result)
    {
        public BasketId Id => Opened.Basket.Id;

        /// <summary>Missing legs may have been let go for as much as unwinding may lose.</summary>
        public BasketTally Tally() => new(
            new OpenBasket(Opened.Basket, Opened.At, [.. Orders.Select(LegNews.Of)]),
            (int)(PolyArbOptions.Defaults.Baskets.UnwindCostCap * 10_000));
    }
}
