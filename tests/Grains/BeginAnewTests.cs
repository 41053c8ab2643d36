using Microsoft.Extensions.DependencyInjection;
using PolyArb.Domain;
using PolyArb.Domain.Journal;
using PolyArb.Domain.Ports;
using PolyArb.Domain.Replay;
using PolyArb.Grains;
using PolyArb.Grains.Interfaces;
using PolyArb.Polymarket.MarketFeed;
using PolyArb.Storage;
using PolyArb.Tests.Storage;
using Xunit;

namespace PolyArb.Tests.Grains;

/// <summary>A process that runs for longer than its recording is kept: what it does can be played again all the same.</summary>
public sealed class BeginAnewTests
{
    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Desks_and_portfolio_begin_anew_when_their_beginning_is_about_to_go_and_the_rest_of_the_day_verifies_without_it()
    {
        await using var day = await Day.Start(seed: 3, Stop);
        await day.Witness.Until(fact => fact is Fact.BasketClosed);
        var recorder = day.Silo.GetRequiredService<SqliteRecorder>();
        var portfolio = day.Silo.GetRequiredService<PortfolioRecorder>();
        await recorder.Flushed();
        var horizon = recorder.Horizon = (await Lines(day.Recorded))[^1].Sequence;
        var markets = (await Lines(day.Recorded)).Where(IsDesk).Select(Owner).ToHashSet();
        using var deadline = CancellationTokenSource.CreateLinkedTokenSource(Stop);
        deadline.CancelAfter(TimeSpan.FromSeconds(90));
        while (!(await Opened(horizon)).IsSupersetOf([.. markets, "portfolio"])) await Task.Delay(100, deadline.Token);
        var anew = (await Lines(day.Recorded))[^1].Sequence;
        await day.Witness.UntilFacts(facts => facts.Count(fact => fact is Fact.BasketClosed) >= 5);
        await day.Closed();

        Dictionary<string, string> heads = [];
        foreach (var market in markets) heads[market] = (await day.Grains.GetGrain<IMarketGrain>(market).Freeze()).Digest;
        await day.StopSilo();
        heads["portfolio"] = portfolio.Digest!;
        Rows.Change(
            day.Recorded, $"INSERT INTO anchor SELECT 1, n, seal FROM events WHERE n = {horizon}; DELETE FROM events WHERE n <= {horizon}");

        Assert.Null(Recording.BrokenSeal(day.Recorded));
        var cut = await Play(day.Recorded);
        Assert.Null(cut.Divergence);
        Assert.Equal(DecisionDigest.Combine(heads), cut.Digest);
        Assert.True(cut.Decisions > 0 && cut.Portfolio.Approved > 0, $"{cut.Decisions} decisions, {cut.Portfolio.Approved} approvals");

        var late = (await Lines(day.Recorded)).Count(line => line.Sequence > anew && line.Kind is InputKind.Turn);
        Assert.True(cut.Turns + cut.Portfolio.Turns - cut.Uncovered - cut.Portfolio.Uncovered >= late, "a turn after the new beginning is not covered");

        async Task<HashSet<string>> Opened(long after) =>
            [.. (await Lines(day.Recorded)).Where(line => line.Sequence > after && (IsDesk(line) || PortfolioDay.Owns(line) && line.Kind is InputKind.Params)).Select(Owner)];
    }

    private static bool IsDesk(CaptureLine line) => line.Kind is InputKind.Params && line.Text.Contains("\"Opened\"", StringComparison.Ordinal);

    private static string Owner(CaptureLine line) => PortfolioDay.Owns(line) ? "portfolio" : DomainJson.Read<OwnedInput>(line.Text).Owner.Text;

    private static async Task<List<CaptureLine>> Lines(string file)
    {
        List<CaptureLine> lines = [];
        await foreach (var line in Recording.Read(file, Stop)) lines.Add(line);
        return lines;
    }

    private static async Task<TradingDay> Play(string file)
    {
        var day = new TradingDay(MarketFrame.TryRead);
        foreach (var line in await Lines(file)) day.Play(line);
        return day;
    }
}
