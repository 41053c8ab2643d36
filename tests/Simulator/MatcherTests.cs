using PolyArb.Simulator.Engine;
using PolyArb.Simulator.Feed;
using Xunit;

namespace PolyArb.Tests.Simulator;

public sealed class MatcherTests
{
    [Fact]
    public void A_level_that_several_makers_share_is_told_once_and_the_taker_s_average_is_rounded_half_up()
    {
        var venue = new Venue();
        venue.Limit("alice", Venue.Yes, Side.Sell, 5_000, 10);
        venue.Limit("carol", Venue.Yes, Side.Sell, 5_100, 10);
        venue.Limit("alice", Venue.Yes, Side.Sell, 5_100, 10);
        var heard = Heard.Market(venue.Exchange, venue.Market);

        var trade = Assert.IsType<PlaceResult.Accepted>(venue.Limit("bob", Venue.Yes, Side.Buy, 5_100, 30)).Trade!;

        Assert.Equal(2, heard.SoFar().Count(f => f.Text("event_type") == "price_change"));
        Assert.Equal(506_667, trade.AveragePrice);
    }

    [Fact]
    public void Who_trades_with_itself_hears_of_the_trade_once()
    {
        var venue = new Venue();
        venue.Limit("alice", Venue.Yes, Side.Sell, 5_000, 10);
        var heard = Heard.User(venue.Exchange, "alice");

        venue.Limit("alice", Venue.Yes, Side.Buy, 5_000, 10);

        Assert.Equal("TAKER", Assert.Single(heard.SoFar(), f => f.Text("event_type") == "trade").Text("trader_side"));
    }

    private readonly Venue _venue = new();

    [Fact]
    public void A_taker_sweeps_a_sale_and_then_mints_with_a_buyer_of_the_other_token()
    {
        _venue.Limit("alice", Venue.Yes, Side.Sell, 6_000, 100);
        _venue.Limit("bob", Venue.No, Side.Buy, 3_900, 50);

        var trade = Trade(_venue.Limit("carol", Venue.Yes, Side.Buy, 6_500, 120));

        Assert.Equal(72_200_000, trade.Cash);
        Assert.Equal(120_000_000, trade.Shares);
        Assert.Equal([(6_000, 100_000_000L), (3_900, 20_000_000L)], trade.Legs.Select(l => (l.Price, l.Shares)));
        Assert.Equal([Venue.Yes, Venue.No], trade.Legs.Select(l => l.Maker.Token));
        Assert.Equal(30_000_000, _venue.Book.TotalAt(bids: false, 6_100));
        _venue.Exchange.Ledger.AssertConserved();
    }

    [Fact]
    public void Two_sellers_of_opposite_tokens_merge_pairs_and_share_the_pusd()
    {
        var (alice, bob) = (_venue.Account("alice").Cash, _venue.Account("bob").Cash);
        _venue.Limit("alice", Venue.No, Side.Sell, 3_000, 50);

        var trade = Trade(_venue.Limit("bob", Venue.Yes, Side.Sell, 6_000, 50));

        Assert.Equal(35_000_000, trade.Cash); // Bob gets 0.70 although he asked for 0.60.
        Assert.Equal(alice + 15_000_000, _venue.Account("alice").Cash);
        Assert.Equal(bob + 35_000_000, _venue.Account("bob").Cash);
        _venue.Exchange.Ledger.AssertConserved();
    }

    [Fact]
    public void The_better_price_fills_first_and_the_earlier_order_before_the_later()
    {
        var late = Order(_venue.Limit("alice", Venue.Yes, Side.Sell, 5_100, 10));
        var first = Order(_venue.Limit("bob", Venue.Yes, Side.Sell, 5_000, 10));
        var second = Order(_venue.Limit("alice", Venue.No, Side.Buy, 5_000, 10));

        var trade = Trade(_venue.Limit("carol", Venue.Yes, Side.Buy, 5_500, 25));

        Assert.Equal([(first, 10_000_000L), (second, 10_000_000L), (late, 5_000_000L)], trade.Legs.Select(l => (l.Maker, l.Shares)));
    }

    [Fact]
    public void A_collateral_order_at_a_better_price_buys_more_shares_than_it_asked_for()
    {
        _venue.Limit("alice", Venue.Yes, Side.Sell, 9_800, 100);

        var trade = Trade(_venue.Spend("bob", Venue.Yes, OrderType.Fak, 4_950_000, 5_000_000));

        Assert.Equal(5_051_020, trade.Shares);
        Assert.InRange(trade.Cash, 4_949_999, 4_950_000);
        Assert.Equal(OrderStatus.Matched, trade.Taker.Status);
    }

    [Fact]
    public void A_limit_order_at_a_better_price_buys_the_shares_it_asked_for()
    {
        _venue.Limit("alice", Venue.Yes, Side.Sell, 9_600, 100);

        var trade = Trade(_venue.Limit("bob", Venue.Yes, Side.Buy, 9_900, 5));

        Assert.Equal((5_000_000, 4_800_000), (trade.Shares, trade.Cash));
    }

    [Fact]
    public void A_fok_that_cannot_fill_whole_leaves_no_trace()
    {
        _venue.Limit("alice", Venue.Yes, Side.Sell, 5_000, 10);
        var cash = _venue.Account("bob").Cash;

        var refused = Assert.IsType<PlaceResult.Refused>(_venue.Spend("bob", Venue.Yes, OrderType.Fok, 6_000_000, 12_000_000));

        Assert.Equal("order couldn't be fully filled. FOK orders are fully filled or killed.", refused.Text);
        Assert.Equal(cash, _venue.Account("bob").Cash);
        Assert.Equal(10_000_000, _venue.Book.TotalAt(bids: false, 5_000));
    }

    [Fact]
    public void A_fak_takes_what_there_is_and_the_rest_is_canceled()
    {
        _venue.Limit("alice", Venue.Yes, Side.Sell, 5_000, 10);

        var trade = Trade(_venue.Spend("bob", Venue.Yes, OrderType.Fak, 6_000_000, 12_000_000));

        Assert.Equal(10_000_000, trade.Shares);
        Assert.Equal(OrderStatus.Canceled, trade.Taker.Status);
        Assert.Null(_venue.Book.BestBid);
    }

    [Fact]
    public void A_fak_that_finds_nobody_is_refused()
    {
        var refused = Assert.IsType<PlaceResult.Refused>(_venue.Limit("bob", Venue.Yes, Side.Sell, 5_000, 12, OrderType.Fak));

        Assert.StartsWith("no orders found to match with FAK order.", refused.Text, StringComparison.Ordinal);
    }

    [Fact]
    public void A_market_buy_whose_shares_were_rounded_up_misses_its_own_tick()
    {
        _venue.Limit("alice", Venue.Yes, Side.Sell, 5_200, 100);

        Assert.IsType<PlaceResult.Refused>(_venue.Spend("bob", Venue.Yes, OrderType.Fak, 10_000_000, 19_230_800));
        Assert.IsType<PlaceResult.Accepted>(_venue.Spend("bob", Venue.Yes, OrderType.Fak, 10_000_000, 19_230_700));
    }

    [Fact]
    public void The_last_trade_in_both_books_is_one_value_in_terms_of_yes()
    {
        _venue.Limit("alice", Venue.No, Side.Sell, 9_500, 10);
        _venue.Limit("bob", Venue.No, Side.Buy, 9_500, 10);

        var market = _venue.Exchange.MarketOf(_venue.Condition);

        Assert.Contains("\"last_trade_price\":\"0.050\"", BookText.Frame(market, Venue.Yes), StringComparison.Ordinal);
        Assert.Contains("\"last_trade_price\":\"0.050\"", BookText.Summary(market, Venue.No), StringComparison.Ordinal);
    }

    [Fact]
    public void The_no_book_is_the_mirror_of_the_yes_book_with_the_best_level_last()
    {
        _venue.Limit("alice", Venue.Yes, Side.Buy, 3_000, 10);
        _venue.Limit("alice", Venue.No, Side.Sell, 6_000, 20);
        _venue.Limit("alice", Venue.No, Side.Buy, 1_000, 30);

        var market = _venue.Exchange.MarketOf(_venue.Condition);

        const string Yes = """
            "bids":[{"price":"0.3","size":"10"},{"price":"0.4","size":"20"}],"asks":[{"price":"0.9","size":"30"}],
            """;
        const string No = """
            "bids":[{"price":"0.1","size":"30"}],"asks":[{"price":"0.7","size":"10"},{"price":"0.6","size":"20"}],
            """;
        Assert.Contains(Yes, BookText.Summary(market, Venue.Yes), StringComparison.Ordinal);
        Assert.Contains(No, BookText.Summary(market, Venue.No), StringComparison.Ordinal);
    }

    private static TradeRecord Trade(PlaceResult result) => Assert.IsType<PlaceResult.Accepted>(result).Trade!;

    private static BookOrder Order(PlaceResult result) => Assert.IsType<PlaceResult.Accepted>(result).Order;
}
