using System.Collections.Immutable;
using System.Globalization;
using BenchmarkDotNet.Attributes;
using PolyArb.Domain;
using PolyArb.Domain.Books;
using PolyArb.Domain.Edges;
using PolyArb.Domain.Guards;

namespace PolyArb.Bench;

/// <summary>What looking for an edge costs: after every update that leads nowhere, and once when one is worth it. Books have 20 levels a side.</summary>
public class EdgeBenchmarks
{
    private const int Levels = 20;

    private static readonly MarketId Event = new("0xe");

    private static readonly EdgePolicy Policy = new()
    {
        MinEdge = Usd.Cents(1),
        FailureBuffer = new Usd(2_000),
        MaxSlippageBps = 20,
        Slippage = SlippageKind.Depth,
        FixedSlippageBps = 20,
        Capital = CapitalPolicy.Off,
        MaxPlausibleEdgeBps = 1_000,
        MaxLegs = 15,
        TakerType = OrderType.Fak,
        MaxBasketOutlay = Usd.Dollars(500),
        MaxLegMismatch = Size.Parse("0.5"),
        AllYes = [Event],
        AllowDelayed = false,
        RetryAfter = TimeSpan.FromMilliseconds(250),
        QuietAfterBasket = TimeSpan.FromSeconds(1),
        MaxDataAge = TimeSpan.FromSeconds(1),
        ProofCheck = ProofCheck.Always,
        SettleTimeout = TimeSpan.FromMilliseconds(250),
        CompletionWindow = TimeSpan.FromSeconds(5),
        CompletionCapBps = 10_000,
        UnwindCapBps = 20_000,
        UnwindWindow = TimeSpan.FromSeconds(30),
        Guards = new GuardPolicy
        {
            SlippageMultiplierBps = 15_000,
            SlippageWindow = 50,
            DecayMinRatioBps = 5_000,
            DecayMinTrades = 15,
            DecayWindow = 30,
            PickedOffCount = 5,
            PickedOffWindow = TimeSpan.FromMinutes(1),
            PickedOffFreshness = TimeSpan.FromMilliseconds(250),
        },
    };

    // YES bids that add up to less than a dollar, and to three cents more than one.
    private readonly Desk _pair = new(1, bidsSum: 480);
    private readonly Desk _twenty = new(20, bidsSum: 960);
    private readonly Desk _two = new(2, bidsSum: 1_040);
    private readonly Desk _ten = new(10, bidsSum: 1_100);
    private readonly Desk _fifteen = new(15, bidsSum: 1_110);

    [GlobalSetup]
    public void Check()
    {
        if (CheckPair() + CheckTwenty() > 0) throw new InvalidOperationException("there is a candidate where there should be none");
        if (BuildTwo()?.Legs.Length != 2 || BuildTen()?.Legs.Length != 10 || BuildFifteen()?.Legs.Length != 15)
            throw new InvalidOperationException($"{BuildTwo()}, {BuildTen()} and {BuildFifteen()}");
    }

    [Benchmark(Description = "check a pair that leads nowhere")]
    public int CheckPair() => _pair.Check();

    [Benchmark(Description = "check an event of 20 conditions that leads nowhere")]
    public int CheckTwenty() => _twenty.Check();

    [Benchmark(Description = "find and build a basket of 2 legs")]
    public Basket? BuildTwo() => _two.Build();

    [Benchmark(Description = "find and build a basket of 10 legs")]
    public Basket? BuildTen() => _ten.Build();

    [Benchmark(Description = "find and build a basket of 15 legs")]
    public Basket? BuildFifteen() => _fifteen.Build();

    private sealed class Desk
    {
        private readonly EdgeEvaluator _edges;
        private readonly BasketId _id = new("b-1");

        /// <param name="bidsSum">Of the best YES bids, in thousandths.</param>
        public Desk(int conditions, int bidsSum)
        {
            ImmutableArray<ConditionBook> books = [.. Enumerable.Range(0, conditions).Select(number => Book(number, bidsSum / conditions, isEvent: conditions > 1))];
            var market = new Market { Id = Event, Title = "", NegRisk = conditions > 1, IsWhole = true, Conditions = [.. books.Select(book => book.Condition)] };
            _edges = new EdgeEvaluator(market, books, Policy);
        }

        /// <summary>What a desk does when its books have moved.</summary>
        public int Check() => _edges.IsUnsettled ? 1 : _edges.Find(Believed.Trusted, [], Policy.FailureBuffer).Count + (_edges.HasDoubts ? 1 : 0);

        public Basket? Build() => BasketSizer.Best(_edges.Find(Believed.Trusted, [], Policy.FailureBuffer), Event, Policy, Policy.FailureBuffer, _id, default);

        private static ConditionBook Book(int number, int bid, bool isEvent)
        {
            var condition = new Condition
            {
                Id = new ConditionId("0x" + number.ToString("x64", CultureInfo.InvariantCulture)),
                Question = "",
                Yes = new TokenId($"{number}1"),
                No = new TokenId($"{number}0"),
                Tick = new Price(10),
                MinOrderSize = Size.Shares(5),
                NegRisk = isEvent,
                Fee = new FeeCurve(20_000, 1),
                QuestionIndex = isEvent ? number : null,
                IsTradable = true,
                LastTrade = "0.500",
            };
            var levels = Enumerable.Range(0, Levels).Reverse().ToArray();
            var venue = new Book();
            foreach (var n in levels)
            {
                if (bid - n > 0) venue.Set(Outcome.Yes, Side.Buy, new Level(new Price((bid - n) * 10), new Size((37 + 13 * n + 7 * number) * 1_130_000L)));
                venue.Set(Outcome.Yes, Side.Sell, new Level(new Price((bid + 20 + n) * 10), Size.Shares(100 + n)));
            }

            var hash = new BookText().Hash(condition.Id, condition.Yes, 1, venue.Yes, BookFormat.Of(condition), "0.500");
            var book = new ConditionBook(condition, BookFormat.Of(condition));
            book.Apply(BookUpdate.Snapshot(condition.Id, condition.Yes, 1, hash, All(venue.Yes.Bids), All(venue.Yes.Asks), condition.Tick, "0.500"), default);
            return book.Prove() ? book : throw new InvalidOperationException($"the book is {book.Proof}");
        }

        private static Level[] All(BookSide side)
        {
            var all = new Level[side.Count];
            for (var i = 0; i < all.Length; i++) all[i] = side[i];
            return all;
        }
    }
}
