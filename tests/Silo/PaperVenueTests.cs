using System.Collections.Immutable;
using System.Threading.Channels;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Time.Testing;
using PolyArb.Config;
using PolyArb.Domain;
using PolyArb.Domain.Books;
using PolyArb.Domain.Edges;
using PolyArb.Domain.Journal;
using PolyArb.Domain.Orders;
using PolyArb.Domain.Ports;
using PolyArb.Grains;
using PolyArb.Silo.Paper;
using PolyArb.Tests.Domain;
using PolyArb.Tests.Grains;
using Xunit;
using Size = PolyArb.Domain.Size;

namespace PolyArb.Tests.Silo;

/// <summary>The venue of a dry run. Its book: bids 39 x 50 and 40 x 100, asks 42 x 100 and 43 x 200, of YES; fee rate 5 %.</summary>
public sealed class PaperVenueTests : IDisposable
{
    private static readonly Condition Condition = Given.Condition(negRisk: false) with { Fee = new FeeCurve(50_000, 1) };

    private readonly FakeTimeProvider _time = new(Given.Noon.ToDateTimeOffset());
    private readonly ScriptedJournal _journal = new();
    private readonly VenueBook _book = new(Condition);
    private readonly Channel<OrderEvent> _news = Channel.CreateUnbounded<OrderEvent>();
    private PaperVenue _venue = null!; // Started in the constructor.
    private int _orders;

    public PaperVenueTests()
    {
        Start(PolyArbOptions.Defaults.Paper with { Cash = Usd.Dollars(1_000) });
        foreach (var (cents, shares) in ((int, long)[])[(39, 50), (40, 100)]) _book.Set(Outcome.Yes, Side.Buy, cents, shares);
        foreach (var (cents, shares) in ((int, long)[])[(42, 100), (43, 200)]) _book.Set(Outcome.Yes, Side.Sell, cents, shares);
        See(_book.Snapshot());
    }

    public void Dispose() => _venue.Dispose();

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    /// <summary>100 at 42 and 100 at 43 cost 85; fee 100 x 5 % x (0.42 x 0.58 + 0.43 x 0.57) = 2.4435 (0.05 x (24.36 + 24.51)).</summary>
    [Fact]
    public async Task A_fak_buy_spends_its_dollars_at_the_makers_prices_and_pays_the_fee_to_the_last_digit()
    {
        var matched = Assert.IsType<OrderEvent.Matched>(await Send(Buy(OrderType.Fak, limit: 45, dollars: "85", shares: 180)));
        Assert.Equal((Size.Shares(200), true), (matched.Shares, matched.IsFinal));
        var fill = Assert.Single(await Fills());
        Assert.Equal(("85", "2.4435", "200", "0.43"), (fill.Amount.ToString(), fill.Fee.ToString(), fill.Shares.ToString(), fill.Price.ToString()));
        Assert.Equal(("912.5565", "200"), await Balances(Condition.Yes));
    }

    [Fact]
    public async Task A_fak_takes_what_is_there_and_the_rest_is_gone()
    {
        var matched = Assert.IsType<OrderEvent.Matched>(await Send(Buy(OrderType.Fak, limit: 42, dollars: "84", shares: 200)));
        Assert.Equal((Size.Shares(100), true), (matched.Shares, matched.IsFinal));
        Assert.Empty(await Open());
        Assert.Equal(VenueOrderStatus.Matched, (await Known(matched.Order))!.Status);
    }

    /// <summary>NO bids are what YES asks leave: 58 and 57.</summary>
    [Fact]
    public async Task The_other_token_meets_the_same_book()
    {
        await Send(Buy(OrderType.Fak, limit: 60, dollars: "60", shares: 100, Outcome.No));
        Assert.Equal(("60", "100"), ((await Fills())[0].Amount.ToString(), (await Fills())[0].Shares.ToString()));
        Settle();
        await Confirmed(1);

        await Send(Sell(OrderType.Fak, limit: 57, shares: 100, Outcome.No));
        Assert.Equal(("58", "0.58"), ((await Fills())[1].Amount.ToString(), (await Fills())[1].Price.ToString()));

        await Refused(Buy(OrderType.Fak, limit: 60, dollars: "60", shares: 100, Outcome.No), RejectCode.FakNotFilled, "no orders found to match with FAK order"); // Its 100 are ours.
        await Refused(Buy(OrderType.Fak, limit: 42, dollars: "42", shares: 100), RejectCode.FakNotFilled, "FAK orders are partially filled or killed"); // So are those.
    }

    [Fact]
    public async Task The_same_liquidity_is_not_filled_twice_whatever_the_venue_repeats()
    {
        await Send(Buy(OrderType.Fak, limit: 42, dollars: "21", shares: 50));
        See(_book.Snapshot());
        Assert.Equal(Size.Shares(50), await Taken());

        See(_book.Change(Outcome.Yes, Side.Sell, 42, 130)); // 30 more than the 100 that are ours by now.
        Assert.Equal(Size.Shares(30), await Taken());

        See(_book.Change(Outcome.Yes, Side.Sell, 42, 60)); // Others took theirs: ours are still in it.
        await Refused(Buy(OrderType.Fak, limit: 42, dollars: "42", shares: 100), RejectCode.FakNotFilled, "no orders found");

        See(_book.Change(Outcome.Yes, Side.Sell, 42, 0), _book.Change(Outcome.Yes, Side.Sell, 42, 40)); // Gone, and somebody new.
        Assert.Equal(Size.Shares(40), await Taken());

        _venue.Watch(Given.Single(Condition), [FeedInput.Lost(9, Given.Noon, "gap")]);
        See(_book.Snapshot());
        await Refused(Buy(OrderType.Fak, limit: 42, dollars: "42", shares: 100), RejectCode.FakNotFilled, "no orders found");

        async Task<Size> Taken() => Assert.IsType<OrderEvent.Matched>(await Send(Buy(OrderType.Fak, limit: 42, dollars: "84", shares: 200))).Shares;
    }

    [Fact]
    public async Task A_fok_fills_whole_or_not_at_all()
    {
        await Refused(Buy(OrderType.Fok, limit: 42, dollars: "84", shares: 200), RejectCode.FokNotFilled, "FOK orders are fully filled or killed.");
        Assert.Equal(("1000", "0"), await Balances(Condition.Yes));

        var matched = Assert.IsType<OrderEvent.Matched>(await Send(Buy(OrderType.Fok, limit: 43, dollars: "85", shares: 190))); // Nothing of the killed one was taken.
        Assert.Equal((Size.Shares(200), true), (matched.Shares, matched.IsFinal));
    }

    [Fact]
    public async Task A_request_meets_the_book_as_it_is_when_it_arrives()
    {
        var sending = _venue.Send([Signed(Buy(OrderType.Fak, limit: 42, dollars: "42", shares: 100))], Cancellation);
        _time.Advance(TimeSpan.FromMilliseconds(79));
        Assert.False(sending.IsCompleted);
        See(_book.Change(Outcome.Yes, Side.Sell, 42, 10));
        _time.Advance(TimeSpan.FromMilliseconds(1));

        Assert.Equal(Size.Shares(10), Assert.IsType<OrderEvent.Matched>(Assert.Single((await sending).News)).Shares);
    }

    [Fact]
    public async Task A_gtc_takes_what_crosses_and_rests_with_the_rest()
    {
        var matched = Assert.IsType<OrderEvent.Matched>(await Send(Buy(OrderType.Gtc, limit: 42, dollars: "63", shares: 150)));
        Assert.Equal((Size.Shares(100), false), (matched.Shares, matched.IsFinal));
        Assert.Equal("1.218", (await Fills())[0].Fee.ToString()); // 100 x 5 % x 0.42 x 0.58.
        var open = Assert.Single(await Open());
        Assert.Equal((Size.Shares(150), Size.Shares(100), VenueOrderStatus.Live), (open.Size, open.Matched, open.Status));

        await Refused(Buy(OrderType.Fak, limit: 43, dollars: "920", shares: 2_135), RejectCode.NotEnoughBalance, "the balance is not enough"); // 21 are held back.
    }

    /// <summary>100 stand before us at 40, and more at our price trade first; what trades lower finds us alone.</summary>
    [Fact]
    public async Task A_resting_order_fills_behind_what_was_displayed_when_it_joined()
    {
        Assert.IsType<OrderEvent.Placed>(await Send(Buy(OrderType.Gtc, limit: 40, dollars: "20", shares: 50)));
        See(Trade(Outcome.Yes, 40, 70, Side.Sell), Trade(Outcome.Yes, 41, 500, Side.Sell), Trade(Outcome.Yes, 40, 500, Side.Buy), Trade(Outcome.Yes, 42, 500, Side.Buy));
        Assert.Empty(await Fills());

        See(Trade(Outcome.No, 60, 45, Side.Buy)); // The same as a sale of YES at 40: 30 go first.
        var fill = Assert.Single(await Fills());
        Assert.Equal(("15", "6", "0"), (fill.Shares.ToString(), fill.Amount.ToString(), fill.Fee.ToString()));

        See(Trade(Outcome.Yes, 39, 20, Side.Sell));
        Assert.Equal([Size.Shares(15), Size.Shares(20)], (await Fills()).Select(each => each.Shares));
        See(Trade(Outcome.Yes, 40, 500, Side.Sell));
        Assert.Empty(await Open());
        Assert.Equal(("980", "50"), await Balances(Condition.Yes));
    }

    [Fact]
    public async Task What_trades_through_finds_nobody_before_us()
    {
        await Send(Buy(OrderType.Gtc, limit: 40, dollars: "20", shares: 50));
        See(Trade(Outcome.Yes, 39, 20, Side.Sell));
        Assert.Equal(Size.Shares(20), Assert.Single(await Fills()).Shares);
    }

    [Fact]
    public async Task One_trade_fills_our_orders_in_turn_and_no_share_of_it_twice()
    {
        await Send(Buy(OrderType.Gtc, limit: 39, dollars: "19.5", shares: 50));
        await Send(Buy(OrderType.Gtc, limit: 41, dollars: "20.5", shares: 50));
        await Send(Buy(OrderType.Gtc, limit: 41, dollars: "8.2", shares: 20));

        See(Trade(Outcome.Yes, 38, 90, Side.Sell));

        Assert.Equal(["0.41 50", "0.41 20", "0.39 20"], (await Fills()).Select(fill => $"{fill.Price} {fill.Shares}"));
    }

    [Fact]
    public async Task An_order_that_would_have_met_ours_fills_it_at_our_price_once()
    {
        await Send(Buy(OrderType.Gtc, limit: 41, dollars: "41", shares: 100));
        See(_book.Change(Outcome.Yes, Side.Sell, 41, 30));
        See(_book.Snapshot());
        Assert.Equal(("30", "12.3"), (Assert.Single(await Fills()).Shares.ToString(), (await Fills())[0].Amount.ToString()));
        await Refused(Buy(OrderType.Fak, limit: 41, dollars: "12.3", shares: 30), RejectCode.FakNotFilled, "no orders found");
    }

    /// <summary>Bid and ask stand crossed for a moment while the venue matches them: that is not for us.</summary>
    [Fact]
    public async Task The_middle_of_a_match_fills_nobody()
    {
        await Send(Buy(OrderType.Gtc, limit: 40, dollars: "20", shares: 50));
        See(_book.Change(Outcome.Yes, Side.Sell, 40, 30));
        Assert.Empty(await Fills());
        See(_book.Change(Outcome.Yes, Side.Sell, 40, 0));
        Assert.Empty(await Fills());
    }

    [Fact]
    public async Task A_resting_sale_brings_its_own_price_without_a_fee()
    {
        await Send(Buy(OrderType.Fak, limit: 42, dollars: "42", shares: 100));
        Settle();
        await Confirmed(1);
        await Send(Sell(OrderType.Gtc, limit: 41, shares: 60));
        await Refused(Sell(OrderType.Fak, limit: 40, shares: 50), RejectCode.NotEnoughBalance, "balance: 40000000"); // 60 of 100 are for sale already.

        See(Trade(Outcome.Yes, 41, 60, Side.Buy));
        var fill = (await Fills())[1];
        Assert.Equal(("60", "24.6", "0"), (fill.Shares.ToString(), fill.Amount.ToString(), fill.Fee.ToString()));
    }

    [Fact]
    public async Task Post_only_is_refused_where_it_would_take_and_where_nothing_can_rest()
    {
        await Refused(Buy(OrderType.Gtc, limit: 42, dollars: "21", shares: 50) with { PostOnly = true }, RejectCode.PostOnlyWouldCross, "invalid post-only order: order crosses book");
        await Refused(Buy(OrderType.Fak, limit: 42, dollars: "21", shares: 50) with { PostOnly = true }, RejectCode.InvalidPostOnly, "invalid post-only order");
        Assert.IsType<OrderEvent.Placed>(await Send(Buy(OrderType.Gtc, limit: 41, dollars: "20.5", shares: 50) with { PostOnly = true }));
    }

    [Fact]
    public async Task What_the_venue_would_refuse_is_refused_in_its_words()
    {
        await Refused(Buy(OrderType.Gtc, limit: 41, dollars: "1.64", shares: 4), RejectCode.BelowMinimum, "Size (4) lower than the minimum: 5");
        await Refused(Buy(OrderType.Fak, limit: 42, dollars: "0.84", shares: 2), RejectCode.BelowMinimum, "invalid amount for a marketable BUY order (0.84), min size: $1");
        await Refused(Buy(OrderType.Fak, limit: 42, dollars: "21", shares: 50) with { Limit = Price.Parse("0.425") }, RejectCode.BreaksTick, "breaks minimum tick size rule: 0.01");
        await Refused(Buy(OrderType.Fak, limit: 42, dollars: "21", shares: 50) with { Token = new TokenId("x") }, RejectCode.NoOrderBook, "No orderbook exists");
        await Refused(Sell(OrderType.Fak, limit: 40, shares: 10), RejectCode.NotEnoughBalance, "not enough balance / allowance");
        _venue.Watch(Given.Single(Condition), [FeedInput.Lost(9, Given.Noon, "gap")]);
        await Refused(Buy(OrderType.Fak, limit: 42, dollars: "21", shares: 50), RejectCode.MarketNotReady, "not yet ready");
    }

    /// <summary>42 dollars are there for it, its fee on top is not.</summary>
    [Fact]
    public async Task A_buy_needs_its_fee_as_well()
    {
        Start(PolyArbOptions.Defaults.Paper with { Cash = Usd.Dollars(42) });
        See(_book.Snapshot());
        await Refused(Buy(OrderType.Fak, limit: 42, dollars: "42", shares: 100), RejectCode.NotEnoughBalance, "balance: 42000000, sum of matched orders: 0, order amount (inc. fees): 43218000");
        Assert.IsType<OrderEvent.Placed>(await Send(Buy(OrderType.Gtc, limit: 40, dollars: "42", shares: 105) with { PostOnly = true })); // A maker pays none.
    }

    [Fact]
    public async Task Tokens_are_sold_only_once_they_are_mined()
    {
        await Send(Buy(OrderType.Fak, limit: 42, dollars: "42", shares: 100));
        await Refused(Sell(OrderType.Fak, limit: 40, shares: 50), RejectCode.NotEnoughBalance, "balance: 0");
        Settle();
        await Told(TradeStatus.Mined);
        Assert.IsType<OrderEvent.Matched>(await Send(Sell(OrderType.Fak, limit: 40, shares: 50)));
    }

    [Fact]
    public async Task A_gtd_order_ends_a_minute_before_its_time_and_needs_three()
    {
        await Refused(Buy(OrderType.Gtd, limit: 40, dollars: "20", shares: 50), RejectCode.InvalidExpiration, "invalid expiration", expiresIn: 179);
        await Refused(Buy(OrderType.Gtc, limit: 40, dollars: "20", shares: 50), RejectCode.InvalidExpiration, "invalid expiration", expiresIn: 200);
        var placed = Assert.IsType<OrderEvent.Placed>(await Send(Buy(OrderType.Gtd, limit: 40, dollars: "20", shares: 50), expiresIn: 200));

        _time.Advance(TimeSpan.FromSeconds(139));
        Assert.Single(await Open());
        _time.Advance(TimeSpan.FromSeconds(1));

        Assert.Equal(new OrderEvent.Canceled(placed.Order, "expired"), await _news.Reader.ReadAsync(Cancellation));
        Assert.Empty(await Open());
        See(Trade(Outcome.Yes, 30, 500, Side.Sell));
        Assert.Empty(await Fills());
    }

    [Fact]
    public async Task What_is_canceled_fills_no_more_and_frees_its_money()
    {
        var first = (await Send(Buy(OrderType.Gtc, limit: 40, dollars: "400", shares: 1_000))).Order;
        var second = (await Send(Buy(OrderType.Gtc, limit: 40, dollars: "400", shares: 1_000))).Order;
        await Refused(Buy(OrderType.Gtc, limit: 40, dollars: "400", shares: 1_000), RejectCode.NotEnoughBalance, "balance: 200000000");

        var answer = Value(await Late(_venue.Cancel([first, new OrderId("stranger")], Cancellation)));
        Assert.Equal([first], answer.Canceled);
        Assert.Equal(new OrderId("stranger"), Assert.Single(answer.NotCanceled).Key);
        Assert.Equal(VenueOrderStatus.Canceled, (await Known(first))!.Status);
        Assert.Equal(second, Assert.Single(await Open()).Id);

        Assert.Equal([second], Value(await Late(_venue.CancelAll(Cancellation))).Canceled);
        Assert.Empty(await Open());
        See(Trade(Outcome.Yes, 30, 500, Side.Sell));
        Assert.Empty(await Fills());
        Assert.IsType<OrderEvent.Placed>(await Send(Buy(OrderType.Gtc, limit: 40, dollars: "900", shares: 2_250)));
    }

    [Fact]
    public async Task A_trade_lives_from_matched_over_mined_to_confirmed()
    {
        await Send(Buy(OrderType.Fak, limit: 42, dollars: "42", shares: 100));
        await Told(TradeStatus.Matched);
        _time.Advance(TimeSpan.FromMilliseconds(1_999));
        Assert.Equal(TradeStatus.Matched, (await Fills())[0].Status);
        _time.Advance(TimeSpan.FromMilliseconds(1));
        await Told(TradeStatus.Mined);
        Settle();
        await Told(TradeStatus.Confirmed);
        Assert.Equal(TradeStatus.Confirmed, Assert.Single(await Fills()).Status);
    }

    [Fact]
    public async Task A_trade_that_fails_gives_everything_back()
    {
        Start(PolyArbOptions.Defaults.Paper with { Cash = Usd.Dollars(1_000), SettlementFailureRate = 1 });
        See(_book.Snapshot());
        await Send(Buy(OrderType.Fak, limit: 42, dollars: "42", shares: 100));
        Settle();
        await Told(TradeStatus.Failed);
        Assert.Equal(("1000", "0"), await Balances(Condition.Yes));
    }

    [Fact]
    public async Task The_same_seed_draws_the_same_and_another_one_does_not()
    {
        Assert.Equal(await Drawn(5), await Drawn(5));
        Assert.NotEqual(await Drawn(5), await Drawn(6));

        async Task<string> Drawn(int seed)
        {
            Start(PolyArbOptions.Defaults.Paper with
            {
                LatencyMin = TimeSpan.FromMilliseconds(1),
                LatencyMax = TimeSpan.FromMilliseconds(60),
                SettlementFailureRate = 0.5m,
                Seed = seed,
            });
            See(_book.Snapshot());
            List<string> drawn = [];
            for (var i = 0; i < 12; i++)
            {
                var sending = _venue.Send([Signed(Buy(OrderType.Fak, limit: 42, dollars: "2.1", shares: 5))], Cancellation);
                var waited = 0;
                for (; !sending.IsCompleted; waited++) _time.Advance(TimeSpan.FromMilliseconds(1));
                await sending;
                Settle();
                OrderEvent news;
                while ((news = await _news.Reader.ReadAsync(Cancellation)) is OrderEvent.Filled { Fill.Status: TradeStatus.Matched or TradeStatus.Confirmed }) { }
                drawn.Add($"{waited} {((OrderEvent.Filled)news).Fill.Status}");
            }

            return string.Join(", ", drawn);
        }
    }

    /// <summary>A process of its own: the journal knows the account, and what rested is gone.</summary>
    [Fact]
    public async Task A_restart_remembers_money_shares_and_trades()
    {
        await _journal.Append([new Fact.OpeningBalanceTaken(Given.Noon, Usd.Dollars(500), ImmutableDictionary<TokenId, Size>.Empty)], 0);
        await _journal.Append([Given.Opened(Given.Basket(legs: 2))], 0);
        await _journal.Append([
            new Fact.OrderChanged(Given.Noon, new OrderEvent.Matched(new OrderId("b-1/0"), Size.Shares(100), IsFinal: true)),
            new Fact.OrderChanged(Given.Noon, new OrderEvent.Filled(Given.Fill("t1", TradeStatus.Mined, order: "b-1/0", feeCents: 10))),
            new Fact.OrderChanged(Given.Noon, new OrderEvent.Matched(new OrderId("b-1/1"), Size.Shares(20), IsFinal: true)), // Its trade was never told.
        ], 0);

        Start(PolyArbOptions.Defaults.Paper);

        Assert.Equal("445.9", Value(await _venue.Cash(Cancellation)).ToString()); // 500 - 45.1 - 20 x 0.45.
        Assert.Equal((Size.Shares(100), Size.Shares(20)), (Value(await _venue.Shares(Given.No(0), Cancellation)), Value(await _venue.Shares(Given.No(1), Cancellation))));
        Assert.All(await Fills(), fill => Assert.Equal(TradeStatus.Confirmed, fill.Status));
        Assert.Equal(2, (await Fills()).Length);
        Assert.Equal((VenueOrderStatus.Matched, Size.Shares(20)), ((await Known(new OrderId("b-1/1")))!.Status, (await Known(new OrderId("b-1/1")))!.Matched));
        Assert.Empty(await Open());
    }

    private void Start(PaperOptions options)
    {
        while (_news.Reader.TryRead(out _))
        {
        }

        _venue?.Dispose();
        _venue = new PaperVenue(
            new PaperSigner(
                intents => [.. intents.Select(intent => new OrderPlaced(new OrderId($"{intent.Basket}"), intent))],
                placed => Task.FromResult(ImmutableArray.CreateRange(placed, order => new SignedOrder(order.Id, order.Intent, "")))),
            _journal, options, _time, NullLogger<PaperVenue>.Instance);
        _ = _venue.Run(
            news =>
            {
                foreach (var item in news) _news.Writer.TryWrite(item);
                return Task.CompletedTask;
            },
            () => Task.CompletedTask, Cancellation);
    }

    private void See(params BookUpdate[] updates) => _venue.Watch(Given.Single(Condition), [Given.Input(1, _time.Now(), updates)]);

    private static BookUpdate Trade(Outcome outcome, int cents, long shares, Side taker) =>
        BookUpdate.Trade(Condition.Id, Condition.Token(outcome), 1_001, Price.Cents(cents), Size.Shares(shares), taker);

    private static LegOrder Buy(OrderType type, int limit, string dollars, long shares, Outcome outcome = Outcome.Yes) => Leg(type, Side.Buy, limit, outcome) with
    {
        MakerAmount = Usd.Parse(dollars).Micros,
        TakerAmount = Size.Shares(shares).Micros,
    };

    private static LegOrder Sell(OrderType type, int limit, long shares, Outcome outcome = Outcome.Yes) => Leg(type, Side.Sell, limit, outcome) with
    {
        MakerAmount = Size.Shares(shares).Micros,
        TakerAmount = Usd.Proceeds(Price.Cents(limit), Size.Shares(shares)).Micros,
    };

    private static LegOrder Leg(OrderType type, Side side, int limit, Outcome outcome) => Given.Leg(side: side, type: type) with
    {
        Condition = Condition.Id,
        Token = Condition.Token(outcome),
        Outcome = outcome,
        Limit = Price.Cents(limit),
        NegRisk = false,
    };

    private SignedOrder Signed(LegOrder order, long expiresIn = 0) => _venue.Sign([Given.Placed("", order, basket: $"o-{++_orders}").Intent with
    {
        ExpirationSeconds = expiresIn == 0 ? 0 : (_time.Now().Millis / 1_000) + expiresIn,
    }])[0];

    private async Task<OrderEvent> Send(LegOrder order, long expiresIn = 0) =>
        Assert.Single((await Late(_venue.Send([Signed(order, expiresIn)], Cancellation))).News);

    private async Task Refused(LegOrder order, RejectCode code, string words, long expiresIn = 0)
    {
        var rejected = Assert.IsType<OrderEvent.Rejected>(await Send(order, expiresIn));
        Assert.Equal(code, rejected.Code);
        Assert.Contains(words, rejected.Why, StringComparison.Ordinal);
    }

    private Task<T> Late<T>(Task<T> request)
    {
        _time.Advance(TimeSpan.FromMilliseconds(80));
        return request;
    }

    private void Settle() => _time.Advance(TimeSpan.FromSeconds(2));

    private async Task Told(TradeStatus status)
    {
        while (await _news.Reader.ReadAsync(Cancellation).AsTask().WaitAsync(TimeSpan.FromSeconds(20), Cancellation) is not OrderEvent.Filled { Fill: var fill } || fill.Status != status)
        {
        }
    }

    /// <summary>Mined and confirmed.</summary>
    private async Task Confirmed(int trades)
    {
        await Told(TradeStatus.Mined);
        Settle();
        for (var i = 0; i < trades; i++) await Told(TradeStatus.Confirmed);
    }

    private async Task<ImmutableArray<Fill>> Fills() => Value(await _venue.TradesSince(new Instant(0), Cancellation));

    private async Task<ImmutableArray<VenueOrder>> Open() => Value(await _venue.OpenOrders(Cancellation));

    private async Task<VenueOrder?> Known(OrderId order) => Value(await _venue.Order(order, Cancellation));

    private async Task<(string Cash, string Shares)> Balances(TokenId token) =>
        (Value(await _venue.Cash(Cancellation)).ToString(), Value(await _venue.Shares(token, Cancellation)).ToString());

    private static T Value<T>(VenueAnswer<T> answer) => Assert.IsType<VenueAnswer<T>.Ok>(answer).Value;
}
