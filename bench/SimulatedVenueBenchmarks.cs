using BenchmarkDotNet.Attributes;
using PolyArb.Domain;
using PolyArb.Domain.Books;
using PolyArb.Domain.Edges;
using PolyArb.Domain.Orders;
using PolyArb.Domain.Simulation;

namespace PolyArb.Bench;

/// <summary>What the simulated venue adds to every update of a backtest: of a book in which nothing is ours, and of one with four orders of ours.</summary>
public class SimulatedVenueBenchmarks
{
    private static readonly Instant Now = new(1_767_268_800_000_000);
    private static readonly Condition Quiet = Of('a');
    private static readonly Condition Busy = Of('b');

    private readonly Dictionary<ConditionId, ConditionBook> _books = new[] { Quiet, Busy }.ToDictionary(condition => condition.Id, Book);
    private readonly BookUpdate _quiet = Change(Quiet);
    private readonly BookUpdate _busy = Change(Busy);
    private readonly SimulatedVenue _venue;

    public SimulatedVenueBenchmarks()
    {
        var rules = new VenueRules
        {
            Queue = new QueueModel.Probabilistic(2),
            Out = new LatencyModel.Constant(TimeSpan.Zero),
            Back = new LatencyModel.Constant(TimeSpan.Zero),
            MinedAfter = TimeSpan.FromSeconds(2),
            ConfirmedAfter = TimeSpan.FromSeconds(2),
            FailuresPerMillion = 0,
            RejectsPerMillion = 0,
        };
        _venue = new SimulatedVenue(rules, seed: 1, Usd.Dollars(10_000), _books.GetValueOrDefault);
        foreach (var condition in (Condition[])[Quiet, Busy])
            _venue.Follow(new Market { Id = new MarketId(condition.Id.Text), Title = "", NegRisk = false, Conditions = [condition] });
        for (var order = 0; order < 4; order++)
        {
            if (_venue.Arrive(new OrderId($"{order}"), Bid(order), Now) is not OrderEvent.Placed) throw new InvalidOperationException("an order does not rest");
        }
    }

    [Benchmark(Description = "watch a change of a book without orders of ours")]
    public void WatchQuiet() => _venue.Watch(_quiet, Now);

    [Benchmark(Description = "watch a change of a book with 4 orders of ours")]
    public void WatchBusy() => _venue.Watch(_busy, Now);

    private static Condition Of(char letter) => new()
    {
        Id = new ConditionId("0x" + new string(letter, 64)),
        Question = "",
        Yes = new TokenId(letter + new string('1', 76)),
        No = new TokenId(letter + new string('2', 76)),
        Tick = new Price(100),
        MinOrderSize = Size.Shares(5),
        NegRisk = false,
        Fee = FeeCurve.Free,
        IsTradable = true,
    };

    private static ConditionBook Book(Condition condition)
    {
        var book = new ConditionBook(condition, format: null);
        Level[] bids = [.. Enumerable.Range(1, 40).Select(cents => new Level(Price.Cents(cents), Size.Shares(100)))];
        Level[] asks = [.. Enumerable.Range(60, 39).Reverse().Select(cents => new Level(Price.Cents(cents), Size.Shares(100)))];
        book.Apply(BookUpdate.Snapshot(condition.Id, condition.Yes, 1_000, null, bids, asks, condition.Tick, null), Now);
        return book;
    }

    private static BookUpdate Change(Condition condition) => BookUpdate.Changes(condition.Id, 1_001, new[]
    {
        new LevelChange(condition.Yes, Side.Buy, new Level(Price.Cents(40), Size.Shares(100)), null),
        new LevelChange(condition.No, Side.Sell, new Level(Price.Cents(60), Size.Shares(100)), null),
    });

    private static OrderIntent Bid(int number) => new()
    {
        Basket = new BasketId($"{number}"),
        Market = new MarketId(Busy.Id.Text),
        Purpose = Purpose.Open,
        Order = new LegOrder
        {
            Leg = 0,
            Attempt = 0,
            Condition = Busy.Id,
            Token = Busy.Yes,
            Outcome = Outcome.Yes,
            NegRisk = false,
            Side = Side.Buy,
            Type = OrderType.Gtc,
            Limit = Price.Cents(40 - number),
            MakerAmount = Usd.Cost(Price.Cents(40 - number), Size.Shares(10)).Micros,
            TakerAmount = Size.Shares(10).Micros,
            WorstFee = Usd.Zero,
        },
        Salt = number,
        TimestampMs = Now.Millis,
    };
}
