using System.Collections.Immutable;
using PolyArb.Domain;
using PolyArb.Domain.Books;
using PolyArb.Domain.Edges;
using PolyArb.Domain.Guards;
using PolyArb.Domain.Journal;
using PolyArb.Domain.Orders;
using Xunit;
using Size = PolyArb.Domain.Size;

namespace PolyArb.Tests.Domain;

/// <summary>A desk begins anew while its market goes on: what it has learned is not lost with it.</summary>
public class DeskMemoryTests
{
    private static readonly GuardPolicy Policy = Given.Policy.Guards with { SlippageWindow = 10, DecayWindow = 5, DecayMinTrades = 3, PickedOffCount = 3 };

    private static readonly Dictionary<ConditionId, ConditionBook> Books = new() { [Given.Condition().Id] = Given.Book(Given.Condition(), [(43, 10)], [(44, 10)]) };

    [Fact]
    public void Guards_with_the_memory_of_the_last_say_what_those_would_have_said()
    {
        for (var seed = 0; seed < 100; seed++)
        {
            var random = new Random(seed);
            var (first, seconds) = (new DeskGuards(Policy, Usd.Parse("0.002")), 0.0);
            for (var step = random.Next(30); step > 0; step--) Live(first, random, seconds += random.NextDouble());

            var memory = DomainJson.Read<DeskMemory>(DomainJson.Write(first.Memory));
            var second = new DeskGuards(Policy, Usd.Parse("0.002"), memory);
            Assert.Equal(Said(first, seconds), Said(second, seconds));
            var counted = first.PickedOff.Count;
            for (var step = 0; step < 30; step++)
            {
                var (next, at) = (random.Next(), seconds += random.NextDouble());
                Live(first, new Random(next), at);
                Live(second, new Random(next), at);
                Assert.Equal(Said(first, at), Said(second, at));
                Assert.Equal(first.PickedOff.Count - counted, second.PickedOff.Count);
            }
        }
    }

    [Fact]
    public void A_desk_that_takes_anothers_place_does_not_take_what_is_open_for_new()
    {
        var desk = new MarketDesk(new DeskInput.Opened(Given.Market(), Given.Policy));
        var locked = new OpenBasket(Given.Basket(), Given.Noon, [Order("o-1", 47)], LockedAt: Given.Noon);
        var news = new DeskInput.News(5, [locked], []);
        desk.Turn(new DeskInput.Drain(true), "drain", Given.Noon);
        desk.Turn(news, "news", Given.Noon);

        var opened = DomainJson.Read<DeskInput>(DomainJson.Write<DeskInput>(new DeskInput.Opened(Given.Market(), Given.Policy, desk.Memory)));
        var next = new MarketDesk(Assert.IsType<DeskInput.Opened>(opened));
        Assert.True(next.IsDraining);
        next.Turn(news, "news", Given.Noon);
        Assert.Equal(DomainJson.Write(desk.Memory), DomainJson.Write(next.Memory));
        Assert.Single(next.Memory.Slippage);
    }

    /// <summary>The catalogue may not know yet.</summary>
    [Fact]
    public void A_question_that_was_decided_stays_decided()
    {
        var venue = new VenueBook(Given.Condition());
        var desk = new MarketDesk(new DeskInput.Opened(Given.Market(), Given.Policy));
        desk.Turn([Given.Input(1, Given.Noon, venue.Snapshot(), BookUpdate.Resolved(Given.Condition().Id, Given.Yes()))], Given.Noon);

        var next = new MarketDesk(new DeskInput.Opened(desk.Current, Given.Policy, desk.Memory));
        next.Turn([Given.Input(2, Given.Noon, venue.Snapshot())], Given.Noon);
        Assert.Equal(BookLife.Ended, next.Books[0].Life);
    }

    [Fact]
    public void While_trading_stops_no_desk_takes_anothers_place()
    {
        var desk = new MarketDesk(new DeskInput.Opened(Given.Market(), Given.Policy));
        desk.Turn(new DeskInput.News(1, [], []) { Flattening = new Flattening([]) }, "news", Given.Noon);
        Assert.True(desk.IsBusy);
        desk.Turn(new DeskInput.News(2, [], []), "news", Given.Noon);
        Assert.False(desk.IsBusy);
    }

    private static void Live(DeskGuards guards, Random random, double seconds)
    {
        var now = Given.After(seconds);
        var basket = new OpenBasket(Given.Basket(), now, [Order($"o-{random.Next(3)}", random.Next(40, 50))]);
        guards.Hear([basket], Books, now);
        if (random.Next(2) == 0) guards.Hear([], Books, now);
        guards.PickedOff.Look(Books, now);
    }

    private static (Usd Buffer, bool IsDecayed, Usd Expected, Usd Earned, bool IsSpike) Said(DeskGuards guards, double seconds) =>
        (guards.Buffer, guards.Decay.IsDecayed, guards.Decay.Expected, guards.Decay.Earned, guards.PickedOff.IsSpike(Given.After(seconds)));

    /// <summary>100 shares expected at 45 cents.</summary>
    private static LegNews Order(string id, long money) => new(
        new OrderId(id), Given.Leg(0) with { Expected = Size.Shares(100), ExpectedAmount = Usd.Dollars(45) }, Purpose.Open, Given.Noon,
        OrderState.Confirmed, Size.Shares(100), Usd.Dollars(money), Size.Shares(100), Usd.Zero, IsClosed: true, IsMined: true, IsSettled: true, Refusal: null);
}
