using System.Collections.Concurrent;
using System.Collections.Immutable;
using System.Net;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Hosting;
using Orleans.TestingHost;
using PolyArb.Config;
using PolyArb.Domain;
using PolyArb.Domain.Books;
using PolyArb.Domain.Journal;
using PolyArb.Domain.Orders;
using PolyArb.Domain.Ports;
using PolyArb.Domain.Risk;
using PolyArb.Grains;
using PolyArb.Grains.Interfaces;
using PolyArb.Polymarket;
using PolyArb.Polymarket.Orders;
using PolyArb.Polymarket.Signing;
using PolyArb.Silo.Hosting;
using PolyArb.Simulator.Hosting;
using PolyArb.Storage;
using PolyArb.Tests.Polymarket;
using Xunit;
using VenueOptions = PolyArb.Polymarket.VenueOptions;

namespace PolyArb.Tests.Grains;

/// <summary>
/// A trading day in one process: the exchange on loopback, and a silo of a real test cluster with everything a production silo has.
/// Tests wait for facts and deliveries, never for time.
/// </summary>
internal sealed class Day : IAsyncDisposable
{
    /// <summary>A ladder may take 35 seconds of it, its settlement some, and a busy machine twice as long.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(180);

    private readonly ExchangeHost _exchange;
    private readonly DataDirectory _data;
    private readonly InProcessTestCluster _cluster;
    private readonly RestVenue _door;
    private bool _isSiloStopped;

    private Day(ExchangeHost exchange, RestVenue door, DataDirectory data, InProcessTestCluster cluster, Witness witness)
    {
        (_exchange, _door, _data, _cluster, Witness) = (exchange, door, data, cluster, witness);
    }

    public Witness Witness { get; }

    public ExchangeHost Exchange => _exchange;

    /// <summary>Between the silo's REST calls and the exchange.</summary>
    public RestVenue Door => _door;

    /// <summary>Everything that was recorded; whole once the silo has stopped.</summary>
    public string Recorded => Path.Combine(_data.Root, "events.db");

    public IGrainFactory Grains => Silo.GetRequiredService<IGrainFactory>();

    public IServiceProvider Silo => ((InProcessSiloHandle)_cluster.Silos[0]).SiloHost.Services;

    public IControl Control => _cluster.Client.GetGrain<IControl>(0);

    public IClusterClient Client => _cluster.Client;

    /// <summary>The wallet that trades.</summary>
    public const string Wallet = "0xf39Fd6e51aad88F6F4ce6aB8827279cffFb92266";

    public static Task<Day> Start(
        ulong seed, CancellationToken cancellation, bool startPaused = false, Func<ISettlement, ISettlement>? settles = null) => Start(
        new DayPlan { Exchange = new ExchangeOptions { Seed = seed, SpeedPercent = 300 }, StartPaused = startPaused, Settles = settles }, cancellation);

    public static async Task<Day> Start(DayPlan plan, CancellationToken cancellation)
    {
        var exchange = await ExchangeHost.StartAsync(plan.Exchange, cancellation);
        plan.Before(exchange.Exchange);
        var address = new Uri($"http://127.0.0.1:{exchange.Port}");
        var door = await RestVenue.Start(address, cancellation);
        var venue = await VenueAt(door.Url, address, cancellation);
        var data = DataDirectory.Open(
            Directory.CreateTempSubdirectory("polyarb-test-").FullName, Identity.Live(137, venue.Venue.RestUrl, venue.Venue.Signer!.Address.ToString()), TimeProvider.System);
        var setup = SetupOf(venue.Venue, venue.Events, data, plan);
        var witness = new Witness();

        var builder = new InProcessTestClusterBuilder(1);
        builder.Options.ConfigureFileLogging = false;
        builder.ConfigureClient(client => client.Services.AddPolyArbWire());
        builder.ConfigureSiloHost((_, host) =>
        {
            host.Services.AddTrading(setup, TimeProvider.System);
            host.Services.AddSingleton(witness);
            host.Services.Replace(ServiceDescriptor.Singleton<IJournal>(_ => new WitnessedJournal(new SqlJournal(data.Journal), witness)));
            if (plan.Settles is { } settles)
            {
                var real = host.Services.Last(service => service.ServiceType == typeof(ISettlement)).ImplementationFactory!;
                host.Services.Replace(ServiceDescriptor.Singleton(provider => settles((ISettlement)real(provider))));
            }

            host.Services.AddSingleton<PolyArb.Polymarket.MarketFeed.PolymarketMarketFeed>();
            host.Services.Replace(ServiceDescriptor.Singleton<IMarketFeed, WitnessedFeed>());
        });
        builder.ConfigureSilo((_, silo) =>
        {
            silo.AddTradingGrains(setup);
            if (plan.Calls is { } calls) silo.AddOutgoingGrainCallFilter(calls);
        });
        builder.ConfigureSiloHost((_, host) => host.Services.AddMarketWatch().AddIgnition());
        var cluster = builder.Build();
        await cluster.DeployAsync(cancellation);
        return new Day(exchange, door, data, cluster, witness);
    }

    public async Task StopSilo()
    {
        if (!_isSiloStopped) await _cluster.StopAllSilosAsync();
        _isSiloStopped = true;
    }

    /// <summary>Nothing new from here on, and what was open has ended.</summary>
    public async Task Closed()
    {
        await Control.Pause("test", "enough");
        using var deadline = new CancellationTokenSource(Patience);
        while ((await Control.Baskets()).Any(basket => basket.State is "Open" or "Locked"))
        {
            if (deadline.IsCancellationRequested) Assert.Fail($"not closed: {await Describe(Grains.GetGrain<IOrderGatewayGrain>(0))}");
            await Task.Delay(50, CancellationToken.None);
        }
    }

    /// <summary>Nothing new from here on: what is open is closed, what can be merged or converted was.</summary>
    public async Task Settled()
    {
        await Control.Pause("test", "enough");
        using var deadline = new CancellationTokenSource(Patience);
        var gateway = Grains.GetGrain<IOrderGatewayGrain>(0);
        while (!(await gateway.BusyMarkets()).IsEmpty || (await gateway.Positions()).IsSettling)
        {
            if (deadline.IsCancellationRequested) Assert.Fail($"not settled: {await Describe(gateway)}");
            await Task.Delay(50, CancellationToken.None);
        }
    }

    private static async Task<string> Describe(IOrderGatewayGrain gateway)
    {
        var (status, open) = (await gateway.Status(), (await gateway.Baskets()).Where(basket => basket.State is "Open" or "Locked").Select(basket => $"{basket.Id} {basket.State}"));
        var orders = (await gateway.Orders()).Where(order => order.Status is OrderState.InFlight or OrderState.Unanswered or OrderState.Delayed or OrderState.Live or OrderState.Matched);
        return $"{status.State} ({status.Reason}), {status.Venue}; {string.Join(", ", open)}; {string.Join(", ", orders.Select(order => $"{order.Id} {order.Type} {order.Status} {order.Matched} {order.Note}"))}; settling {(await gateway.Positions()).IsSettling}";
    }

    /// <summary>Where our ledger differs from the exchange's, to the last unit.</summary>
    public async Task<string[]> Differences(CancellationToken cancellation)
    {
        using var http = new HttpClient();
        var ledger = await PolyArb.Silo.Demo.VenueLedger.Read(
            http, new Uri($"http://127.0.0.1:{_exchange.Port}"), "0xf39Fd6e51aad88F6F4ce6aB8827279cffFb92266", cancellation);
        return [.. ledger.Differences(await Control.Positions(), await Control.AllOrders(), await Control.AllFills())];
    }

    public async ValueTask DisposeAsync()
    {
        await StopSilo();
        await _cluster.DisposeAsync();
        await _door.DisposeAsync();
        await _exchange.DisposeAsync();
        _data.Dispose();
        Directory.Delete(_data.Root, recursive: true);
    }

    /// <summary>What trips by how fast the machine is, how much is at stake or what a test does to the wire stands aside.</summary>
    private static BreakerPolicy Patient(BreakerPolicy policy) => policy with
    {
        MaxLatency = TimeSpan.FromMinutes(10),
        MaxRejectBps = 10_000,
        MarketStreamTimeout = TimeSpan.FromMinutes(10),
        UserStreamTimeout = TimeSpan.FromMinutes(10),
        MaxHourlyLoss = Usd.Dollars(100_000),
        MaxDailyLoss = Usd.Dollars(100_000),
        MaxDrawdown = Usd.Dollars(100_000),
        PickedOffCount = 10_000,
        UnresolvedHolds = TimeSpan.FromMinutes(10),
    };

    private static async Task<(VenueOptions Venue, ImmutableArray<MarketId> Events)> VenueAt(Uri rest, Uri exchange, CancellationToken cancellation)
    {
        var venue = new VenueOptions
        {
            RestUrl = rest,
            WsUrl = new Uri($"ws://{exchange.Authority}/ws"),
            GammaUrl = new Uri(exchange, "/gamma/"),
            DataUrl = new Uri(exchange, "/data-api/"),
            ChainId = 137,
            Signer = Tests.Polymarket.Given.SignerOf("ac0974bec39a17e36ba4a6b4d238ff944bacb478cbed5efcae784d7bf4f2ff80"), // Hardhat's public account 0.
        };
        await using var services = new ServiceCollection().AddLogging().AddPolymarket(venue).BuildServiceProvider();
        var keys = Assert.IsType<VenueAnswer<Credentials>.Ok>(await services.GetRequiredService<PolymarketKeys>().CreateOrDerive(cancellation));
        var listing = Assert.IsType<VenueAnswer<Listing>.Ok>(await services.GetRequiredService<ICatalog>().List(cancellation)).Value;
        return (venue with { Credentials = keys.Value }, [.. listing.Markets.Select(listed => listed.Market).Where(market => market.NegRisk).Select(market => market.Id)]);
    }

    /// <summary>A limit that a test sets is a limit; the others are out of its way.</summary>
    private static TradingRules RulesOf(PolyArbOptions options, ImmutableArray<MarketId> events, DayPlan plan)
    {
        var rules = plan.Rules(SiloSetup.RulesOf(options, "test"));
        return rules with
        {
            StartPaused = plan.StartPaused,
            DryRun = false,
            Edge = rules.Edge with { AllYes = events },
            Risk = rules.Risk with
            {
                MaxPositionPerMarket = Usually("risk.max_position_per_market", Usd.Dollars(50_000), rules.Risk.MaxPositionPerMarket),
                MaxTotalExposure = Usually("risk.max_total_exposure", Usd.Dollars(200_000), rules.Risk.MaxTotalExposure),
            },
            Breakers = Patient(rules.Breakers),
        };

        T Usually<T>(string key, T here, T said) => options.Parameters[key].IsDefault ? here : said;
    }

    private static SiloSetup SetupOf(VenueOptions venue, ImmutableArray<MarketId> events, DataDirectory data, DayPlan plan)
    {
        var options = PolyArbOptions.Defaults;
        return new SiloSetup
        {
            Data = data,
            Venue = venue,
            Configuration = new Configuration(options, changed => RulesOf(changed, events, plan), plan.Reread),
            Address = IPAddress.Loopback,
            SiloPort = 0,
            GatewayPort = 0,
            EnableAll = true,
            Seeds = [],
            LogLevel = Serilog.Events.LogEventLevel.Warning,
            Paper = null,
            SettlesAt = venue.RestUrl,
            Recorder = options.Recorder,
            Door = plan.Door,
            Snapshots = options.Snapshot,
            Persistence = options.Persistence,
            Metrics = options.Metrics,
            Traces = options.Traces,
            Web = null,
            Redactor = Redactor.Nothing,
            WaitingHighWatermark = options.Runtime.EventQueueHighWatermark,
        };
    }
}

/// <summary>What is special about a day.</summary>
internal sealed record DayPlan
{
    public required ExchangeOptions Exchange { get; init; }

    /// <summary>What was there before the silo.</summary>
    public Action<PolyArb.Simulator.Engine.Exchange> Before { get; init; } = _ => { };

    public bool StartPaused { get; init; }

    public ControlDoor Door { get; init; } = ControlDoor.Unlocked;

    public Func<TradingRules, TradingRules> Rules { get; init; } = rules => rules;

    /// <summary>What the configuration says when it is read again.</summary>
    public Func<ConfigResult>? Reread { get; init; }

    /// <summary>Stands between the gateway and the exchange's merging and converting.</summary>
    public Func<ISettlement, ISettlement>? Settles { get; init; }

    /// <summary>Stands between grains.</summary>
    public IOutgoingGrainCallFilter? Calls { get; init; }
}

/// <summary>Sees every fact as it becomes durable and every batch as its market answers.</summary>
internal sealed class Witness
{
    /// <summary>What the disk does not take.</summary>
    public Func<Fact, bool> Loses { get; set; } = _ => false;

    private long _lost;
    private long _fence;

    private readonly Lock _gate = new();
    private readonly List<Fact> _facts = [];
    private readonly List<Delivery> _deliveries = [];
    private readonly List<(Func<bool> Holds, TaskCompletionSource Done)> _waits = [];

    public ImmutableArray<Fact> Facts
    {
        get
        {
            lock (_gate) return [.. _facts];
        }
    }

    public ImmutableArray<Delivery> Deliveries
    {
        get
        {
            lock (_gate) return [.. _deliveries];
        }
    }

    public Task Until(Func<Fact, bool> fact) => Until(() => _facts.Any(fact));

    /// <param name="within">A minute unless the test needs a longer day.</param>
    public Task UntilFacts(Func<IReadOnlyList<Fact>, bool> holds, TimeSpan? within = null) => Until(() => holds(_facts), within);

    public Task UntilDelivered(Func<IReadOnlyList<Delivery>, bool> holds) => Until(() => holds(_deliveries));

    public void See(ImmutableArray<Fact> facts) => Change(() => _facts.AddRange(facts));

    /// <summary>Something was not taken.</summary>
    public Task UntilLost() => Until(() => _lost > 0);

    /// <summary>So many gateways have lived.</summary>
    public Task UntilFence(long fence) => Until(() => _fence >= fence);

    public void Lose() => Change(() => _lost++);

    public void Raise(long fence) => Change(() => _fence = fence);

    public void See(Delivery delivery) => Change(() => _deliveries.Add(delivery));

    private void Change(Action change)
    {
        lock (_gate)
        {
            change();
            foreach (var (_, done) in _waits.Where(wait => wait.Holds())) done.TrySetResult();
            _waits.RemoveAll(wait => wait.Done.Task.IsCompleted);
        }
    }

    private Task Until(Func<bool> holds, TimeSpan? within = null)
    {
        lock (_gate)
        {
            if (holds()) return Task.CompletedTask;

            var done = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            _waits.Add((holds, done));
            return done.Task.WaitAsync(within ?? TimeSpan.FromSeconds(60)); // A deadline, not a schedule.
        }
    }
}

internal sealed record Delivery(MarketId Market, long Session, long First, long Last, FeedAnswer Answer);

internal sealed class WitnessedJournal(SqlJournal journal, Witness witness) : IJournal, IAsyncDisposable
{
    public async Task Append(ImmutableArray<Fact> facts, long fence)
    {
        if (facts.Any(witness.Loses))
        {
            witness.Lose();
            throw new IOException("disk full");
        }

        await journal.Append(facts, fence);
        witness.See(facts);
    }

    public IAsyncEnumerable<Fact> ReadAll(CancellationToken cancellation) => journal.ReadAll(cancellation);

    public async Task<long> RaiseFence()
    {
        var fence = await journal.RaiseFence();
        witness.Raise(fence);
        return fence;
    }

    public ValueTask DisposeAsync() => journal.DisposeAsync();
}

internal sealed class WitnessedFeed(PolyArb.Polymarket.MarketFeed.PolymarketMarketFeed feed, Witness witness) : IMarketFeed
{
    public StreamHealth Health => feed.Health;

    public int Waiting => feed.Waiting;

    public long Follow(Market market, Func<long, ImmutableArray<FeedInput>, Task<FeedAnswer>> deliver) => feed.Follow(market, async (session, batch) =>
    {
        var answer = await deliver(session, batch);
        witness.See(new Delivery(market.Id, session, batch[0].Sequence, batch[^1].Sequence, answer));
        return answer;
    });

    public void Unfollow(MarketId market, long session) => feed.Unfollow(market, session);

    public void Resync(MarketId market, long session) => feed.Resync(market, session);

    public bool IsFresh(MarketId market, IEnumerable<ConditionId> conditions) => feed.IsFresh(market, conditions);
}
