using System.Collections.Immutable;
using System.Diagnostics;
using System.Globalization;
using Microsoft.Extensions.DependencyInjection;
using PolyArb.Config;
using PolyArb.Domain;
using PolyArb.Domain.Books;
using PolyArb.Domain.Edges;
using PolyArb.Domain.Ports;
using PolyArb.Grains;
using PolyArb.Grains.Interfaces;
using PolyArb.Silo.Metrics;
using PolyArb.Silo.Web;

namespace PolyArb.Bench;

/// <summary>
/// What a change of a book costs through its market's grain, one after the other, and what those who look on add: Prometheus, and Orleans'
/// own dashboard. In turns of a few seconds on the same grain, so that ratios hold. Nothing is recorded and no hash compared, which would hide it.
/// </summary>
internal static class MarketTurns
{
    private static readonly TimeSpan LooksEvery = TimeSpan.FromSeconds(1);

    /// <param name="length">Of each run.</param>
    public static async Task<Figure[]> Measure(int runs, TimeSpan length)
    {
        List<Figure> figures = [];
        await using (var silo = await BareSilo.Start(hasOrleansPages: false))
        {
            figures.AddRange(await Compare(silo, runs, length, "alone", "/metrics read each second", async () =>
            {
                var provider = Telemetry.Listen(PolyArbOptions.Defaults.Metrics);
                return await Onlooker.Start(silo.Services, new MetricsPage(provider), MetricsPage.Path, provider);
            }));
        }

        await using (var silo = await BareSilo.Start(hasOrleansPages: true))
        {
            var page = new OrleansPages(silo.Services.GetRequiredService<IGrainFactory>());
            figures.AddRange(await Compare(
                silo, runs, length, "Orleans' dashboard on, nobody looking", "Orleans' dashboard on, somebody looking",
                () => Onlooker.Start(silo.Services, page, $"{OrleansPages.Path}/DashboardCounters", null)));
        }

        return [.. figures];
    }

    private static async Task<Figure[]> Compare(BareSilo silo, int runs, TimeSpan length, string without, string with, Func<Task<Onlooker>> look)
    {
        var market = await BookOf.Open(silo);
        await market.Turns(length); // Warm.
        var (before, during) = (new Spread[runs], new Spread[runs]);
        for (var run = 0; run < runs; run++)
        {
            before[run] = await market.Turns(length);
            await using var onlooker = await look();
            during[run] = await market.Turns(length);
        }

        return
        [
            .. Of(without, before), .. Of(with, during),
            Measured($"turn of a market's grain, {with}, against the turns before", "%", [.. during.Zip(before, (one, other) => 100 * one.Mean / other.Mean)]),
        ];
    }

    private static IEnumerable<Figure> Of(string name, Spread[] runs) =>
    [
        Measured($"turn of a market's grain, {name}, mean", "us", [.. runs.Select(run => run.Mean)]),
        Measured($"turn of a market's grain, {name}, p50", "us", [.. runs.Select(run => run.Half)]),
        Measured($"turn of a market's grain, {name}, p99", "us", [.. runs.Select(run => run.NinetyNine)]),
    ];

    private static Figure Measured(string name, string unit, double[] values)
    {
        Array.Sort(values);
        return new Figure(name, unit, Math.Round(values[values.Length / 2], 3), Math.Round(values[0], 3), Math.Round(values[^1], 3), values.Length);
    }

    /// <summary>Microseconds.</summary>
    private sealed record Spread(double Mean, double Half, double NinetyNine);

    /// <summary>A market of one question with 40 levels a side, followed by nobody but this.</summary>
    private sealed class BookOf(BenchFeed feed, Condition condition, ImmutableArray<LevelChange>[] changes)
    {
        private readonly double[] _micros = new double[4_000_000];
        private long _sequence = 1_000;

        public static async Task<BookOf> Open(BareSilo silo)
        {
            var condition = new Condition
            {
                Id = new ConditionId("0x" + 1.ToString("x64", CultureInfo.InvariantCulture)),
                Question = "",
                Yes = new TokenId("71"),
                No = new TokenId("72"),
                Tick = new Price(100),
                MinOrderSize = Size.Shares(5),
                NegRisk = false,
                Fee = FeeCurve.Free,
                IsTradable = true,
            };
            var market = new Market { Id = new MarketId(condition.Id.Text), Title = "bench", NegRisk = false, Conditions = [condition] };
            await silo.Services.GetRequiredService<IGrainFactory>().GetGrain<IMarketGrain>(market.Id.Text).Open(market, isEnabled: true);
            var book = new BookOf(silo.Feed, condition, [Changed(condition, 100), Changed(condition, 200)]);
            Level[] bids = [.. Enumerable.Range(1, 40).Select(cents => new Level(Price.Cents(cents), Size.Shares(100)))];
            Level[] asks = [.. Enumerable.Range(60, 39).Reverse().Select(cents => new Level(Price.Cents(cents), Size.Shares(100)))];
            await book.Deliver(BookUpdate.Snapshot(condition.Id, condition.Yes, 1, null, bids, asks, condition.Tick, null));
            return book;
        }

        public async Task<Spread> Turns(TimeSpan length)
        {
            var (count, start) = (0, Stopwatch.GetTimestamp());
            for (var at = start; Stopwatch.GetElapsedTime(start, at) < length && count < _micros.Length; count++)
            {
                await Deliver(BookUpdate.Changes(condition.Id, _sequence, changes[count % 2].AsMemory()));
                var now = Stopwatch.GetTimestamp();
                (_micros[count], at) = (Stopwatch.GetElapsedTime(at, now).TotalMicroseconds, now);
            }

            var mean = Stopwatch.GetElapsedTime(start).TotalMicroseconds / count;
            Array.Sort(_micros, 0, count);
            return new Spread(mean, _micros[count / 2], _micros[count * 99L / 100]);
        }

        private async Task Deliver(BookUpdate update)
        {
            var answer = await feed.Deliver([new FeedInput(_sequence++, TimeProvider.System.Now(), 7, [update], null)]);
            if (answer is FeedAnswer.Gone) throw new InvalidOperationException("the market does not listen");
        }

        /// <summary>The best bid of YES, which is the best ask of NO.</summary>
        private static ImmutableArray<LevelChange> Changed(Condition condition, int shares) =>
        [
            new LevelChange(condition.Yes, Side.Buy, new Level(Price.Cents(40), Size.Shares(shares)), null),
            new LevelChange(condition.No, Side.Sell, new Level(Price.Cents(60), Size.Shares(shares)), null),
        ];
    }

    /// <summary>Asks for one page every second, as a scraper or an open browser does.</summary>
    private sealed class Onlooker(WebServer server, IDisposable? listens, CancellationTokenSource stop, Task looking) : IAsyncDisposable
    {
        public static async Task<Onlooker> Start(IServiceProvider silo, IWebPages page, string path, IDisposable? listens)
        {
            var server = BareSilo.Serve(silo, page);
            await server.StartAsync(CancellationToken.None);
            var stop = new CancellationTokenSource();
            return new Onlooker(server, listens, stop, Task.Run(() => Look(new Uri(server.Url + path), stop.Token)));
        }

        public async ValueTask DisposeAsync()
        {
            await stop.CancelAsync();
            await looking;
            await server.DisposeAsync();
            listens?.Dispose();
            stop.Dispose();
        }

        private static async Task Look(Uri page, CancellationToken stop)
        {
            using var http = new HttpClient();
            using var timer = new PeriodicTimer(LooksEvery);
            try
            {
                do await http.GetStringAsync(page, stop);
                while (await timer.WaitForNextTickAsync(stop));
            }
            catch (OperationCanceledException)
            {
                // The end of the run.
            }
        }
    }
}
