using System.Collections.Immutable;
using System.Net;
using System.Security.Cryptography;
using PolyArb.Config;
using PolyArb.Domain;
using PolyArb.Domain.Journal;
using PolyArb.Domain.Orders;
using PolyArb.Domain.Ports;
using PolyArb.Grains;
using PolyArb.Grains.Interfaces;
using PolyArb.Polymarket;
using PolyArb.Polymarket.Orders;
using PolyArb.Polymarket.Signing;
using PolyArb.Silo.CommandLine;
using PolyArb.Silo.Hosting;
using PolyArb.Silo.Web;
using PolyArb.Storage;
using VenueOptions = PolyArb.Polymarket.VenueOptions;

namespace PolyArb.Silo.Demo;

/// <summary>
/// The main job offline: a local exchange as its own process, and a silo that trades on it over real HTTP and websockets with
/// a public throw-away key. Reads no .env, no environment and no configuration file.
/// </summary>
internal sealed class DemoRun(SiloArguments.Demo arguments, TimeProvider time)
{
    /// <summary>Account 0 of the Hardhat test mnemonic: known to everybody, worth nothing.</summary>
    private const string PublicKey = "ac0974bec39a17e36ba4a6b4d238ff944bacb478cbed5efcae784d7bf4f2ff80";

    /// <summary>From a basket's last order to its last trade's confirmation.</summary>
    private static readonly TimeSpan SettleWithin = TimeSpan.FromSeconds(20);

    public async Task<int> Run(CancellationToken interrupted)
    {
        var path = arguments.DataDirectory ?? Directory.CreateTempSubdirectory("polyarb-demo-").FullName;
        if (!DataDirectory.IsNewOrEmpty(path)) return Complain($"--data {path}: --demo wants a new or empty directory", exitCode: 2);

        await using var exchange = await ExchangeProcess.Start(arguments.Seed, arguments.ExchangePort ?? 0, arguments.FaultsPath, arguments.Scenario ?? "demo", interrupted);
        if (Signers.Create(PublicKey, SignerBackend.Auto) is not SignerChoice.Made(var signer, var library))
            throw new System.Diagnostics.UnreachableException();

        using var signs = signer;
        var (venue, events) = await VenueAt(exchange.Url, signer, interrupted);
        using var data = DataDirectory.Open(path, Identity.Live(venue.ChainId, exchange.Url, venue.Signer!.Address.ToString()), time);
        var token = Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(8));
        var setup = SetupOf(venue, events, data, token);
        using var host = SiloHost.Build(setup, time);

        Logging.SigningWith(host.Services, library);
        await host.StartAsync(interrupted);
        Console.WriteLine($"exchange {exchange.Url.ToString().TrimEnd('/')}");
        Console.WriteLine($"silo 127.0.0.1:{setup.GatewayPort}");
        Console.WriteLine($"dashboard {host.Services.GetRequiredService<WebServer>().Url}");
        Console.WriteLine($"token {token} (the dashboard asks for it before it pauses, resumes, flattens or kills)");
        Console.WriteLine($"data {path}");

        var lifetime = host.Services.GetRequiredService<IHostApplicationLifetime>();
        using var ends = CancellationTokenSource.CreateLinkedTokenSource(interrupted, lifetime.ApplicationStopping);
        var started = time.GetTimestamp();
        await Watch(host.Services.GetRequiredService<IGrainFactory>(), ends.Token);
        var exitCode = await Finish(host.Services, exchange.Url, venue, time.GetElapsedTime(started));
        await host.StopAsync(CancellationToken.None);
        return exitCode;
    }

    /// <summary>The exchange with an API key of our own, and its neg-risk events, whose questions it vouches are exhaustive.</summary>
    private static async Task<(VenueOptions Venue, ImmutableArray<MarketId> Events)> VenueAt(
        Uri exchange, IDigestSigner signer, CancellationToken cancellation)
    {
        var venue = new VenueOptions
        {
            RestUrl = exchange,
            WsUrl = new Uri($"ws://{exchange.Authority}/ws"),
            GammaUrl = new Uri(exchange, "/gamma/"),
            DataUrl = new Uri(exchange, "/data-api/"),
            ChainId = 137,
            Signer = signer,
        };
        await using var services = new ServiceCollection().AddLogging().AddSingleton(TimeProvider.System).AddPolymarket(venue).BuildServiceProvider();
        var credentials = Need(await services.GetRequiredService<PolymarketKeys>().CreateOrDerive(cancellation));
        var listing = Need(await services.GetRequiredService<ICatalog>().List(cancellation));
        return (venue with { Credentials = credentials }, [.. listing.Markets.Select(listed => listed.Market).Where(market => market.NegRisk).Select(market => market.Id)]);

        static T Need<T>(VenueAnswer<T> answer) => answer switch
        {
            VenueAnswer<T>.Ok(var value) => value,
            VenueAnswer<T>.Unavailable(var failure) => throw new InvalidOperationException($"the local exchange did not answer: {failure.Why}"),
            _ => throw new System.Diagnostics.UnreachableException(),
        };
    }

    /// <summary>What nobody has set is easier here than where money is real.</summary>
    private static TradingRules RulesOf(PolyArbOptions options, ImmutableArray<MarketId> events)
    {
        var rules = SiloSetup.RulesOf(options, mode: "demo");
        return rules with
        {
            StartPaused = false,
            DryRun = false,
            Edge = rules.Edge with { AllYes = events },

            // The account is rich and the day is short: only one basket's size is held to the usual limit.
            Risk = rules.Risk with
            {
                MaxPositionPerMarket = Usually("risk.max_position_per_market", Usd.Dollars(50_000), rules.Risk.MaxPositionPerMarket),
                MaxTotalExposure = Usually("risk.max_total_exposure", Usd.Dollars(200_000), rules.Risk.MaxTotalExposure),
            },

            // A scenario has an hour's moves in a minute, and the exchange shares this machine: neither is a reason to stop here.
            Breakers = rules.Breakers with
            {
                PickedOffCount = Usually("risk.picked_off_spike_count", 10_000, rules.Breakers.PickedOffCount),
                MaxLatency = Usually("risk.p95_latency_ms_limit", TimeSpan.FromSeconds(30), rules.Breakers.MaxLatency),
            },
        };

        T Usually<T>(string key, T here, T said) => options.Parameters[key].IsDefault ? here : said;
    }

    /// <param name="token">For the dashboard. The client needs none: the demo is bound to loopback.</param>
    private static SiloSetup SetupOf(VenueOptions venue, ImmutableArray<MarketId> events, DataDirectory data, string token)
    {
        var options = PolyArbOptions.Defaults;
        return new SiloSetup
        {
            Data = data,
            Venue = venue,
            Configuration = new Configuration(options, changed => RulesOf(changed, events)),
            Address = IPAddress.Loopback,
            SiloPort = Ports.Free(11111),
            GatewayPort = Ports.Free(30000),
            EnableAll = true,
            Seeds = [],
            LogLevel = options.Runtime.LogLevel,
            Paper = null,
            SettlesAt = venue.RestUrl,
            Recorder = options.Recorder,
            Door = ControlDoor.Unlocked,
            Snapshots = options.Snapshot,
            Persistence = options.Persistence,
            Metrics = options.Metrics,
            Traces = options.Traces,
            Web = WebSetup.Of(options, token),
            Redactor = Redactor.Nothing,
            WaitingHighWatermark = options.Runtime.EventQueueHighWatermark,
        };
    }

    /// <summary>One line every few seconds, until the time is over, Ctrl-C or `stop`.</summary>
    private async Task Watch(IGrainFactory grains, CancellationToken ends)
    {
        using var length = arguments.Length is { } limit ? new CancellationTokenSource(limit, time) : new CancellationTokenSource();
        using var until = CancellationTokenSource.CreateLinkedTokenSource(ends, length.Token);
        using var period = new PeriodicTimer(TimeSpan.FromSeconds(5), time);
        try
        {
            while (await period.WaitForNextTickAsync(until.Token))
            {
                var control = grains.GetGrain<IControl>(0);
                var (status, newest) = (await control.Status(), await control.Baskets(last: 1));
                Console.WriteLine(
                    $"{status.State} cash {status.Cash} equity {status.Equity} baskets {newest.LastOrDefault()?.N ?? 0} open orders {status.OpenOrders} ({status.MarketStream}; {status.UserStream})");
            }
        }
        catch (OperationCanceledException)
        {
            // The end, one way or another.
        }
    }

    /// <summary>No new baskets, what is open settles, the desks freeze; then the summary and the comparison of the ledgers.</summary>
    private async Task<int> Finish(IServiceProvider services, Uri exchange, VenueOptions venue, TimeSpan length)
    {
        var grains = services.GetRequiredService<IGrainFactory>();
        var gateway = grains.GetGrain<IOrderGatewayGrain>(0);
        var before = await gateway.Status();
        if (before.State is Domain.Risk.TradingState.Running) await gateway.Pause("demo", "the demo is over");

        var edge = services.GetRequiredService<RulesInForce>().Now.Edge; // A ladder may have just begun.
        using var deadline = new CancellationTokenSource(edge.CompletionWindow + edge.UnwindWindow + SettleWithin, time);
        while ((!(await gateway.BusyMarkets()).IsEmpty || (await gateway.Positions()).IsSettling) && !deadline.IsCancellationRequested) await Task.Delay(100, CancellationToken.None);

        List<MarketView> markets = [];
        foreach (var market in await grains.GetGrain<IRegistryGrain>(0).List()) markets.Add(await grains.GetGrain<IMarketGrain>(market.Id.Text).Freeze());
        await grains.GetGrain<IPortfolioGrain>(0).Freeze();
        await services.GetRequiredService<SqliteRecorder>().Flushed();

        var (status, positions, orders, fills) = (await gateway.Status(), await gateway.Positions(), await gateway.AllOrders(), await gateway.AllFills());
        using var http = new HttpClient();
        var ledger = await VenueLedger.Read(http, exchange, venue.Signer!.Address.ToString(), CancellationToken.None);
        var differences = ledger.Differences(positions, orders, fills).ToArray();

        var report = DemoReport.Of(
            arguments.Seed, length, services.GetRequiredService<CountingTap>().MarketFrames, markets, status with { State = before.State }, await gateway.AllBaskets(), orders,
            fills.Length, differences.Length == 0, services.GetRequiredService<LatencyBook>(), services.GetRequiredService<PortfolioRecorder>().Digest);
        Summarize(report, differences);
        if (arguments.ReportPath is { } file) await File.WriteAllTextAsync(file, DomainJson.Write(report) + "\n", CancellationToken.None);
        return differences.Length == 0 ? 0 : 1;
    }

    private static void Summarize(DemoReport report, string[] differences)
    {
        Console.WriteLine();
        Console.WriteLine($"frames {report.Frames}, events {report.Events}, proofs {report.Proofs.Ok} ok {report.Proofs.Failed} failed {report.Proofs.Unknown} unknown");
        Console.WriteLine(
            $"baskets {report.Baskets.Detected} detected, {report.Baskets.Sent} sent, {report.Baskets.Completed} completed, {report.Baskets.Unwound} unwound, {report.Baskets.Held} held");
        Console.WriteLine(
            $"orders {report.Orders.Placed} placed, {report.Orders.Filled} filled, {report.Orders.Canceled} canceled, {report.Orders.Rejected} rejected, {report.Orders.Unresolved} unresolved; fills {report.Fills}");
        Console.WriteLine($"locked profit {report.LockedProfit}, equity {report.Equity}");
        foreach (var (series, percentiles) in report.LatencyMicros) Console.WriteLine($"{series} p50 {percentiles.P50} us, p99 {percentiles.P99} us");
        foreach (var difference in differences) Console.Error.WriteLine($"ledger differs: {difference}");
        Console.WriteLine(differences.Length == 0 ? "our ledger equals the exchange's" : "OUR LEDGER DIFFERS FROM THE EXCHANGE'S");
    }

    private static int Complain(string line, int exitCode)
    {
        Console.Error.WriteLine(line);
        return exitCode;
    }
}
