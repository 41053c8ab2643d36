using PolyArb.Domain;
using PolyArb.Domain.Books;
using PolyArb.Domain.Edges;
using PolyArb.Domain.Guards;
using PolyArb.Domain.Journal;
using PolyArb.Domain.Orders;
using PolyArb.Domain.Risk;
using Xunit;
using Size = PolyArb.Domain.Size;

namespace PolyArb.Tests.Domain;

/// <summary>An event of two conditions; with YES bids of 55 cents its NOs cost 90 cents and pay a dollar.</summary>
public class MarketDeskTests
{
    private readonly VenueBook[] _venue = [new(Given.Condition(0)), new(Given.Condition(1))];
    private MarketDesk _desk = Desk();
    private long _sequence;

    public MarketDeskTests()
    {
        foreach (var book in _venue)
        {
            book.Set(Outcome.Yes, Side.Buy, 40, 100);
            book.Set(Outcome.Yes, Side.Sell, 60, 100);
        }
    }

    [Fact]
    public void Proposes_a_basket_when_the_books_are_proven()
    {
        Assert.Null(Snapshots());
        Assert.Null(Bid(0));
        var proposal = Assert.IsType<DeskDecision.Propose>(Bid(1, at: 0.5)).Proposal;

        Assert.Equal((Purpose.Open, Given.Event, Given.After(0.5)), (proposal.Purpose, proposal.Market, proposal.SeenAt));
        Assert.Equal(BasketKind.No, proposal.Basket!.Kind);
        Assert.Equal(proposal.Basket.Id, proposal.Id);
        Assert.Equal((Size.Shares(50), Usd.Cents(10)), (proposal.Basket.Quantity, proposal.Basket.Edge.Executable));
        Assert.Equal((1, true, 2), (_desk.Detected, _desk.IsAsking, _desk.Proofs.Ok - 2));
    }

    [Fact]
    public void Looks_for_nothing_while_any_book_is_unsettled()
    {
        Snapshots();
        Bid(0);
        _venue[1].Ms++;
        _venue[1].Set(Outcome.Yes, Side.Buy, 12, 5);
        Assert.Null(Feed(_venue[1].Change(Outcome.Yes, Side.Buy, 55, 50)));
        Assert.Empty(_desk.Phantoms.Episodes);
        Assert.NotNull(Feed(_venue[1].Said(Outcome.Yes, Side.Buy, 12, 5)));
    }

    [Fact]
    public void What_does_not_settle_in_time_is_a_phantom_and_wants_a_snapshot()
    {
        Snapshots();
        Bid(0);
        _venue[1].Ms++;
        _venue[1].Set(Outcome.Yes, Side.Buy, 12, 5);
        Feed(_venue[1].Change(Outcome.Yes, Side.Buy, 55, 50));
        Assert.True(_desk.WaitsForTime(Given.After(0.25)));

        for (var i = 0; i < 3; i++) Assert.Null(Tell(new DeskInput.Tick(), at: 1 + i));
        Assert.True(_desk.WantsSnapshot);
        Assert.Equal([KeyValuePair.Create("failed proof", 1L)], _desk.Phantoms.Episodes);

        Assert.NotNull(Feed(_venue[1].Snapshot(), at: 5));
        Assert.False(_desk.WantsSnapshot);
    }

    [Fact]
    public void A_crossed_book_is_a_phantom_counted_once_with_its_cause()
    {
        Snapshots();
        for (var i = 0; i < 3; i++)
        {
            _venue[0].Ms++;
            Assert.Null(Feed(_venue[0].Change(Outcome.Yes, Side.Buy, 65, 50 + i)));
        }

        Assert.Equal([KeyValuePair.Create("crossed", 1L)], _desk.Phantoms.Episodes);
    }

    /// <summary>The NO entry of the message stands where the YES entry does not: the two tokens are apart.</summary>
    [Fact]
    public void Tokens_that_are_apart_are_a_phantom_called_skew()
    {
        Snapshots();
        Bid(0);
        _venue[1].Ms++;
        var change = _venue[1].Change(Outcome.Yes, Side.Buy, 55, 50);
        var apart = change.Entries.ToArray();
        apart[1] = apart[1] with { Level = Given.Level(45, 49) };
        Feed(BookUpdate.Changes(change.Condition, change.VenueMs, apart));
        Assert.Null(Tell(new DeskInput.Tick(), at: 1));

        Assert.Equal([KeyValuePair.Create("skew", 1L)], _desk.Phantoms.Episodes);
    }

    /// <summary>Only one of the two hashes is of the book that came.</summary>
    [Fact]
    public void A_token_whose_hash_is_of_another_moment_is_skewed()
    {
        Snapshots();
        Bid(0);
        _venue[1].Ms++;
        var change = _venue[1].Change(Outcome.Yes, Side.Buy, 55, 50);
        var entries = change.Entries.ToArray();
        entries[1] = entries[1] with { Hash = _venue[0].Hash(Outcome.No) };
        Feed(BookUpdate.Changes(change.Condition, change.VenueMs, entries));
        Assert.Null(Tell(new DeskInput.Tick(), at: 1));

        Assert.Equal([KeyValuePair.Create("skew", 1L)], _desk.Phantoms.Episodes);
    }

    /// <summary>The edge stood there while a basket was being asked for: the books under it turn out to be worthless.</summary>
    [Fact]
    public void An_edge_on_books_that_are_lost_was_a_phantom()
    {
        Opened();
        _desk.Turn([new FeedInput(++_sequence, Given.Noon, 1, [], "frozen token")], Given.Noon);
        Assert.Equal([KeyValuePair.Create("frozen token", 1L)], _desk.Phantoms.Episodes);

        _desk = Desk();
        Opened();
        Feed(BookUpdate.TickChange(Given.Condition().Id, Given.Yes(), 2_000, new Price(10)));
        Assert.Equal([KeyValuePair.Create("tick change", 1L)], _desk.Phantoms.Episodes);
    }

    [Fact]
    public void A_market_whose_edges_melt_is_switched_off_until_a_person_switches_it_on_again()
    {
        _desk = Desk(Given.Policy with { Guards = Given.Policy.Guards with { DecayMinTrades = 1 } });
        var basket = Assert.IsType<DeskDecision.Propose>(Opened()).Proposal.Basket!;
        Tell(News(1, basket, (50, true), (0, true)), at: 1); // It cost 22.5 dollars and sold for nothing.
        var sold = News(2, basket, (0, true), (0, true));
        sold = sold with { Baskets = [sold.Baskets[0] with { Orders = [.. sold.Baskets[0].Orders.Select((order, leg) => order with { Money = Usd.Cents(leg) })] }] };
        Tell(sold, at: 2);
        Tell(News(3, basket, (50, true), (20, true)), at: 3);

        var off = Assert.IsType<DeskDecision.SwitchOff>(Tell(new DeskInput.News(4, [], []), at: 4));
        Assert.Contains("dollars expected", off.Why, StringComparison.Ordinal);
        Tell(new DeskInput.Drain(true), at: 4);
        Assert.Null(Bid(0, shares: 61, at: 60));
        Assert.NotNull(Tell(new DeskInput.Drain(false), at: 61));
    }

    [Fact]
    public void A_run_of_fills_the_price_ran_away_from_rests_the_market()
    {
        _desk = Desk(Given.Policy with { Guards = Given.Policy.Guards with { PickedOffCount = 1 } });
        var basket = Assert.IsType<DeskDecision.Propose>(Opened()).Proposal.Basket!;
        Tell(News(1, basket, (50, true), (50, true)), at: 1);
        Bid(0, shares: 50, at: 1.1);
        _venue[0].Ms++;
        Feed(1.2, _venue[0].Change(Outcome.Yes, Side.Buy, 57, 50)); // NO is asked at 43 now.
        Tell(new DeskInput.News(2, [], []), at: 1.3);

        Assert.Equal(1, _desk.Guards.PickedOff.Count);
        Assert.Null(Bid(1, shares: 61, at: 61));
        Assert.NotNull(Bid(1, shares: 62, at: 62));
    }

    [Fact]
    public void An_edge_too_good_to_be_true_is_a_phantom()
    {
        _desk = Desk(Given.Policy with { MaxPlausibleEdgeBps = 999 });
        Snapshots();
        Bid(0);
        Assert.Null(Bid(1));
        Assert.Null(Bid(1, shares: 49));
        Assert.Equal([KeyValuePair.Create("implausible", 1L)], _desk.Phantoms.Episodes);

        _desk = Desk(Given.Policy with { MaxPlausibleEdgeBps = 1_000 });
        Assert.NotNull(Snapshots());
    }

    /// <summary>18 cents on the first five, less than ten on average: the level is at fault however little there is of it.</summary>
    [Fact]
    public void A_thin_level_too_good_to_be_true_is_not_averaged_away()
    {
        _desk = Desk(Given.Policy with { MaxPlausibleEdgeBps = 1_000 });
        foreach (var book in _venue)
        {
            book.Set(Outcome.Yes, Side.Buy, 53, 100);
            book.Set(Outcome.Yes, Side.Buy, 59, 5);
        }

        Assert.Null(Snapshots());
        Assert.Equal([KeyValuePair.Create(PhantomLog.Implausible, 1L)], _desk.Phantoms.Episodes);
    }

    [Fact]
    public void All_yes_is_not_bought_without_the_book_that_is_not_trusted()
    {
        Condition[] conditions = [Given.Condition(0), Given.Condition(1), Given.Condition(2)];
        _desk = new MarketDesk(new DeskInput.Opened(Given.Market(conditions), Given.Policy with { AllYes = [Given.Event] }));
        foreach (var condition in conditions)
        {
            var venue = new VenueBook(condition);
            venue.Set(Outcome.Yes, Side.Sell, 30, 100);
            var snapshot = venue.Snapshot();
            Feed(condition == conditions[2] ? snapshot with { Hash = BookHash.Parse(new string('0', 40)) } : snapshot);
        }

        Assert.False(_desk.IsAsking);
    }

    /// <summary>Ticks in cents: what the catalogue said before and says now, what the book heard live; then the tick to be opened with, or null for no reason to.</summary>
    [Theory]
    [InlineData(100, 100, null, null)]
    [InlineData(100, 10, null, 10)] // News.
    [InlineData(100, 100, 10, null)] // The catalogue lags behind a live change.
    [InlineData(100, 10, 10, null)] // It has caught up.
    [InlineData(10, 10, 10, null)]
    [InlineData(10, 100, 10, 100)] // It has moved on since.
    public void A_catalogue_that_lags_does_not_put_a_live_tick_back(int before, int listed, int? live, int? renewed)
    {
        if (live is { } tick) Feed(BookUpdate.TickChange(Given.Condition(0).Id, Given.Yes(0), 2_000, new Price(tick)));

        Assert.Equal(renewed, _desk.Renewed(Ticking(before), Ticking(listed))?.Conditions[0].Tick.Ticks);

        // Another change is never opened with the older tick.
        var closed = Ticking(listed);
        closed = closed with { Conditions = closed.Conditions.SetItem(1, closed.Conditions[1] with { IsTradable = false }) };
        Assert.Equal(renewed ?? live ?? listed, _desk.Renewed(Ticking(before), closed)!.Conditions[0].Tick.Ticks);

        static Market Ticking(int tick) => Given.Market(Given.Condition(0) with { Tick = new Price(tick) }, Given.Condition(1));
    }

    public static TheoryData<string, Market> Changes => new()
    {
        { "fee", Given.Market(Given.Condition(0) with { Fee = null }, Given.Condition(1)) },
        { "a leg more", Given.Market(Given.Condition(0), Given.Condition(1), Given.Condition(2)) },
        { "a leg less", Given.Market(Given.Condition(0)) },
        { "wholeness", Given.Market() with { IsWhole = false } },
        { "an Other", Given.Market() with { IsAugmented = true } },
    };

    [Theory]
    [MemberData(nameof(Changes))]
    public void What_is_traded_by_is_opened_anew(string name, Market changed) =>
        Assert.True(_desk.Renewed(Given.Market(), changed)?.IsSameAs(changed), name);

    [Fact]
    public void A_planned_end_that_moves_opens_nothing_anew() =>
        Assert.Null(_desk.Renewed(Given.Market(), Given.Market(Given.Condition(0) with { EndsAt = Given.Noon }, Given.Condition(1))));

    [Fact]
    public void A_second_proposal_waits_for_the_first()
    {
        var id = Proposed();
        Assert.Null(Bid(0, shares: 70, at: 2));
        Assert.Null(Tell(new DeskInput.Sent(id), at: 2));
        Assert.Null(Tell(new DeskInput.Unknown(id), at: 3));
        Assert.Null(Bid(1, shares: 70, at: 9));
        Assert.Equal(1, _desk.Detected);
    }

    [Fact]
    public void After_a_refusal_it_waits_before_it_asks_again()
    {
        var id = Proposed();
        Assert.Null(Tell(new DeskInput.Refused(new BasketId("another"), Refusal.Stale), at: 1));
        Assert.True(_desk.IsAsking);
        Assert.Null(Tell(new DeskInput.Refused(id, Refusal.Stale), at: 1));
        Assert.Null(Bid(0, shares: 60, at: 1.999));
        Assert.NotNull(Bid(0, shares: 61, at: 2));
    }

    [Fact]
    public void After_a_basket_it_is_quiet_until_its_fills_show()
    {
        var proposal = Assert.IsType<DeskDecision.Propose>(Opened()).Proposal;
        Tell(News(1, proposal.Basket!, (50, true), (50, true)), at: 1);
        Assert.Null(Tell(new DeskInput.News(2, [], []), at: 2));
        Assert.False(_desk.HasOpen);
        Assert.Null(Bid(0, shares: 60, at: 3.999));
        Assert.NotNull(Bid(0, shares: 61, at: 4));
    }

    [Fact]
    public void A_complete_basket_is_closed_and_stays_so_until_the_gateway_says_it()
    {
        var proposal = Assert.IsType<DeskDecision.Propose>(Opened()).Proposal;
        var close = Assert.IsType<DeskDecision.Close>(Tell(News(1, proposal.Basket!, (50, true), (50, true)), at: 1));
        Assert.Equal((proposal.Id, BasketEnd.Completed), (close.Basket, close.Result.End));
        Assert.Null(Tell(new DeskInput.Tick(), at: 2));
    }

    [Fact]
    public void News_older_than_known_is_ignored()
    {
        var proposal = Assert.IsType<DeskDecision.Propose>(Opened()).Proposal;
        Tell(News(5, proposal.Basket!, (50, true), (0, false)), at: 1);
        Assert.Null(Tell(new DeskInput.News(4, [], []), at: 1));
        Assert.True(_desk.HasOpen);
        Assert.Equal(5, _desk.Version);
    }

    /// <summary>The window of a completion starts when the shortfall is known, also when the first news has it already.</summary>
    [Fact]
    public void A_leg_that_was_short_from_the_first_news_on_is_completed()
    {
        var proposal = Assert.IsType<DeskDecision.Propose>(Opened()).Proposal;
        var step = Assert.IsType<DeskDecision.Propose>(Tell(News(1, proposal.Basket!, (50, true), (20, true)), at: 1));
        Assert.Equal((Purpose.Complete, proposal.Id), (step.Proposal.Purpose, step.Proposal.Id));
    }

    [Fact]
    public void A_trade_that_failed_starts_a_new_window()
    {
        var proposal = Assert.IsType<DeskDecision.Propose>(Opened()).Proposal;
        var settling = News(1, proposal.Basket!, (50, true), (50, true));
        settling = Unsettled(settling);
        Assert.IsType<DeskDecision.Lock>(Tell(settling, at: 1));

        var step = Assert.IsType<DeskDecision.Propose>(Tell(News(2, proposal.Basket!, (50, true), (0, true)), at: 60));
        Assert.Equal(Purpose.Complete, step.Proposal.Purpose);
    }

    [Fact]
    public void The_window_of_a_short_leg_ends()
    {
        var proposal = Assert.IsType<DeskDecision.Propose>(Opened()).Proposal;
        var short1 = News(1, proposal.Basket!, (50, true), (20, true));
        short1 = Unsettled(short1);
        Tell(short1, at: 1);
        Tell(new DeskInput.Refused(proposal.Id, Refusal.OverMarketLimit), at: 1);
        var step = Assert.IsType<DeskDecision.Propose>(Tell(News(2, proposal.Basket!, (50, true), (20, true)), at: 6.1));
        Assert.Equal(Purpose.Unwind, step.Proposal.Purpose);
    }

    /// <summary>Neither while one is out nor when nobody was there to take it.</summary>
    [Fact]
    public void Rungs_that_come_to_nothing_do_not_start_the_window_again()
    {
        var proposal = Assert.IsType<DeskDecision.Propose>(Opened()).Proposal;
        var news = News(1, proposal.Basket!, (50, true), (20, true));
        Assert.Equal(Purpose.Complete, Assert.IsType<DeskDecision.Propose>(Tell(news, at: 1)).Proposal.Purpose);
        Assert.Null(Tell(With(news, version: 2, isClosed: false), at: 1.1));
        Assert.Equal(Purpose.Complete, Assert.IsType<DeskDecision.Propose>(Tell(With(news, version: 3, isClosed: true), at: 5)).Proposal.Purpose);
        Assert.Equal(Purpose.Unwind, Assert.IsType<DeskDecision.Propose>(Tell(With(news, version: 4, isClosed: true), at: 6.1)).Proposal.Purpose);

        static DeskInput.News With(DeskInput.News news, long version, bool isClosed)
        {
            var open = news.Baskets[0];
            var rung = open.Orders[1] with
            {
                Id = new OrderId("rung"),
                Order = open.Basket.Legs[1] with { Attempt = 1 },
                Purpose = Purpose.Complete,
                PlacedAt = Given.After(1),
                Matched = Size.Zero,
                Money = Usd.Zero,
                Paid = Size.Zero,
                IsClosed = isClosed,
                IsSettled = isClosed,
            };
            return news with { Version = version, Baskets = [open with { Orders = open.Orders.Add(rung) }] };
        }
    }

    [Fact]
    public void A_batch_that_waited_too_long_is_applied_and_not_decided_on()
    {
        Snapshots();
        Bid(0);
        _venue[1].Ms++;
        var change = _venue[1].Change(Outcome.Yes, Side.Buy, 55, 50);

        Assert.Null(_desk.Turn([Given.Input(++_sequence, Given.Noon, change)], Given.After(1.000001)));
        Assert.NotNull(Feed(_venue[1].Said(Outcome.Yes, Side.Buy, 55, 50), at: 1.1)); // The next one is fresh.
    }

    [Fact]
    public void A_market_that_is_switched_off_opens_nothing_until_it_is_on_again()
    {
        Tell(new DeskInput.Drain(true));
        Assert.Null(Opened());
        Assert.NotNull(Tell(new DeskInput.Drain(false)));
    }

    [Fact]
    public void An_open_basket_whose_leg_left_the_catalogue_is_closed_with_what_there_is()
    {
        var basket = Assert.IsType<DeskDecision.Propose>(Opened()).Proposal.Basket!;
        _desk = new MarketDesk(new DeskInput.Opened(Given.Market(Given.Condition(0)), Given.Policy));

        Assert.Equal(BasketEnd.Held, Assert.IsType<DeskDecision.Close>(Tell(News(1, basket, (50, true), (20, true)))).Result.End);
        Assert.Equal(BasketEnd.Completed, Assert.IsType<DeskDecision.Close>(Tell(News(2, basket, (50, true), (50, true)))).Result.End);
    }

    [Fact]
    public void A_gap_shuts_every_book()
    {
        Snapshots();
        _desk.Turn([FeedInput.Lost(++_sequence, Given.Noon, "queue full")], Given.Noon);
        Assert.All(_desk.Books, book => Assert.Equal((BookLife.Stale, "queue full"), (book.Life, book.Cause)));
        Assert.Null(Bid(0));
        Assert.Null(Bid(1));
    }

    [Fact]
    public void The_same_inputs_make_the_same_digest_and_one_changed_byte_another()
    {
        string Run(ulong frame = 7, long received = 0, double at = 1, string gap = "a", int price = 0)
        {
            var desk = Desk(Given.Policy with { MinEdge = new Usd(price) });
            desk.Turn([new FeedInput(1, Given.Noon + TimeSpan.FromMicroseconds(received), frame, [], null)], Given.After(at));
            desk.Turn([FeedInput.Lost(2, Given.Noon, gap)], Given.After(at));
            var tick = new DeskInput.Tick();
            desk.Turn(tick, DomainJson.Write<DeskInput>(tick), Given.After(at));
            return desk.Digest.Head;
        }

        Assert.Equal(Run(), Run());
        Assert.Equal(6, new[] { Run(), Run(frame: 8), Run(received: 1), Run(at: 1.000001), Run(gap: "b"), Run(price: 1) }.Distinct().Count());
    }

    [Fact]
    public void An_input_is_folded_in_as_it_is_written()
    {
        var (one, other) = (Desk(), Desk());
        one.Turn(new DeskInput.Tick(), "a", Given.Noon);
        other.Turn(new DeskInput.Tick(), "b", Given.Noon);
        Assert.NotEqual(one.Digest.Head, other.Digest.Head);
    }

    private static MarketDesk Desk(EdgePolicy? policy = null) => new(new DeskInput.Opened(Given.Market(), policy ?? Given.Policy));

    private DeskDecision? Snapshots() => Feed(_venue[0].Snapshot(), _venue[1].Snapshot());

    private DeskDecision? Bid(int condition, long shares = 50, double at = 0)
    {
        _venue[condition].Ms++;
        return Feed(at, _venue[condition].Change(Outcome.Yes, Side.Buy, 55, shares));
    }

    private DeskDecision? Opened()
    {
        Snapshots();
        Bid(0);
        return Bid(1);
    }

    private BasketId Proposed() => Assert.IsType<DeskDecision.Propose>(Opened()).Proposal.Id;

    private DeskDecision? Feed(params BookUpdate[] updates) => Feed(0, updates);

    private DeskDecision? Feed(BookUpdate update, double at) => Feed(at, update);

    private DeskDecision? Feed(double at, params BookUpdate[] updates) => _desk.Turn([Given.Input(++_sequence, Given.After(at), updates)], Given.After(at));

    private DeskDecision? Tell(DeskInput input, double at = 0) => _desk.Turn(input, DomainJson.Write(input), Given.After(at));

    private static DeskInput.News Unsettled(DeskInput.News news) => news with
    {
        Baskets = [.. news.Baskets.Select(open => open with { Orders = [.. open.Orders.Select(order => order with { IsSettled = false })] })],
    };

    private static DeskInput.News News(long version, Basket basket, params (long Shares, bool Closed)[] legs) => new(version, [new OpenBasket(
        basket, Given.Noon,
        [.. legs.Select((leg, index) => new LegNews(
            new OrderId($"o{index}"), basket.Legs[index], Purpose.Open, Given.Noon, leg.Closed ? OrderState.Confirmed : OrderState.InFlight,
            Size.Shares(leg.Shares), Usd.Cents(leg.Shares * 45), Size.Shares(leg.Shares), Usd.Zero, leg.Closed, leg.Closed, leg.Closed, Refusal: null))])], []);
}
