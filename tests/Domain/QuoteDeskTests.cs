using System.Collections.Immutable;
using PolyArb.Domain;
using PolyArb.Domain.Books;
using PolyArb.Domain.Edges;
using PolyArb.Domain.Journal;
using PolyArb.Domain.Orders;
using PolyArb.Domain.Quotes;
using PolyArb.Domain.Risk;
using Xunit;
using Size = PolyArb.Domain.Size;

namespace PolyArb.Tests.Domain;

/// <summary>The desk of an event of two conditions that quotes: 48 bid, 52 asked in both.</summary>
public class QuoteDeskTests
{
    private static readonly EdgePolicy Quoting = Given.Policy with { Maker = QuoterTests.Maker };

    private readonly VenueBook[] _venue = [new(Given.Condition(0)), new(Given.Condition(1))];
    private MarketDesk _desk = Desk(Quoting);
    private long _sequence;
    private long _version;

    public QuoteDeskTests()
    {
        foreach (var book in _venue)
        {
            book.Set(Outcome.Yes, Side.Buy, 48, 100);
            book.Set(Outcome.Yes, Side.Sell, 52, 100);
        }
    }

    [Fact]
    public void Opens_a_pair_in_each_condition_whose_book_is_proven_one_after_the_other()
    {
        var first = Opened(Feed(_venue[0].Snapshot()));
        Assert.Equal((Purpose.Open, BasketStyle.Maker, BasketKind.Pair), (first.Purpose, first.Basket!.Style, first.Basket.Kind));
        Assert.Equal(new BasketSlot(Given.Event, Given.Condition(0).Id), first.Opens!.Slot);
        Assert.Equal([(Outcome.Yes, Price.Cents(48)), (Outcome.No, Price.Cents(48))], first.Orders.Select(order => (order.Outcome, order.Limit)));
        Assert.Equal((Usd.Cents(96), Usd.Cents(4)), (first.Basket.Edge.Best, first.Basket.Edge.Executable));
        Assert.Equal((0, Usd.Parse("19.2")), (_desk.Detected, first.Basket.Outlay)); // It is no find.

        Assert.Null(News(1, Resting(first)));
        var second = Opened(Feed(_venue[1].Snapshot()));
        Assert.Equal(Given.Condition(1).Id, second.Basket!.Legs[0].Condition);
        Assert.NotEqual(first.Id, second.Id);
        Assert.Null(News(1, Resting(first), Resting(second)));
    }

    [Fact]
    public void Quotes_nothing_without_a_policy_while_it_drains_or_where_it_holds_enough()
    {
        _desk = Desk(Given.Policy);
        Assert.Null(Feed(_venue[0].Snapshot()));
        _desk = Desk(Quoting);
        Tell(new DeskInput.Drain(true));
        Assert.Null(Feed(_venue[0].Snapshot()));
        Tell(new DeskInput.News(++_version, [], [new Stock(Given.Yes(), Size.Shares(100), Usd.Dollars(48))]));
        Assert.Null(Tell(new DeskInput.Drain(false)));
        Assert.NotNull(Tell(new DeskInput.News(++_version, [], [new Stock(Given.Yes(), Size.Shares(99), Usd.Dollars(48))])));
    }

    /// <summary>Held shares in whole ones, YES and NO of both conditions, and by how many ticks the bids of the first stand back.</summary>
    [Theory]
    [InlineData(40, 0, 0, 0, 2, 0)]
    [InlineData(40, 40, 0, 0, 0, 0)] // Pairs are no risk.
    [InlineData(0, 40, 0, 0, 0, 2)]
    [InlineData(0, 40, 0, 40, 0, 0)] // NOs of two conditions: one of them pays.
    [InlineData(0, 60, 0, 40, 0, 1)] // All but the largest excess.
    [InlineData(0, 40, 0, 60, 0, 0)]
    [InlineData(40, 0, 40, 0, 2, 0)] // Every YES, but nobody vouches that one of them pays.
    public void Stands_back_for_what_it_holds_beyond_what_other_conditions_answer(int yes0, int no0, int yes1, int no1, int yesBack, int noBack)
    {
        var held = new[] { (Given.Yes(0), yes0), (Given.No(0), no0), (Given.Yes(1), yes1), (Given.No(1), no1) };
        Tell(new DeskInput.News(++_version, [], [.. held.Where(stock => stock.Item2 > 0).Select(stock => new Stock(stock.Item1, Size.Shares(stock.Item2), Usd.Zero))]));
        var opened = Opened(Feed(_venue[0].Snapshot()));
        Assert.Equal([Price.Cents(48 - yesBack), Price.Cents(48 - noBack)], opened.Orders.Select(order => order.Limit));
    }

    [Fact]
    public void Every_yes_of_an_event_that_is_vouched_for_is_no_risk()
    {
        _desk = Desk(Quoting with { AllYes = [Given.Event] });
        Tell(new DeskInput.News(++_version, [], [new Stock(Given.Yes(0), Size.Shares(60), Usd.Zero), new Stock(Given.Yes(1), Size.Shares(40), Usd.Zero)]));
        Assert.Equal(Price.Cents(47), Opened(Feed(_venue[0].Snapshot())).Orders[0].Limit);
    }

    [Fact]
    public void A_book_that_fails_takes_the_quotes_back_at_once()
    {
        var opened = Opened(Feed(_venue[0].Snapshot()));
        News(0.1, Resting(opened));
        _venue[0].Ms++;
        _venue[0].Set(Outcome.Yes, Side.Buy, 12, 5); // Untold.
        Assert.Null(Feed(0.2, _venue[0].Change(Outcome.Yes, Side.Buy, 47, 100)));

        var pull = Assert.IsType<DeskDecision.Pull>(Tell(new DeskInput.Tick(), 0.5));
        Assert.Equal((2, true), (pull.Orders.Length, pull.IsUrgent));
    }

    /// <summary>A feed that stays in the middle of a match is no book to rest in either.</summary>
    [Fact]
    public void A_book_that_stays_crossed_takes_the_quotes_back()
    {
        var opened = Opened(Feed(_venue[0].Snapshot()));
        News(0.1, Resting(opened));
        _venue[0].Ms++;
        Assert.Null(Feed(0.2, _venue[0].Change(Outcome.Yes, Side.Buy, 55, 10)));
        Assert.Null(Tell(new DeskInput.Tick(), 0.45));
        Assert.IsType<DeskDecision.Pull>(Tell(new DeskInput.Tick(), 0.451));
    }

    [Fact]
    public void What_the_gateway_kept_is_asked_for_again_after_a_rest_and_what_leaves_is_not()
    {
        var opened = Opened(Feed(_venue[0].Snapshot()));
        News(0.1, Resting(opened));
        var pull = Assert.IsType<DeskDecision.Pull>(Move(0, bid: 44, at: 2));
        var id = Assert.Single(pull.Orders);

        Assert.Null(Tell(new DeskInput.Pulled([], [id]), 2));
        Assert.Null(Tell(new DeskInput.Tick(), 2.999));
        Assert.IsType<DeskDecision.Pull>(Tell(new DeskInput.Tick(), 3));
        Assert.Null(Tell(new DeskInput.Pulled([id], []), 3));
        Assert.Null(Tell(new DeskInput.Tick(), 7.999));
        Assert.IsType<DeskDecision.Pull>(Tell(new DeskInput.Tick(), 8)); // Whoever took it on has forgotten.
    }

    /// <summary>The gateway knew already that it is gone, and the news of it is under way.</summary>
    [Fact]
    public void An_answer_without_the_order_is_no_reason_to_ask_again_at_once()
    {
        var opened = Opened(Feed(_venue[0].Snapshot()));
        News(0.1, Resting(opened));
        Assert.IsType<DeskDecision.Pull>(Move(0, bid: 44, at: 2));
        Assert.Null(Tell(new DeskInput.Pulled([], []), 2));
        Assert.Null(Tell(new DeskInput.Tick(), 2.1));
    }

    [Fact]
    public void A_side_that_went_is_put_out_again_and_refused_it_takes_the_other_one_with_it()
    {
        var opened = Opened(Feed(_venue[0].Snapshot()));
        News(0.1, Resting(opened));
        Assert.IsType<DeskDecision.Pull>(Move(0, bid: 44, at: 2));
        var gone = Resting(opened, (0, true));
        var again = Opened(News(2.1, gone));
        Assert.Equal((Purpose.Quote, opened.Id, 1), (again.Purpose, again.Id, again.Orders[0].Attempt));
        Assert.Null(again.Opens);

        var pull = Assert.IsType<DeskDecision.Pull>(Tell(new DeskInput.Refused(opened.Id, Refusal.NotInThisState), 2.2));
        Assert.Equal(opened.Id.Text + "/1", Assert.Single(pull.Orders).Text);
    }

    [Fact]
    public void A_refusal_rests_the_quotes_and_nothing_else()
    {
        var id = Opened(Feed(_venue[0].Snapshot())).Id;
        Assert.Null(Tell(new DeskInput.Refused(id, Refusal.NotInThisState), 1));
        Assert.True(_desk.WaitsForTime(Given.After(2)));
        Assert.Null(Tell(new DeskInput.Tick(), 2.999));
        Assert.NotNull(Tell(new DeskInput.Tick(), 3));
        Assert.False(Desk(Quoting).WaitsForTime(Given.Noon));
    }

    [Fact]
    public void A_pair_that_nobody_took_ends_and_is_opened_anew()
    {
        var opened = Opened(Feed(_venue[0].Snapshot()));
        News(0.1, Resting(opened));
        var close = Assert.IsType<DeskDecision.Close>(News(20, Resting(opened, (0, true), (0, true))));
        Assert.Equal(BasketEnd.Unfilled, close.Result.End);
        Assert.Equal(BasketStyle.Maker, Opened(News(20.1)).Basket!.Style);
    }

    [Fact]
    public void After_fills_it_waits_until_they_show_in_the_book()
    {
        var opened = Opened(Feed(_venue[0].Snapshot()));
        News(0.1, Resting(opened));
        Assert.IsType<DeskDecision.Close>(News(5, Resting(opened, (20, true), (20, true))));
        Assert.Null(News(6));
        Assert.True(_desk.WaitsForTime(Given.After(7)));
        Assert.Null(Tell(new DeskInput.Tick(), 7.999));
        Assert.NotNull(Tell(new DeskInput.Tick(), 8));
    }

    [Fact]
    public void One_filled_side_waits_for_the_other_until_the_window_is_over_and_is_completed_by_the_ladder_then()
    {
        var opened = Opened(Feed(_venue[0].Snapshot()));
        News(0.1, Resting(opened));
        Assert.Null(News(5, Resting(opened, (20, true))));
        Assert.Null(Tell(new DeskInput.Tick(), 10));
        var pull = Assert.IsType<DeskDecision.Pull>(Tell(new DeskInput.Tick(), 10.001));
        Assert.Equal((opened.Id.Text + "/1", true), (Assert.Single(pull.Orders).Text, pull.IsUrgent));
        Assert.Null(Tell(new DeskInput.Pulled(pull.Orders, []), 10.001));

        var completion = Opened(News(10.1, Resting(opened, (20, true), (0, true))));
        Assert.Equal((Purpose.Complete, Outcome.No, OrderType.Fak), (completion.Purpose, completion.Orders[0].Outcome, completion.Orders[0].Type));
    }

    /// <summary>What rests of a taker's GTC leg gives way to a rung of another basket: NO is bid at 45 and is to be sold at 45.</summary>
    [Fact]
    public void What_is_left_of_a_takers_leg_gives_way_to_a_rung()
    {
        var desk = new QuoteDesk(Given.Market(), Given.Policy, []);
        var rest = LegNews.Of(new Order(Given.Placed("o1", Given.Leg(type: OrderType.Gtc), basket: "b-2")));
        ImmutableArray<OpenBasket> baskets = [new OpenBasket(Given.Basket(id: "b-2"), Given.Noon, [rest])];

        Assert.True(desk.Blocks(Given.Proposal(Purpose.Unwind, orders: Given.Leg(side: Side.Sell)), baskets));
        var pull = Assert.IsType<DeskDecision.Pull>(desk.Next(Usd.Zero, baskets, [], isDraining: false, Given.Noon, Given.Noon));

        Assert.Equal(("o1", true, "in the way of our own order"), (Assert.Single(pull.Orders).Text, pull.IsUrgent, pull.Why));
        desk.Hear(pull, new DeskInput.Pulled(pull.Orders, []), Given.Noon);
        Assert.Null(desk.Next(Usd.Zero, baskets, [], isDraining: false, Given.After(1), Given.After(1))); // It is on its way out.
    }

    [Fact]
    public void A_taker_never_meets_our_own_quote_it_waits_until_that_one_is_gone()
    {
        // YES bids of 60 in both conditions, one of them with ours among them: the NOs cost 40 each.
        foreach (var book in _venue)
        {
            book.Set(Outcome.Yes, Side.Sell, 52, 0);
            book.Set(Outcome.Yes, Side.Sell, 62, 100);
            book.Set(Outcome.Yes, Side.Buy, 60, 100);
        }

        var quote = Opened(Feed(_venue[0].Snapshot()));
        Assert.Equal([Price.Cents(60), Price.Cents(38)], quote.Orders.Select(order => order.Limit));
        var ours = Resting(quote);
        Assert.Null(News(0.1, ours));
        var pull = Assert.IsType<DeskDecision.Pull>(Feed(3, _venue[1].Snapshot()));
        Assert.Equal("in the way of our own order", pull.Why);
        Assert.False(pull.IsUrgent); // A new basket is no risk that could not wait.
        Assert.Equal([quote.Id.Text + "/0", quote.Id.Text + "/1"], pull.Orders.Select(order => order.Text));
        Assert.Null(Tell(new DeskInput.Pulled(pull.Orders, []), 3));
        Assert.Null(Tell(new DeskInput.Tick(), 3.5));

        Assert.IsType<DeskDecision.Close>(News(4, ours with { Orders = [.. ours.Orders.Select(order => order with { IsClosed = true, IsSettled = true })] }));
        var taken = Opened(News(4.1));
        Assert.Equal((BasketStyle.Taker, BasketKind.No), (taken.Basket!.Style, taken.Basket.Kind));
        Assert.Equal(1, _desk.Detected); // Once, not at every turn that it waited.
    }

    private static MarketDesk Desk(EdgePolicy policy) => new(new DeskInput.Opened(Given.Market(), policy));

    private static Proposal Opened(DeskDecision? decision) => Assert.IsType<DeskDecision.Propose>(decision).Proposal;

    /// <summary>Both sides rest since noon, or have matched so much and ended.</summary>
    private static OpenBasket Resting(Proposal opened, params (long Matched, bool Closed)[] legs) => new(
        opened.Basket!, Given.Noon,
        [.. opened.Basket!.Legs.Select((leg, index) =>
        {
            var (matched, isClosed) = index < legs.Length ? legs[index] : (0, false);
            return LegNews.Of(new Order(Given.Placed($"{opened.Id}/{index}", leg, basket: opened.Id.Text))) with
            {
                State = OrderState.Live,
                Matched = Size.Shares(matched),
                Paid = Size.Shares(matched),
                Money = Usd.Cents(48 * matched),
                IsClosed = isClosed,
                IsMined = isClosed,
                IsSettled = isClosed,
            };
        })]);

    private DeskDecision? News(double at, params OpenBasket[] open) => Tell(new DeskInput.News(++_version, [.. open], []), at);

    private DeskDecision? Move(int condition, int bid, double at)
    {
        _venue[condition].Ms++;
        _venue[condition].Set(Outcome.Yes, Side.Buy, 48, 0);
        _venue[condition].Set(Outcome.Yes, Side.Buy, bid, 100);
        return Feed(at, _venue[condition].Snapshot());
    }

    private DeskDecision? Feed(params BookUpdate[] updates) => Feed(0, updates);

    private DeskDecision? Feed(double at, params BookUpdate[] updates) => _desk.Turn([Given.Input(++_sequence, Given.After(at), updates)], Given.After(at));

    private DeskDecision? Tell(DeskInput input, double at = 0) => _desk.Turn(input, DomainJson.Write(input), Given.After(at));
}
