using System.Collections.Immutable;
using System.Globalization;
using PolyArb.Domain;
using PolyArb.Domain.Journal;
using PolyArb.Domain.Orders;
using PolyArb.Domain.Risk;
using Xunit;
using Size = PolyArb.Domain.Size;

namespace PolyArb.Tests.EndToEnd;

/// <summary>
/// The silo killed with SIGKILL at random moments of trading and started again. The exchange's ledger is the judge. POLYARB_CRASHES says
/// how often (20 by default).
/// </summary>
[Collection(nameof(EndToEnd))]
public sealed class CrashDrillTests(ITestOutputHelper output)
{
    private const int KilledEvery = 10;

    private static readonly int Crashes = int.Parse(Environment.GetEnvironmentVariable("POLYARB_CRASHES") ?? "20", CultureInfo.InvariantCulture);

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Whenever_it_dies_nothing_is_lost_doubled_or_left_behind()
    {
        await using var day = await LiveDay.Start("drift", seed: 77);
        var random = new Random(77);
        var moments = new Dictionary<string, int>();
        for (var crash = 1; crash <= Crashes; crash++)
        {
            if (crash % KilledEvery == 1) output.WriteLine($"crash {crash}");
            await using var silo = await day.Silo();
            var status = await day.Status();
            var (state, why) = (status.GetProperty("state").GetString(), status.GetProperty("reason").GetString());
            Assert.True(state == (crash % KilledEvery == 1 && crash > 1 ? "SAFE" : "PAUSED"), $"after {crash - 1} crashes {state}: {why}");
            await day.Resume();
            var before = Opened(await day.Facts());
            await LiveDay.Until(async () => Opened(await day.Facts()) > before, "a basket");
            await Task.Delay(random.Next(1_500), Stop); // The moment of death, by the seed.
            if (crash % KilledEvery == 0) await Kill(day);
            else if (crash % 2 == 0) await Written(day, random.Next(40));
            silo.Kill();
            await silo.End(Stop);
            foreach (var moment in await Moments(day)) moments[moment] = moments.GetValueOrDefault(moment) + 1;
        }

        output.WriteLine($"{Crashes} crashes: {string.Join(", ", moments.OrderBy(moment => moment.Key).Select(moment => $"{moment.Value} {moment.Key}"))}");
        Assert.True(moments.GetValueOrDefault("with a basket open") * 2 >= Crashes, "most crashes met nothing");

        await using var last = await day.Silo();
        await day.Resume();
        await day.Says("pause");
        try
        {
            await LiveDay.Until(async () => IsQuiet(LiveDay.BlotterOf(await day.Facts())), "every basket closed and every order known");
        }
        finally
        {
            foreach (var order in LiveDay.BlotterOf(await day.Facts()).Unfinished.Where(order => order.MaySpend)) output.WriteLine($"{order.Id} of {order.Intent.Basket} is {order.State}: {order.Note}");
        }

        var facts = await day.Facts();
        Assert.Empty(await day.Differences());
        await AssertOrdersAgree(day, LiveDay.BlotterOf(facts));
        Assert.Equal(LedgerOf(facts).Cost.ToString(), (await day.Status()).GetProperty("exposure").GetString()); // Beside what positions cost nothing is set aside.
        AssertEveryShareHasAnOwner(facts);
    }

    /// <summary>An order nobody answered for in the life before may be in doubt still: then the kill names it, and what else it did holds.</summary>
    private static async Task Kill(LiveDay day)
    {
        var said = await day.Operator.Run("kill", "--reason", "drill", "--silo", $"localhost:{day.Port}");
        Assert.True(said.ExitCode == 0 || said.Error.Contains("stopped; venue NOT confirmed: 0x", StringComparison.Ordinal), said.Error);
        Assert.Empty(await day.OpenOrders());
    }

    /// <summary>Whatever the exchange has is in our journal, once a leg and attempt; what it does not have never went out.</summary>
    private static async Task AssertOrdersAgree(LiveDay day, Blotter blotter)
    {
        var theirs = (await day.Orders()).Select(order => order.GetProperty("id").GetString()!).ToHashSet();
        Assert.Empty(theirs.Except(blotter.Orders.Select(order => order.Id.Text)));
        Assert.All(blotter.Orders.Where(order => !theirs.Contains(order.Id.Text)), order => Assert.True(
            order.State is OrderState.Rejected or OrderState.Absent || order is { State: OrderState.Canceled, Matched.Micros: 0 },
            $"{order.Id} is {order.State} here and unknown there"));
        var keys = blotter.Orders.Select(order => (order.Intent.Basket, order.Intent.Order.Leg, order.Intent.Order.Attempt)).ToArray();
        Assert.Equal(keys.Length, keys.Distinct().Count());
    }

    /// <summary>Shares that complete no basket are some basket's residue, so a person knows of them.</summary>
    private static void AssertEveryShareHasAnOwner(ImmutableArray<Fact> facts)
    {
        var residues = LiveDay.BlotterOf(facts).Baskets.SelectMany(basket => basket.Result!.Residues).GroupBy(residue => residue.Token)
            .ToDictionary(token => token.Key, token => token.Sum(residue => residue.Shares.Micros));
        Assert.All(Equity.Excess(LedgerOf(facts).Positions, _ => null), excess => Assert.True(
            residues.GetValueOrDefault(excess.Token) >= excess.Shares.Micros, $"{excess.Shares} of {excess.Token} belong to nobody"));
    }

    /// <summary>Where the silo was when it died, as far as journal and exchange tell: consumed and not written leaves no trace.</summary>
    private static async Task<IEnumerable<string>> Moments(LiveDay day)
    {
        var blotter = LiveDay.BlotterOf(await day.Facts());
        var theirs = (await day.Orders()).ToDictionary(order => order.GetProperty("id").GetString()!, order => Size.Parse(order.GetProperty("matched").GetString()!));
        List<string> moments = [];
        if (blotter.AllOpenBaskets.Any()) moments.Add("with a basket open");
        if (blotter.Unfinished.Any(order => order.State is OrderState.InFlight && !theirs.ContainsKey(order.Id.Text))) moments.Add("between transaction and arrival");
        if (blotter.Unfinished.Any(order => order.State is OrderState.InFlight && theirs.ContainsKey(order.Id.Text))) moments.Add("between arrival and answer");
        if (blotter.Unfinished.Any(order => theirs.GetValueOrDefault(order.Id.Text) > order.Filled)) moments.Add("between match and fill");
        return moments.Count > 0 ? moments : ["with nothing open"];
    }

    /// <summary>So long after the journal has grown by something: an order is likely to be on its way.</summary>
    private static async Task Written(LiveDay day, int milliseconds)
    {
        var log = new FileInfo(Path.Combine(day.Data, "polyarb.db-wal"));
        var before = log.LastWriteTimeUtc;
        for (var n = 0; n < 2_000 && log.LastWriteTimeUtc == before; n++)
        {
            await Task.Delay(1, Stop);
            log.Refresh();
        }

        await Task.Delay(milliseconds, Stop);
    }

    private static int Opened(ImmutableArray<Fact> facts) => facts.Count(fact => fact is Fact.BasketOpened);

    private static bool IsQuiet(Blotter blotter) => !blotter.AllOpenBaskets.Any() && blotter.Unfinished.All(order => !order.MaySpend);

    private static Ledger LedgerOf(ImmutableArray<Fact> facts)
    {
        var (ledger, blotter) = (new Ledger(), new Blotter());
        foreach (var fact in facts)
        {
            if (fact is Fact.OpeningBalanceTaken opening) ledger.Open(opening);
            if (blotter.Apply(fact)?.Settlement is { } settlement) ledger.Apply(settlement);
        }

        return ledger;
    }
}
