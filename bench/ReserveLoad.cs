using System.Collections.Concurrent;
using System.Collections.Immutable;
using System.Diagnostics;
using System.Net;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Orleans.Hosting;
using Orleans.Runtime.MembershipService.SiloMetadata;
using PolyArb.Config;
using PolyArb.Domain;
using PolyArb.Domain.Orders;
using PolyArb.Domain.Ports;
using PolyArb.Domain.Risk;
using PolyArb.Grains;
using PolyArb.Grains.Interfaces;
using PolyArb.Silo.Hosting;
using PolyArb.Storage;

namespace PolyArb.Bench;

/// <summary>
/// What a market waits for the portfolio, in one silo and at a fixed rate: reservations come when they are due, whatever became of the
/// last ones, so a slow answer is not hidden by the calls that waited for it.
/// </summary>
internal static class ReserveLoad
{
    private const int PerSecond = 50_000;
    private const int Markets = 64;
    private const int Legs = 3;

    /// <summary>Figures in microseconds, one value a run.</summary>
    public static async Task<Figure[]> Measure(int runs)
    {
        var directory = Directory.CreateTempSubdirectory("polyarb-bench-");
        var file = Path.Combine(directory.FullName, "events.db");
        Schema.PrepareEvents(file);
        using var source = GatedSqliteDataSource.Fast(file);
        await using var recorder = new SqliteRecorder(source, _ => { }, entriesMax: 100_000, batchMax: 2_000); // Three rows a reservation: more than the disk takes.
        using var host = await Silo(recorder);
        var portfolio = host.Services.GetRequiredService<IGrainFactory>().GetGrain<IPortfolioGrain>(0);
        await portfolio.Announce(new Announcement(
            1, 1, TradingState.Running, IsRecovering: false, Usd.Dollars(1_000_000), Usd.Zero, [], [], [], []));

        var figures = new List<Figure>();
        foreach (var (callers, run) in new[] { ("nobody asked, the loop alone", (Func<IPortfolioGrain, Task<double[]>>)Nobody), ("one caller", OneByOne), ("64 callers at once", AllAtOnce) })
        {
            await run(portfolio); // Warm.
            var (median, p99) = (new double[runs], new double[runs]);
            for (var n = 0; n < runs; n++)
            {
                var sorted = await run(portfolio);
                (median[n], p99[n]) = (sorted[sorted.Length / 2], sorted[sorted.Length * 99 / 100]);
            }

            figures.AddRange([Of($"{callers}, p50", median), Of($"{callers}, p99", p99)]);
        }

        await host.StopAsync();
        await recorder.DisposeAsync();
        source.Dispose();
        directory.Delete(recursive: true);
        return [.. figures];
    }

    private static Figure Of(string what, double[] values)
    {
        Array.Sort(values);
        return new Figure($"reserve through the grain at 50,000/s, {what}", "us", Rounded(values[values.Length / 2]), Rounded(values[0]), Rounded(values[^1]), values.Length);
    }

    private static double Rounded(double micros) => Math.Round(micros, 3);

    /// <summary>How late a loop at this rate is by itself: what the machine takes away from whoever runs on it.</summary>
    private static Task<double[]> Nobody(IPortfolioGrain portfolio)
    {
        var ticks = new long[PerSecond];
        var ticksEach = (double)Stopwatch.Frequency / PerSecond;
        var start = Stopwatch.GetTimestamp();
        for (var call = 0; call < ticks.Length; call++)
        {
            var due = start + (long)(call * ticksEach);
            while (Stopwatch.GetTimestamp() < due) Thread.SpinWait(8);
            ticks[call] = Stopwatch.GetTimestamp() - due;
        }

        return Task.FromResult(Micros(ticks));
    }

    /// <summary>
    /// Microseconds from when each call was due to its answer, sorted. It goes out when it is due and the one before is answered; a late one
    /// counts its waiting.
    /// </summary>
    private static async Task<double[]> OneByOne(IPortfolioGrain portfolio)
    {
        var ticks = new long[PerSecond]; // A second.
        var approved = new ConcurrentQueue<ReservationId>();
        var ticksEach = (double)Stopwatch.Frequency / PerSecond;
        var start = Stopwatch.GetTimestamp();
        for (var call = 0; call < ticks.Length; call++)
        {
            var proposal = Proposal(call);
            var due = start + (long)(call * ticksEach);
            while (Stopwatch.GetTimestamp() < due) Thread.SpinWait(8);
            await Timed(portfolio, proposal, due, call, ticks, approved);
            if (call % Markets == Markets - 1) await GiveBack(portfolio, approved);
        }

        return Micros(ticks);
    }

    /// <summary>The same, whatever became of the calls before: as many as there are wait at once.</summary>
    private static async Task<double[]> AllAtOnce(IPortfolioGrain portfolio)
    {
        const int count = PerSecond; // A second.
        var (ticks, pending) = (new long[count], new Task[count]);
        var approved = new ConcurrentQueue<ReservationId>();
        var ticksEach = (double)Stopwatch.Frequency / PerSecond;
        await Task.Factory.StartNew(() =>
        {
            var start = Stopwatch.GetTimestamp();
            for (var call = 0; call < count; call++)
            {
                var due = start + (long)(call * ticksEach);
                while (Stopwatch.GetTimestamp() < due) Thread.SpinWait(8);
                pending[call] = Timed(portfolio, Proposal(call), due, call, ticks, approved);
                if (call % Markets == Markets - 1) _ = GiveBack(portfolio, approved);
            }
        }, CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default);
        await Task.WhenAll(pending);
        await GiveBack(portfolio, approved);
        return Micros(ticks);
    }

    private static double[] Micros(long[] ticks) => [.. ticks.Select(taken => taken * 1_000_000.0 / Stopwatch.Frequency).Order()];

    private static async Task Timed(IPortfolioGrain portfolio, Proposal proposal, long due, int call, long[] ticks, ConcurrentQueue<ReservationId> approved)
    {
        var decision = await portfolio.Reserve(proposal).ConfigureAwait(false);
        ticks[call] = Stopwatch.GetTimestamp() - due;
        if (decision is RiskDecision.Approved(var reservation)) approved.Enqueue(reservation.Id);
    }

    private static Task GiveBack(IPortfolioGrain portfolio, ConcurrentQueue<ReservationId> approved)
    {
        var given = ImmutableArray.CreateBuilder<ReservationId>();
        while (approved.TryDequeue(out var id)) given.Add(id);
        return given.Count == 0 ? Task.CompletedTask : portfolio.Release(1, given.ToImmutable());
    }

    public static Proposal Proposal(int call)
    {
        var market = new MarketId($"m{call % Markets}");
        var now = TimeProvider.System.Now();
        return new Proposal
        {
            Id = new BasketId($"b{call}"),
            Market = market,
            Purpose = Purpose.Open,
            Orders = [.. Enumerable.Range(0, Legs).Select(leg => new LegOrder
            {
                Leg = leg,
                Attempt = 0,
                Condition = new ConditionId($"{market}-{leg}"),
                Token = new TokenId($"{market}-{leg}"),
                Outcome = Outcome.No,
                NegRisk = true,
                Side = Side.Buy,
                Type = OrderType.Fak,
                Limit = Price.Cents(60),
                MakerAmount = 6_000_000,
                TakerAmount = 10_000_000,
                WorstFee = Usd.Cents(10),
            })],
            SeenAt = now,
            ReceivedAt = now,
        };
    }

    private static async Task<IHost> Silo(IFrameTap tap)
    {
        var builder = Host.CreateApplicationBuilder();
        builder.Logging.ClearProviders();
        builder.UseOrleans(silo =>
        {
            silo.UseLocalhostClustering(Port(), Port());
            silo.UseSiloMetadata(new Dictionary<string, string> { [Neighbours.Key] = Neighbours.Yes });
            silo.AddPlacements(holdsKey: true);
            silo.Services.AddPolyArbWire();
            silo.Services.AddSingleton(TimeProvider.System);
            silo.Services.AddSingleton(new RulesInForce(SiloSetup.RulesOf(PolyArbOptions.Defaults, "bench")));
            silo.Services.AddSingleton(tap);
            silo.Services.AddSingleton<PortfolioRecorder>();
        });
        var host = builder.Build();
        await host.StartAsync();
        return host;
    }

    private static int Port()
    {
        using var listener = new System.Net.Sockets.TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }
}
