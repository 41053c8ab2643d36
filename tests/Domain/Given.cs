using System.Collections.Immutable;
using System.Globalization;
using PolyArb.Domain;
using PolyArb.Domain.Books;
using PolyArb.Domain.Edges;
using PolyArb.Domain.Guards;
using PolyArb.Domain.Journal;
using PolyArb.Domain.Orders;
using PolyArb.Domain.Risk;

namespace PolyArb.Tests.Domain;

/// <summary>The plain case; a test states what differs. Prices in cents, sizes in whole shares.</summary>
internal static class Given
{
    public static readonly Instant Noon = Instant.FromMillis(1_767_268_800_000);

    public static readonly MarketId Event = new("0x" + new string('e', 64));

    /// <summary>Wide open: only what a test sets can refuse.</summary>
    public static readonly EdgePolicy Policy = new()
    {
        MinEdge = Usd.Cents(1),
        FailureBuffer = Usd.Zero,
        MaxSlippageBps = 10_000,
        Slippage = SlippageKind.Depth,
        FixedSlippageBps = 0,
        Capital = CapitalPolicy.Off,
        MaxPlausibleEdgeBps = 10_000,
        MaxLegs = 15,
        TakerType = OrderType.Fak,
        MaxBasketOutlay = Usd.Dollars(1_000_000),
        MaxLegMismatch = Size.Parse("0.05"),
        AllYes = [],
        AllowDelayed = false,
        RetryAfter = TimeSpan.FromSeconds(1),
        QuietAfterBasket = TimeSpan.FromSeconds(2),
        MaxDataAge = TimeSpan.FromSeconds(1),
        ProofCheck = ProofCheck.Always,
        SettleTimeout = TimeSpan.FromMilliseconds(250),
        CompletionWindow = TimeSpan.FromSeconds(5),
        UnwindWindow = TimeSpan.FromSeconds(30),
        Guards = new GuardPolicy
        {
            SlippageMultiplierBps = 15_000,
            SlippageWindow = 50,
            DecayMinRatioBps = 5_000,
            DecayMinTrades = 15,
            DecayWindow = 30,
            PickedOffCount = 5,
            PickedOffWindow = TimeSpan.FromSeconds(60),
            PickedOffFreshness = TimeSpan.FromMilliseconds(250),
        },
        CompletionCapBps = 10_000,
        UnwindCapBps = 10_000,
    };

    public static readonly RiskLimits Limits = new()
    {
        MaxPositionPerMarket = Usd.Dollars(200),
        MaxTotalExposure = Usd.Dollars(500),
        MaxOpenOrdersPerCondition = 100,
        MaxUnresolvedOrders = 4,
        StaleAfter = TimeSpan.FromSeconds(2),
        ReservationTtl = TimeSpan.FromSeconds(5),
    };

    public static readonly BreakerPolicy Breakers = new()
    {
        MaxHourlyLoss = Usd.Dollars(100),
        MaxDailyLoss = Usd.Dollars(300),
        MaxDrawdown = Usd.Dollars(150),
        LossHolds = TimeSpan.FromSeconds(2),
        MaxRejectBps = 2_500,
        MaxLatency = TimeSpan.FromMilliseconds(500),
        AnswerWindow = TimeSpan.FromMinutes(5),
        AnswersMin = 20,
        MarketStreamTimeout = TimeSpan.FromSeconds(15),
        UserStreamTimeout = TimeSpan.FromSeconds(10),
        PickedOffCount = 5,
        PickedOffWindow = TimeSpan.FromSeconds(60),
        MaxPhantomsPerMinute = 600,
        MaxUnresolved = 4,
        UnresolvedHolds = TimeSpan.FromMinutes(1),
    };

    public static Instant After(double seconds) => Noon + TimeSpan.FromSeconds(seconds);

    public static Condition Condition(int number = 0, bool negRisk = true) => new()
    {
        Id = new ConditionId("0x" + (number + 1).ToString("x64", CultureInfo.InvariantCulture)),
        Question = $"Question {number}?",
        Yes = Yes(number),
        No = No(number),
        Tick = Price.Cents(1),
        MinOrderSize = Size.Shares(5),
        NegRisk = negRisk,
        Fee = FeeCurve.Free,
        QuestionIndex = negRisk ? number : null,
        IsTradable = true,
        LastTrade = "0.500",
    };

    public static TokenId Yes(int number = 0) => new($"{number + 1}1");

    public static TokenId No(int number = 0) => new($"{number + 1}0");

    /// <summary>A neg-risk event, all of which is here.</summary>
    public static Market Market(params Condition[] conditions) => new()
    {
        Id = Event,
        Title = "Who wins?",
        NegRisk = true,
        IsWhole = true,
        Conditions = conditions.Length > 0 ? [.. conditions] : [Condition(0), Condition(1)],
    };

    public static Market Single(Condition condition) =>
        new() { Id = new MarketId(condition.Id.Text), Title = condition.Question, NegRisk = false, Conditions = [condition] };

    public static Level Level(int cents, long shares) => new(Price.Cents(cents), Size.Shares(shares));

    public static Level[] Levels(params (int Cents, long Shares)[] levels) => [.. levels.Select(level => Level(level.Cents, level.Shares))];

    /// <summary>A synced and proven book of YES bids and asks.</summary>
    public static ConditionBook Book(Condition condition, (int Cents, long Shares)[] bids, (int Cents, long Shares)[] asks)
    {
        var book = new ConditionBook(condition, BookFormat.Of(condition));
        var venue = new VenueBook(condition);
        foreach (var (cents, shares) in bids) venue.Set(Outcome.Yes, Side.Buy, cents, shares);
        foreach (var (cents, shares) in asks) venue.Set(Outcome.Yes, Side.Sell, cents, shares);
        book.Apply(venue.Snapshot(), Noon);
        return book;
    }

    /// <summary>A book whose NO asks are these.</summary>
    public static ConditionBook NoAsks(Condition condition, params (int Cents, long Shares)[] asks) =>
        Book(condition, [.. asks.Select(ask => (100 - ask.Cents, ask.Shares))], []);

    public static LegOrder Leg(
        int leg = 0, Side side = Side.Buy, long cents = 4_500, long shares = 100, long feeCents = 0, int attempt = 0, OrderType type = OrderType.Fak,
        Outcome outcome = Outcome.No) => new()
        {
            Leg = leg,
            Attempt = attempt,
            Condition = Condition(leg).Id,
            Token = outcome is Outcome.No ? No(leg) : Yes(leg),
            Outcome = outcome,
            NegRisk = true,
            Side = side,
            Type = type,
            Limit = Price.Cents(45),
            MakerAmount = side is Side.Buy ? Usd.Cents(cents).Micros : Size.Shares(shares).Micros,
            TakerAmount = side is Side.Buy ? Size.Shares(shares).Micros : Usd.Cents(cents).Micros,
            WorstFee = Usd.Cents(feeCents),
        };

    /// <summary>100 NO shares of each leg at 45 cents: costs 90, pays 100.</summary>
    public static Basket Basket(BasketKind kind = BasketKind.No, int legs = 2, string id = "b-1", Side side = Side.Buy, long cents = 4_500) => new()
    {
        Side = side,
        Id = new BasketId(id),
        Market = Event,
        Kind = kind,
        Legs = [.. Enumerable.Range(0, legs).Select(leg => Leg(leg, side, cents, outcome: kind is BasketKind.No ? Outcome.No : Outcome.Yes))],
        Quantity = Size.Shares(100),
        PayoutDollars = kind is BasketKind.No ? legs - 1 : 1,
        Edge = new EdgeTerms(Usd.Dollars(1), Usd.Cents(90), Usd.Zero, Usd.Zero, Usd.Zero),
        SeenAt = Noon,
    };

    public static OrderPlaced Placed(string id, LegOrder? order = null, Purpose purpose = Purpose.Open, string basket = "b-1") => new(
        new OrderId(id),
        new OrderIntent
        {
            Basket = new BasketId(basket),
            Market = Event,
            Purpose = purpose,
            Order = order ?? Leg(),
            Salt = OrderIntent.SaltOf(new BasketId(basket), order?.Leg ?? 0, order?.Attempt ?? 0),
            TimestampMs = Noon.Millis,
        });

    /// <summary>The basket with orders "b-1/0", "b-1/1" and so on.</summary>
    public static Fact.BasketOpened Opened(Basket? basket = null, long reservation = 1)
    {
        var opened = basket ?? Basket();
        return new Fact.BasketOpened(
            Noon, opened, new ReservationId(1, reservation),
            [.. opened.Legs.Select(leg => Placed($"{opened.Id}/{leg.Leg}", leg, basket: opened.Id.Text))]);
    }

    public static Fill Fill(
        string trade = "t1", TradeStatus status = TradeStatus.Matched, long shares = 100, long cents = 4_500, long feeCents = 0, string order = "o1") => new(
        new TradeId(trade), new OrderId(order), status, Size.Shares(shares), Usd.Cents(cents), Usd.Cents(feeCents), Price.Cents(45), Noon);

    public static Proposal Proposal(
        Purpose purpose = Purpose.Open, MarketId? market = null, params LegOrder[] orders) => new()
        {
            Id = new BasketId("b-1"),
            Market = market ?? Event,
            Purpose = purpose,
            Orders = orders.Length > 0 ? [.. orders] : [Leg()],
            SeenAt = Noon,
            ReceivedAt = Noon,
        };

    public static Announcement Announcement(
        Usd cash, TradingState trading = TradingState.Running, bool recovering = false, long epoch = 1) => new(
        1, epoch, trading, recovering, cash, Usd.Zero, [], [], [], []);

    public static FeedInput Input(long sequence, Instant at, params BookUpdate[] updates) => new(sequence, at, (ulong)sequence, [.. updates], null);

    /// <summary>A book whose NO costs 45 cents.</summary>
    public static BookUpdate Cheap(int condition)
    {
        var book = new VenueBook(Condition(condition));
        book.Set(Outcome.Yes, Side.Buy, 55, 100);
        book.Set(Outcome.Yes, Side.Sell, 60, 100);
        return book.Snapshot();
    }
}

/// <summary>The venue's side of one condition's book: says what it has with the hash that proves it.</summary>
internal sealed class VenueBook(Condition condition)
{
    private readonly BookText _text = new();

    public Book Book { get; } = new();

    public long Ms { get; set; } = 1_000;

    public string LastTrade { get; set; } = condition.LastTrade ?? "";

    public BookHash Hash(Outcome outcome) =>
        _text.Hash(condition.Id, condition.Token(outcome), Ms, Book.Of(outcome), BookFormat.Of(condition), LastTrade);

    public void Set(Outcome outcome, Side side, int cents, long shares) => Book.Set(outcome, side, Given.Level(cents, shares));

    public BookUpdate Snapshot(Outcome outcome = Outcome.Yes)
    {
        var view = Book.Of(outcome);
        var (bids, asks) = (All(view.Bids), All(view.Asks));
        return BookUpdate.Snapshot(condition.Id, condition.Token(outcome), Ms, Hash(outcome), bids, asks, condition.Tick, LastTrade);
    }

    /// <summary>One level of one token changes; the message names it on both tokens.</summary>
    public BookUpdate Change(Outcome outcome, Side side, int cents, long shares)
    {
        Set(outcome, side, cents, shares);
        return Said(outcome, side, cents, shares);
    }

    /// <summary>The message about a change that is in the book already, with the hashes the book has now.</summary>
    public BookUpdate Said(Outcome outcome, Side side, int cents, long shares)
    {
        var other = outcome is Outcome.Yes ? Outcome.No : Outcome.Yes;
        return BookUpdate.Changes(
            condition.Id, Ms,
            new[]
            {
                new LevelChange(condition.Token(outcome), side, Given.Level(cents, shares), Hash(outcome)),
                new LevelChange(condition.Token(other), side is Side.Buy ? Side.Sell : Side.Buy, Given.Level(100 - cents, shares), Hash(other)),
            });
    }

    private static Level[] All(BookSide side)
    {
        var levels = new Level[side.Count];
        for (var i = 0; i < side.Count; i++) levels[i] = side[i];
        return levels;
    }
}
