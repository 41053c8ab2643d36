using PolyArb.Domain;
using PolyArb.Domain.Books;
using PolyArb.Domain.Edges;
using PolyArb.Domain.Orders;
using PolyArb.Domain.Simulation;
using Xunit;
using Size = PolyArb.Domain.Size;

namespace PolyArb.Tests.Domain;

/// <summary>
/// A tape of one condition as a simulated venue watches it, in YES terms. Every message is a millisecond later than the one before, for
/// the venue and for us.
/// </summary>
internal sealed class Tape
{
    public static readonly Condition Condition = Given.Condition(negRisk: false) with { Fee = new FeeCurve(50_000, 1) };

    public static readonly VenueRules Rules = new()
    {
        Queue = new QueueModel.RiskAverse(),
        Out = new LatencyModel.Constant(TimeSpan.FromMilliseconds(80)),
        Back = new LatencyModel.Constant(TimeSpan.Zero),
        MinedAfter = TimeSpan.FromSeconds(2),
        ConfirmedAfter = TimeSpan.FromSeconds(3),
        FailuresPerMillion = 0,
        RejectsPerMillion = 0,
    };

    private static readonly TimeSpan Step = TimeSpan.FromMilliseconds(1);
    private int _orders;

    public Tape(VenueRules? rules = null, ulong seed = 1, Usd? cash = null, RecordedFills? recorded = null)
    {
        Venue = new SimulatedVenue(rules ?? Rules, seed, cash ?? Usd.Dollars(1_000_000), condition => condition == Condition.Id ? Book : null, recorded);
        Venue.Follow(Given.Single(Condition));
    }

    public SimulatedVenue Venue { get; }

    public ConditionBook Book { get; } = new(Condition, format: null); // Without hashes: nothing to prove.

    public Instant Now { get; private set; } = Given.Noon;

    public long Ms { get; private set; } = 1_000;

    /// <summary>Every trade of ours as it was matched, and of everything else the last word of the user channel.</summary>
    public IEnumerable<Fill> Fills => Venue.Trades;

    public Size FilledOf(OrderId order) => new(Venue.Trades.Where(fill => fill.Order == order).Sum(fill => fill.Shares.Micros));

    public void Wait(TimeSpan span) => (Now, Ms) = (Now + span, Ms + (long)span.TotalMilliseconds);

    public void Advance(TimeSpan span)
    {
        Wait(span);
        Venue.Advance(Now);
    }

    public void Snapshot((int Cents, long Shares)[] bids, (int Cents, long Shares)[] asks) =>
        See(BookUpdate.Snapshot(Condition.Id, Condition.Yes, Ms, null, Given.Levels(bids), Given.Levels(asks), Condition.Tick, null));

    public void Show(Side side, Price price, Size size) => See(BookUpdate.Changes(Condition.Id, Ms, new[]
    {
        new LevelChange(Condition.Yes, side, new Level(price, size), null),
        new LevelChange(Condition.No, side is Side.Buy ? Side.Sell : Side.Buy, new Level(price.Complement, size), null),
    }));

    public void Show(Side side, int cents, long shares) => Show(side, Price.Cents(cents), Size.Shares(shares));

    /// <param name="venueMs">When it was matched; as late as the newest message where nothing is said.</param>
    public void Trade(Side taker, Price price, Size size, long? venueMs = null) =>
        See(BookUpdate.Trade(Condition.Id, Condition.Yes, venueMs ?? Ms, price, size, taker));

    public void Trade(Side taker, int cents, long shares) => Trade(taker, Price.Cents(cents), Size.Shares(shares));

    /// <summary>The update without the tape's own pace.</summary>
    public void See(in BookUpdate update)
    {
        Wait(Step);
        Book.Apply(update with { VenueMs = update.Kind is BookUpdateKind.Trade ? update.VenueMs : Ms }, Now);
        Venue.Watch(update, Now);
    }

    public void Lose()
    {
        Book.Lose("gap");
        Venue.Lose(Given.Single(Condition).Id);
    }

    public OrderEvent Arrive(LegOrder order, long expires = 0)
    {
        Wait(Step);
        return Arrive(new OrderId($"o-{++_orders}"), order, expires);
    }

    public OrderEvent Arrive(OrderId id, LegOrder order, long expires = 0) =>
        Venue.Arrive(id, Given.Placed("", order).Intent with { ExpirationSeconds = expires }, Now);

    /// <summary>A resting order, taken for certain.</summary>
    public SimulatedOrder Rest(Side side, int cents, long shares, Outcome outcome = Outcome.Yes)
    {
        var placed = Assert.IsType<OrderEvent.Placed>(Arrive(Order(OrderType.Gtc, side, Price.Cents(cents), Size.Shares(shares), outcome)));
        return Venue.Find(placed.Order)!;
    }

    public static LegOrder Order(OrderType type, Side side, Price limit, Size shares, Outcome outcome = Outcome.Yes) => Given.Leg(side: side, type: type) with
    {
        Condition = Condition.Id,
        Token = Condition.Token(outcome),
        Outcome = outcome,
        Limit = limit,
        NegRisk = false,
        MakerAmount = side is Side.Buy ? Usd.Cost(limit, shares).Micros : shares.Micros,
        TakerAmount = side is Side.Buy ? shares.Micros : Usd.Proceeds(limit, shares).Micros,
    };
}
