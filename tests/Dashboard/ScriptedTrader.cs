using System.Collections.Concurrent;
using System.Collections.Immutable;
using PolyArb.Dashboard;
using PolyArb.Domain;
using PolyArb.Domain.Books;
using PolyArb.Domain.Edges;
using PolyArb.Domain.Journal;
using PolyArb.Domain.Orders;
using PolyArb.Domain.Ports;
using PolyArb.Domain.Risk;
using PolyArb.Grains.Interfaces;
using PolyArb.Tests.Domain;
using Size = PolyArb.Domain.Size;

namespace PolyArb.Tests.Dashboard;

/// <summary>A trader with one basket open and one that climbed its ladder; says what it was asked, when, and what it was told to do.</summary>
internal sealed class ScriptedTrader(TimeProvider time) : ITrader, IHistory
{
    private readonly ConcurrentQueue<(string What, MarketId? Market, long At)> _asked = new();
    private readonly Instant _begun = Instant.From(time.GetUtcNow());

    public static readonly MarketId Quiet = new("0x" + new string('f', 64));

    /// <summary>In their order.</summary>
    public IReadOnlyCollection<(string What, MarketId? Market, long At)> Asked => _asked;

    public ConcurrentQueue<(ControlVerb Verb, string By, string Reason)> Acts { get; } = new();

    public TradingState State { get; set; } = TradingState.Running;

    /// <summary>What every answer waits for.</summary>
    public Task Holds { get; set; } = Task.CompletedTask;

    /// <summary>Thrown in place of an answer.</summary>
    public Exception? Fails { get; set; }

    /// <summary>Of the journal, in their order.</summary>
    public ConcurrentQueue<HistoryQuery> Queries { get; } = new();

    /// <summary>How many fills there are.</summary>
    public int FillCount { get; set; } = 1;

    /// <summary>Orders are answered with what no page can draw.</summary>
    public bool HasBrokenOrders { get; set; }

    /// <summary>What every question waits for before it returns, with the thread that asks.</summary>
    public ManualResetEventSlim? Blocks { get; set; }

    public Task<Status> Status() => Answer("status", new Status
    {
        State = State,
        Reason = "resume: looks good",
        Epoch = 3,
        Mode = "demo",
        DryRun = true,
        Recovering = false,
        UptimeSeconds = 4_000,
        Exposure = Usd.Dollars(420),
        Cash = Usd.Dollars(9_580),
        Equity = Usd.Parse("10012.345678"),
        RealizedPnl = Usd.Parse("12.34"),
        HourlyPnl = Usd.Parse("-85.5"),
        DailyPnl = Usd.Parse("12.345678"),
        Drawdown = Usd.Parse("3.21"),
        OpenOrders = 2,
        UnresolvedOrders = 1,
        MarketStream = "Live: 2 sockets",
        UserStream = "Live: authenticated",
        Venue = "",
    });

    public Task<PositionsView> Positions() => Answer("positions", new PositionsView(
        Usd.Dollars(9_580),
        [new PositionView(Given.Event, Given.Condition(0).Id, Given.No(0), Outcome.No, Size.Shares(100), Usd.Parse("0.45")), new PositionView(null, null, new TokenId("77"), null, Size.Parse("0.37"), Usd.Zero)],
        [Basket("b-open", "Open", null)],
        [new SettleableView(Given.Event, Given.Condition(0).Id, [], Size.Shares(5), Usd.Dollars(5), [], "mergePositions(0x…, 5000000)")],
        [], IsSettling: false));

    public Task<ImmutableArray<BasketView>> Baskets() =>
        Answer<ImmutableArray<BasketView>>("baskets", [Basket("b-1", "Completed", Usd.Parse("9.5")), Basket("b-open", "Open", null)]);

    public Task<ImmutableArray<OrderView>> Orders() =>
        Answer<ImmutableArray<OrderView>>("orders", HasBrokenOrders ? default : [Order("0x1", OrderState.Confirmed), Order("0x2", OrderState.Live)]);

    public Task<ImmutableArray<FillView>> Fills() => Answer<ImmutableArray<FillView>>(
        "fills", [.. Enumerable.Range(1, FillCount).Select(n => new FillView(new TradeId($"t-{n}"), new OrderId($"0x{n}"), Given.No(0), Side.Buy, Price.Cents(45), Size.Shares(100), Usd.Parse("0.0123"), TradeStatus.Confirmed, Given.Noon))]);

    public Task<ImmutableArray<MarketLine>> Markets() => Answer<ImmutableArray<MarketLine>>(
        "markets", [new MarketLine(Given.Event, "Who wins?", 2, true, true, "MARKETS=all", ""), new MarketLine(Quiet, "Will it rain?", 1, false, false, "operator", "fees disagree")]);

    public Task<MarketView> View(MarketId market) => Answer("view", new MarketView(
        market, "Who wins?", 2, 2, 0, new ProofCounts(1_234, 1, 2), ImmutableDictionary<string, long>.Empty.Add("skew", 7), 5_678 + _asked.Count, 4_000, 3, true, 1, "abc", 0, GuardsView.None), market);

    public Task<MarketBooks> Books(MarketId market, int levels)
    {
        ConditionBook[] books = [Given.Book(Given.Condition(0), [(55, 100), (54, 250)], [(57, 40)]), Given.Book(Given.Condition(1), [(44, 75)], [(46, 10), (47, 500)])];
        var ladders = books.Select(book => new BookLadder(
            book.Condition.Id, book.Condition.Question, book.Condition.Yes, book.Condition.No, book.Life, "", book.Proof, book.LooksTrusted, false, book.Proofs, book.Tick, "0.550",
            Given.Noon, book.Book.LevelCount, Top(book.Book.Yes.Bids, levels), Top(book.Book.Yes.Asks, levels)));
        return Answer("books", new MarketBooks(
            market, "Who wins?", true, Given.Noon, [.. ladders], EdgeLook.Nearest(Given.Market(), books, Given.Policy, Usd.Zero, Given.Noon), null), market);
    }

    public Task<ImmutableArray<LatencyHistogram>> Latencies() => Answer<ImmutableArray<LatencyHistogram>>(
        "latencies", [new LatencyHistogram("recvToDecision", 120, 900, 30, [new(200, 25), new(500, 0), new(1_000, 5)]), new LatencyHistogram("sendToAck", 0, 0, 0, [])]);

    public Task<ControlAnswer> Act(ControlVerb verb, string by, string reason)
    {
        Acts.Enqueue((verb, by, reason));
        if (verb is ControlVerb.Kill) State = TradingState.Safe;
        return Answer("act", new ControlAnswer(true, "2 orders canceled, nothing is open", State, 4));
    }

    public Task<ImmutableArray<FactLine>> Facts(HistoryQuery asked)
    {
        Queries.Enqueue(asked);
        return Answer<ImmutableArray<FactLine>>("facts", [.. Story.Select((fact, n) => Line(n + 1, fact)).Where(line => line.N > asked.After)], asked.Market);
    }

    public Task<ImmutableArray<ErrorLine>> Errors(HistoryQuery asked) =>
        Answer<ImmutableArray<ErrorLine>>("errors", [new ErrorLine(Given.Noon, "user frame", "not in the venue's format")]);

    public Task<ImmutableArray<InputLine>> Inputs(HistoryQuery asked) => throw new NotSupportedException("the dashboard shows no inputs");

    Task<ImmutableArray<OrderLine>> IHistory.Orders(HistoryQuery asked) => Answer<ImmutableArray<OrderLine>>("order lines", []);

    /// <summary>One a minute, up to the beginning.</summary>
    public Task<ImmutableArray<EquityLine>> Equity(HistoryQuery asked)
    {
        Queries.Enqueue(asked);
        return Answer<ImmutableArray<EquityLine>>("equity", [.. Enumerable.Range(0, 50)
            .Select(n => new EquityLine(_begun + TimeSpan.FromMinutes(n - 50), Usd.Dollars(10_000 + n % 7 * 3), Usd.Zero))
            .Where(sample => asked.Since is not { } since || sample.At >= since)]);
    }

    public static FactLine Line(long n, Fact fact) => new(n, fact.At, fact.GetType().Name, Given.Event, new BasketId("b-1"), DomainJson.Write(fact));

    /// <summary>One leg fills short, is completed, and the basket ends well.</summary>
    public static IEnumerable<Fact> Story =>
    [
        Given.Opened(),
        new Fact.OrderChanged(Given.After(1), new OrderEvent.Filled(Given.Fill(order: "b-1/0"))),
        new Fact.OrderChanged(Given.After(1), new OrderEvent.Canceled(new OrderId("b-1/1"), "nothing left at the limit")),
        new Fact.ClosingOrderPlaced(Given.After(2), new ReservationId(1, 2), Given.Placed("b-1/1/1", Given.Leg(1, attempt: 1), Purpose.Complete)),
        new Fact.BasketLocked(Given.After(3), new BasketId("b-1"), Given.Event, Size.Shares(100), Usd.Dollars(100)),
        new Fact.BasketClosed(Given.After(4), new BasketId("b-1"), Given.Event, new BasketResult(BasketEnd.Completed, Size.Shares(100), Usd.Dollars(100), Usd.Parse("90.5"), "") { Earned = Usd.Parse("9.5") }),
    ];

    private async Task<T> Answer<T>(string what, T answer, MarketId? market = null)
    {
        _asked.Enqueue((what, market, time.GetTimestamp()));
        Blocks?.Wait();
        if (!Holds.IsCompleted) await Holds;
        return Fails is { } failure ? throw failure : answer;
    }

    private static ImmutableArray<Level> Top(BookSide side, int levels)
    {
        var top = ImmutableArray.CreateBuilder<Level>();
        for (var n = 0; n < Math.Min(levels, side.Count); n++) top.Add(side.FromTop(n));
        return top.ToImmutable();
    }

    private static BasketView Basket(string id, string state, Usd? earned) => new(
        new BasketId(id), Given.Event, BasketKind.No, Side.Buy, BasketStyle.Taker, Size.Shares(100), Usd.Dollars(100), state, Usd.Parse("90.5"), Given.Basket().Edge, Usd.Dollars(10), earned);

    private static OrderView Order(string id, OrderState state) => new(
        new OrderId(id), new BasketId("b-1"), Given.Event, Given.Condition(0).Id, Given.No(0), Side.Buy, OrderType.Fak, Price.Cents(45), Size.Shares(100), Size.Shares(100), state, Given.Noon, "");
}
