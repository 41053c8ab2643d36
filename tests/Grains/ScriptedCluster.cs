using System.Collections.Immutable;
using Microsoft.Extensions.DependencyInjection;
using Orleans.Runtime.MembershipService.SiloMetadata;
using Orleans.TestingHost;
using PolyArb.Domain;
using PolyArb.Domain.Orders;
using PolyArb.Domain.Ports;
using PolyArb.Domain.Risk;
using PolyArb.Grains;
using PolyArb.Grains.Interfaces;
using PolyArb.Tests.Domain;
using Xunit;

namespace PolyArb.Tests.Grains;

/// <summary>Portfolio and gateway on a real cluster, with a venue and a journal that do what the test says, when it says so.</summary>
internal sealed class ScriptedCluster : IAsyncDisposable
{
    private readonly InProcessTestCluster _cluster;

    private ScriptedCluster(
        InProcessTestCluster cluster, ScriptedVenue venue, ScriptedJournal journal, HeldCalls calls, ShiftedTime time, SilentMarketFeed feed, ScriptedSettlement settlement,
        ScriptedStopFile stopFile) =>
        (_cluster, Venue, Journal, Calls, Time, Feed, Settlement, StopFile) = (cluster, venue, journal, calls, time, feed, settlement, stopFile);

    /// <summary>No limit that a test would meet by chance.</summary>
    public static readonly PacerRules Unhurried = new(
        new(100_000, TimeSpan.FromMinutes(10)), new(3_500, TimeSpan.FromSeconds(10)), new(36_000, TimeSpan.FromMinutes(10)), new(3_000, TimeSpan.FromSeconds(10)),
        new(30_000, TimeSpan.FromMinutes(10)), TimeSpan.FromMilliseconds(100), TimeSpan.FromSeconds(5));

    public ScriptedVenue Venue { get; }

    public ScriptedJournal Journal { get; }

    public HeldCalls Calls { get; }

    public ShiftedTime Time { get; }

    public SilentMarketFeed Feed { get; }

    public ScriptedSettlement Settlement { get; }

    public ScriptedStopFile StopFile { get; }

    public required ScriptedSelfCheck Self { get; init; }

    public required SilentUserFeed UserFeed { get; init; }

    public IOrderGatewayGrain Gateway => Grains.GetGrain<IOrderGatewayGrain>(0);

    public IMarketGrain Market => Grains.GetGrain<IMarketGrain>(Given.Event.Text);

    public IRegistryGrain Registry => Grains.GetGrain<IRegistryGrain>(0);

    public IPortfolioGrain Portfolio => Grains.GetGrain<IPortfolioGrain>(0);

    public LatencyBook Latencies => Services.GetRequiredService<LatencyBook>();

    public MarketBoard Board => Services.GetRequiredService<MarketBoard>();

    public RulesInForce Rules => Services.GetRequiredService<RulesInForce>();

    public NoShutdown Shutdown => Services.GetRequiredService<NoShutdown>();

    public IGrainFactory Grains => Services.GetRequiredService<IGrainFactory>();

    private IServiceProvider Services => ((InProcessSiloHandle)_cluster.Silos[0]).SiloHost.Services;

    /// <summary>RUNNING and recovered.</summary>
    /// <param name="before">How the venue is at the start, which is not waited for then.</param>
    /// <param name="journal">Of a silo that is gone: this one starts from what it left.</param>
    /// <param name="parameters">Made of the rules in force, and of those at the start; without them none can be changed.</param>
    /// <param name="lease">Shared with other silos; without it the gateway is the only one.</param>
    /// <param name="wakes">The gateway, as the ignition loop of a silo does.</param>
    /// <param name="holdsKey">Of each silo; one that does without it.</param>
    /// <param name="steady">The time goes on by itself, whatever <see cref="Time"/> is shifted by: that is the machine's clock then.</param>
    public static async Task<ScriptedCluster> Start(
        bool pauseCancels = false, StopOrder? stop = null, Func<TradingRules, TradingRules>? rules = null, bool isBlackHoled = false,
        ScriptedJournal? journal = null, Action<ScriptedVenue>? before = null, bool steady = false,
        Func<RulesInForce, TradingRules, IParameters>? parameters = null, IGatewayLease? lease = null, bool wakes = true, params bool[] holdsKey)
    {
        bool[] silos = holdsKey.Length > 0 ? holdsKey : [true];
        var self = new ScriptedSelfCheck();
        var (venue, calls, time, feed) = (new ScriptedVenue(), new HeldCalls(), new ShiftedTime(), new SilentMarketFeed());
        journal ??= new ScriptedJournal();
        var (settlement, stopFile, userFeed) = (new ScriptedSettlement(), new ScriptedStopFile { Order = stop }, new SilentUserFeed());
        venue.IsBlackHoled = isBlackHoled;
        before?.Invoke(venue);
        var builder = new InProcessTestClusterBuilder((short)silos.Length);
        builder.Options.ConfigureFileLogging = false;
        builder.ConfigureClient(client => client.Services.AddPolyArbWire());
        builder.ConfigureSilo((options, silo) =>
        {
            var holds = silos[Math.Min(int.Parse(options.SiloName[^1..], System.Globalization.CultureInfo.InvariantCulture), silos.Length - 1)];
            silo.AddMemoryGrainStorage(RegistryGrain.Storage);
            silo.AddOutgoingGrainCallFilter(calls);
            silo.UseSiloMetadata(new Dictionary<string, string> { [Neighbours.Key] = holds ? Neighbours.Yes : "no" });
            silo.Services.AddPolyArbWire();
            silo.Services.AddSingleton<TimeProvider>(steady ? new PolyArb.Silo.Hosting.SteadyTime(time) : time);
            silo.Services.AddSingleton<IVenue>(venue);
            silo.Services.AddSingleton<IJournal>(journal);
            silo.Services.AddSingleton<ISettlement>(settlement);
            silo.Services.AddSingleton<ICatalog, ScriptedCatalog>();
            silo.Services.AddSingleton<IUserFeed>(userFeed);
            silo.Services.AddSingleton<IMarketFeed>(feed);
            silo.Services.AddSingleton<IFrameTap, NoTap>();
            silo.Services.AddSingleton<NoShutdown>();
            silo.Services.AddSingleton<IShutdown>(services => services.GetRequiredService<NoShutdown>());
            silo.Services.AddSingleton<IStopFile>(stopFile);
            silo.Services.AddSingleton<ISelfCheck>(self);
            silo.Services.AddSingleton<LatencyBook>();
            silo.Services.AddSingleton<ProposalCounts>();
            silo.Services.AddSingleton<TurnRecorder>();
            silo.Services.AddControllable<MarketBoard>(MarketBoard.Name);
            silo.Services.AddSingleton<PortfolioRecorder>();
            silo.Services.AddSingleton(new ProcessLife());
            silo.Services.AddSingleton<GatewayPresence>();
            silo.Services.AddSingleton(lease ?? new SoleGateway());
            silo.AddPlacements(holds);
            var usual = new TradingRules
            {
                Edge = Given.Policy,
                Risk = Given.Limits with { StaleAfter = TimeSpan.FromMinutes(1) },
                Breakers = Given.Breakers,
                SettleMin = Size.Shares(5),
                StartPaused = false,
                Mode = "test",
                DryRun = false,
                AckTimeout = TimeSpan.FromSeconds(10),
                SendDeadline = TimeSpan.FromMinutes(1),
                Resting = new(TimeSpan.FromSeconds(15), TimeSpan.FromMilliseconds(1_200), CancelsPerSecond: 5),
                Flatten = new(Sells: false, TimeSpan.FromSeconds(60)),
                Quarantine = new(TimeSpan.FromSeconds(60), Usd.Cents(5)),
                PauseCancels = pauseCancels,
                Reconciling = new(TimeSpan.FromHours(1), TimeSpan.FromDays(1), Usd.Cents(5)),
                Pace = Unhurried,
                SameIntent = new(new Price(1), Size.Parse("0.1")),
                CancelsOnConnect = false,
            };
            usual = (rules ?? (its => its))(usual);
            silo.Services.AddSingleton(new RulesInForce(usual));
            silo.Services.AddSingleton<IParameters>(provider => parameters?.Invoke(provider.GetRequiredService<RulesInForce>(), usual) ?? new NoParameters());
        });
        var cluster = builder.Build();
        await cluster.DeployAsync();
        var scripted = new ScriptedCluster(cluster, venue, journal, calls, time, feed, settlement, stopFile) { Self = self, UserFeed = userFeed };
        if (!wakes) return scripted;

        await scripted.Gateway.Wake("silo", feed.Health);
        if (isBlackHoled || before is not null) return scripted; // Whoever asked for it says what he waits for.

        await scripted.Reservable();
        venue.OpenReads = 0; // The start read them too.
        return scripted;
    }

    /// <summary>As an operator's program is connected.</summary>
    public IClusterClient Client => _cluster.Client;

    /// <summary>One more silo, like the last one.</summary>
    public Task Join() => _cluster.StartAdditionalSiloAsync();

    public Task<ImmutableArray<SiloView>> Silos() => Grains.GetGrain<IClusterView>(0).Silos();

    /// <summary>Completes when the portfolio approves again: the gateway has announced itself as recovered.</summary>
    public async Task Reservable()
    {
        using var deadline = new CancellationTokenSource(TimeSpan.FromSeconds(20));
        while ((await Portfolio.View()).IsRecovering) deadline.Token.ThrowIfCancellationRequested();
    }

    /// <summary>
    /// The gateway announces itself no more: two ticks have begun since it has recovered, and the first saw that the portfolio knows it. An announcement
    /// takes up what is being consumed, so a call that is held on its way would find it taken.
    /// </summary>
    public async Task Settled()
    {
        var ticks = Calls.Count(nameof(IPortfolioGrain.Check)) + 2;
        await FaultDay.Until(() => Task.FromResult(Calls.Count(nameof(IPortfolioGrain.Check)) >= ticks));
    }

    /// <summary>Moves the clock on by so much that the venue is read again before the next order.</summary>
    public async Task Sleep(TimeSpan by)
    {
        Time.Shift(by);
        await FaultDay.Until(async () => !(await Gateway.Status()).Recovering);
    }

    public static Proposal Proposal(string id = "b-1") => Given.Proposal() with
    {
        Id = new BasketId(id),
        Basket = Given.Basket(id: id),
        Orders = Given.Basket().Legs,
        SeenAt = TimeProvider.System.Now(),
        ReceivedAt = TimeProvider.System.Now(),
    };

    public async Task<Reservation> Reserved(Proposal proposal) =>
        Assert.IsType<RiskDecision.Approved>(await Portfolio.Reserve(proposal)).Reservation;

    public async ValueTask DisposeAsync()
    {
        Venue.Answer.TrySetResult(true);
        Journal.Open();
        Calls.LetGo();
        Settlement.Answer.TrySetResult(new SettlementAnswer.Done());
        await _cluster.StopAllSilosAsync();
        await _cluster.DisposeAsync();
    }
}
