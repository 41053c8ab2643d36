using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using PolyArb.Domain;
using PolyArb.Domain.Orders;
using PolyArb.Domain.Ports;
using PolyArb.Polymarket;
using PolyArb.Polymarket.Orders;
using PolyArb.Polymarket.Signing;
using PolyArb.Simulator.Engine;
using PolyArb.Simulator.Faults;
using PolyArb.Simulator.Hosting;
using PolyArb.Simulator.World;
using Xunit;
using ListedCondition = PolyArb.Simulator.World.Condition;
using OrderType = PolyArb.Domain.OrderType;
using Side = PolyArb.Domain.Side;

namespace PolyArb.Tests.Polymarket;

/// <summary>The real venue client, with its real HTTP clients, in front of the local exchange; every request passes <see cref="Door"/>.</summary>
internal sealed class VenueOverHttp : IAsyncDisposable
{
    private readonly ServiceProvider _services;
    private static long _salt;

    private VenueOverHttp(ExchangeHost exchange, RestVenue door, ServiceProvider services) => (Exchange, Door, _services) = (exchange, door, services);

    public ExchangeHost Exchange { get; }

    public RestVenue Door { get; }

    public PolymarketVenue Venue => (PolymarketVenue)_services.GetRequiredService<IVenue>();

    public PolymarketAccount Account => _services.GetRequiredService<PolymarketAccount>();

    public PolymarketProbe Probe => _services.GetRequiredService<PolymarketProbe>();

    public VenueOptions Options => _services.GetRequiredService<VenueOptions>();

    /// <summary>A standalone condition of protocol V1 whose opening book stands still.</summary>
    public ListedCondition Condition => Exchange.Exchange.World.Conditions.First(condition => condition is { NegRisk: false, ProtocolV2: false, SecondsDelay: 0, HoldsTakers: false });

    public static async Task<VenueOverHttp> Start(CancellationToken stop, string scenario = "default", Func<VenueOptions, VenueOptions>? change = null, TimeProvider? time = null)
    {
        var exchange = await ExchangeHost.StartAsync(new ExchangeOptions { Seed = 3, Quiet = true, Scenario = ScenarioFile.Load(scenario) }, stop);
        var door = await RestVenue.Start(new Uri($"http://127.0.0.1:{exchange.Port}"), stop);
        var options = OptionsAt(door.Url) with { Credentials = null };
        await using var first = Services(options, TimeProvider.System);
        var credentials = Assert.IsType<VenueAnswer<Credentials>.Ok>(await first.GetRequiredService<PolymarketKeys>().CreateOrDerive(stop)).Value;
        options = options with { Credentials = credentials };
        return new VenueOverHttp(exchange, door, Services(change?.Invoke(options) ?? options, time ?? TimeProvider.System));
    }

    public static VenueOptions OptionsAt(Uri url) => ScriptedVenue.Options with { RestUrl = url, GeoblockUrl = new Uri(url, "/api/geoblock"), OrderTimeout = TimeSpan.FromSeconds(30) };

    public static ServiceProvider Services(VenueOptions options, TimeProvider time) => new ServiceCollection()
        .AddLogging(logging => logging.ClearProviders())
        .AddSingleton(time)
        .AddSingleton<IFrameTap>(new KeepingTap())
        .AddPolymarket(options)
        .BuildServiceProvider();

    /// <summary>Ten shares for five dollars on YES, resting far below the market, unless said otherwise. Amounts in micros.</summary>
    public OrderIntent Bid(long cash = 100_000, long shares = 10_000_000, OrderType type = OrderType.Gtc, ListedCondition? condition = null) =>
        Intent(condition ?? Condition, Side.Buy, type, cash, shares);

    public static OrderIntent Intent(ListedCondition condition, Side side, OrderType type, long making, long taking) => new()
    {
        Basket = new BasketId("b1"),
        Market = new MarketId(condition.Id),
        Purpose = Purpose.Open,
        Salt = Interlocked.Increment(ref _salt),
        TimestampMs = 1_782_753_357_257,
        Order = new LegOrder
        {
            Leg = 0,
            Attempt = 0,
            Condition = new ConditionId(condition.Id),
            Token = new TokenId(condition.Tokens[0]),
            Outcome = Outcome.Yes,
            NegRisk = condition.NegRisk,
            Protocol = condition.ProtocolV2 ? ProtocolVersion.V2 : ProtocolVersion.V1,
            Side = side,
            Type = type,
            Limit = Price.Cents(1),
            MakerAmount = making,
            TakerAmount = taking,
            WorstFee = Usd.Zero,
        },
    };

    /// <summary>Signs and sends.</summary>
    public Task<SendAnswer> Send(params OrderIntent[] intents) => Venue.Send(Venue.Sign(intents), TestContext.Current.CancellationToken);

    public void Enter(Mode mode, long milliseconds = 0)
    {
        lock (Exchange.Exchange.Gate) Exchange.Exchange.Mode.Set(mode, milliseconds);
    }

    /// <summary>Returns once the fault waits for its next victim, or its window is open.</summary>
    public async Task Break(string kind, long milliseconds = 60_000)
    {
        var board = Exchange.Exchange.Faults;
        var plan = FaultPlan.Read("test", $"faults: [{{kind: {kind}, durationMs: {milliseconds}}}]");
        lock (Exchange.Exchange.Gate) board.Load(plan);
        using var deadline = new CancellationTokenSource(TimeSpan.FromSeconds(20));
        while (true)
        {
            lock (Exchange.Exchange.Gate)
            {
                if (board.IsArmed(plan.Faults[0].Kind, null) || board.Fired.Any(fired => fired.Kind == plan.Faults[0].Kind)) return;
            }

            deadline.Token.ThrowIfCancellationRequested();
            await Task.Yield();
        }
    }

    public async ValueTask DisposeAsync()
    {
        await _services.DisposeAsync();
        await Door.DisposeAsync();
        await Exchange.DisposeAsync();
    }
}
