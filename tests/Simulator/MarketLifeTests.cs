using System.Text.Json;
using Microsoft.Extensions.Time.Testing;
using PolyArb.Simulator.Api;
using PolyArb.Simulator.Api.Gamma;
using PolyArb.Simulator.Engine;
using PolyArb.Simulator.World;
using Xunit;

namespace PolyArb.Tests.Simulator;

public sealed class MarketLifeTests
{
    private readonly FakeTimeProvider _clock = new(DateTimeOffset.UnixEpoch.AddSeconds(1_800_000_000));
    private readonly Venue _venue;

    public MarketLifeTests() => _venue = new Venue(clock: _clock);

    [Fact]
    public void A_tick_change_is_said_for_both_tokens_with_fresh_books_and_keeps_resting_orders()
    {
        var (exchange, market) = (_venue.Exchange, _venue.Market);
        exchange.Life.ChangeTick(_venue.Condition, 10);
        var resting = Assert.IsType<PlaceResult.Accepted>(_venue.Limit("alice", Venue.Yes, Side.Sell, 5_010, 10)).Order;
        var heard = Heard.Market(exchange, market);
        var hash = market.Hash(0);

        Assert.Null(exchange.Life.ChangeTick(_venue.Condition, 100));

        var frames = heard.SoFar();
        Assert.Equal(["tick_size_change", "tick_size_change", "book", "book"], frames.Select(f => f.Text("event_type")));
        Assert.Equal(_venue.Condition.Tokens, frames.Take(2).Select(f => f.Text("asset_id")));
        Assert.Equal(("0.001", "0.01"), (frames[0].Text("old_tick_size"), frames[0].Text("new_tick_size")));
        Assert.Equal(market.Hash(0), frames[2].Text("hash"));
        Assert.NotEqual(hash, market.Hash(0));
        Assert.Equal((OrderStatus.Live, 5_010), (resting.Status, _venue.Book.BestAsk!.Value));
        Assert.NotNull(OrderRules.Refusal(resting.Request, market, exchange.Agenda.Now));
        Assert.NotNull(Assert.IsType<PlaceResult.Accepted>(_venue.Limit("bob", Venue.Yes, Side.Buy, 5_100, 10)).Trade);
    }

    [Theory]
    [InlineData(20)]
    [InlineData(100)]
    [InlineData(0)]
    public void A_tick_that_is_none_or_the_present_one_changes_nothing(int tick)
    {
        Assert.NotNull(_venue.Exchange.Life.ChangeTick(_venue.Condition, tick));
        Assert.Equal(100, _venue.Market.Tick);
    }

    [Fact]
    public void A_close_cancels_what_rests_and_ends_the_book()
    {
        var order = Assert.IsType<PlaceResult.Accepted>(_venue.Limit("alice", Venue.No, Side.Sell, 5_000, 10)).Order;
        var heard = Heard.User(_venue.Exchange, "alice");

        Assert.Null(_venue.Exchange.Life.Close(_venue.Condition));

        Assert.Equal("CANCELED_MARKET_RESOLVED", order.Status.Text());
        Assert.Equal(["CANCELLATION CANCELED"], heard.SoFar().Select(f => f.Text("type") + " " + f.Text("status")));
        Assert.Equal(404, new BookEndpoints(_venue.Exchange).Book(_venue.Condition.Tokens[0]).Status);
        Assert.Equal(
            "the market is not yet ready to process new orders",
            Assert.IsType<PlaceResult.Refused>(_venue.Limit("bob", Venue.Yes, Side.Buy, 5_000, 10)).Text);
        Assert.Equal(OrderRules.NotReady, OrderRules.Refusal(_venue.Request("bob", Venue.Yes, Side.Buy, 5_005, 1), _venue.Market, 0)); // Before its price.
        Assert.NotNull(_venue.Exchange.Life.Close(_venue.Condition));
        Assert.Equal(0, _venue.Account("alice").ReservedTokens(order.TokenId));
    }

    [Theory]
    [InlineData(0, 1_000_000, 0)]
    [InlineData(1, 0, 1_000_000)]
    [InlineData(null, 500_000, 500_000)]
    public void A_resolution_is_told_to_everybody_and_pays_what_it_says(int? winner, long yes, long no)
    {
        var other = new Venue([_venue.Condition, WorldBuilder.Build(1).Conditions[1]], _clock);
        var heard = Heard.Market(other.Exchange, other.Exchange.MarketOf(other.Exchange.World.Conditions[1]));
        var cash = other.Account("bob").Cash;
        Assert.Null(other.Exchange.Life.Resolve(other.Condition, winner));

        lock (other.Exchange.Gate) Assert.Null(new Chain(other.Exchange).Redeem(other.Account("bob"), other.Condition));

        var frame = Assert.Single(heard.SoFar());
        Assert.Equal("market_resolved", frame.Text("event_type"));
        Assert.Equal(winner is { } w ? other.Condition.Tokens[w] : "", frame.Text("winning_asset_id"));
        Assert.Equal([yes, no], other.Exchange.MarketOf(other.Condition).Payouts!);
        Assert.Equal(cash + 10_000 * (yes + no), other.Account("bob").Cash);
        Assert.All(other.Condition.Tokens, t => Assert.Equal(0, other.Account("bob").TokenBalance(t)));
        Assert.NotNull(other.Exchange.Life.Resolve(other.Condition, 0));
    }

    [Fact]
    public void One_condition_of_an_event_ends_yes_and_only_one()
    {
        var venue = new Venue(Venue.Event, _clock);
        var life = venue.Exchange.Life;

        Assert.NotNull(life.Resolve(Venue.Event[0], null));
        foreach (var condition in Venue.Event.Skip(2)) Assert.Null(life.Resolve(condition, 1));
        Assert.Null(life.Resolve(Venue.Event[1], 1));
        Assert.NotNull(life.Resolve(Venue.Event[0], 1));
        Assert.Null(life.Resolve(Venue.Event[0], 0));
        venue.Exchange.Ledger.AssertConserved();
    }

    [Fact]
    public void A_listing_is_announced_at_once_and_known_to_the_clob_once_it_is_hydrated()
    {
        var exchange = _venue.Exchange;
        var heard = Heard.Market(exchange, _venue.Market);
        var listed = WorldBuilder.Build(1).Conditions[3];
        var books = new BookEndpoints(exchange);

        Assert.Null(exchange.Life.List(listed, hydrationMs: 60_000));
        Assert.NotNull(exchange.Life.List(listed));

        var frame = Assert.Single(heard.SoFar());
        Assert.Equal(("new_market", listed.Id, "0.001"), (frame.Text("event_type"), frame.Text("market"), frame.Text("order_price_min_tick_size")));
        Assert.Equal(404, books.Book(listed.Tokens[0]).Status);
        Assert.Null(exchange.World.Find(listed.Id));
        Pass(59_999);
        Assert.Equal(404, books.Book(listed.Tokens[0]).Status);
        Pass(1);
        Assert.Equal(200, books.Book(listed.Tokens[0]).Status);
        Assert.Equal(listed, exchange.World.Find(listed.Id));
    }

    [Fact]
    public void Gamma_lists_a_market_before_the_clob_knows_it_under_the_number_that_the_stream_names()
    {
        var (exchange, late, soon) = (_venue.Exchange, Venue.Event[0], WorldBuilder.Build(1).Conditions[1]);
        var gamma = new GammaEndpoints(exchange);
        var heard = Heard.Market(exchange, _venue.Market);
        exchange.Life.List(late, hydrationMs: 60_000);
        exchange.Life.List(soon);

        string Id(Condition condition) => gamma.MarketBySlug(condition.Slug).Json().Text("id");
        var (before, after) = (gamma.MarketBySlug(late.Slug).Json(), (JsonElement?)null);
        Pass(60_000);
        after = gamma.MarketBySlug(late.Slug).Json();
        exchange.Life.Resolve(soon, 0);
        exchange.Life.Resolve(late, 1);

        var frames = heard.SoFar();
        Assert.Equal(
            new[] { late, soon, soon, late }.Select(c => (Id(c), c.Event.Id)),
            frames.Select(f => (f.Text("id"), f.GetProperty("event_message").Text("id"))));
        Assert.Equal(("false", "true"), (before.Raw("acceptingOrders"), after.Value.Raw("acceptingOrders")));
        Assert.Equal(after.Value.Text("id"), before.Text("id"));
    }

    [Fact]
    public void A_new_market_s_frame_has_its_fee_and_its_place_in_the_event()
    {
        var heard = Heard.Market(_venue.Exchange, _venue.Market);

        _venue.Exchange.Life.List(Venue.Event[0] with { Fee = new FeeSchedule(400, 1) });

        var frame = Assert.Single(heard.SoFar());
        Assert.Equal("""{"exponent":"1", "rate":"0.04", "taker_only":true, "rebate_rate":"0.25"}""", frame.Raw("fee_schedule"));
        Assert.Equal((Venue.Event[0].GroupTitle, """["politics"]"""), (frame.Text("group_item_title"), frame.Raw("tags")));
        Assert.EndsWith(" " + Venue.Event[0].GroupTitle, Venue.Event[0].Question, StringComparison.Ordinal);
    }

    [Fact]
    public void A_condition_whose_event_is_not_known_ends_either_way_and_is_never_converted()
    {
        var venue = new Venue([Venue.Event[0] with { Question = "Recorded", Event = new ListedEvent("1", "recorded", "Recorded") }], _clock);

        lock (venue.Exchange.Gate)
        {
            Assert.NotNull(new Chain(venue.Exchange).Convert(venue.Account("bob"), venue.Exchange.World.Conditions, [0], 1));
        }

        Assert.Equal(200, new GammaEndpoints(venue.Exchange).Markets(ApiWorld.Query(""), keyset: false).Status);
        Assert.Null(venue.Exchange.Life.Resolve(venue.Condition, 1));
        venue.Exchange.Ledger.AssertConserved();
    }

    [Theory]
    [InlineData("0.0003")]
    [InlineData("0.02")]
    [InlineData("0")]
    public void A_market_is_not_listed_with_a_tick_that_no_client_knows(string tick) => Assert.Equal(
        400, new SimMarkets(_venue.Exchange).List(ApiWorld.Json($$"""{"question":"Will it rain?","tick":"{{tick}}"}""")).Status);

    [Fact]
    public void A_game_s_start_clears_its_book_and_trading_goes_on()
    {
        var condition = _venue.Condition with { ClearsAtStart = true, GameStart = _clock.GetUtcNow().AddMinutes(1) };
        var venue = new Venue([condition], _clock);
        var order = Assert.IsType<PlaceResult.Accepted>(venue.Limit("alice", Venue.Yes, Side.Buy, 5_000, 10)).Order;

        _clock.Advance(TimeSpan.FromMinutes(1));
        venue.Exchange.Agenda.RunDue();

        Assert.Equal(OrderStatus.Canceled, order.Status);
        Assert.Null(venue.Book.BestBid);
        Assert.IsType<PlaceResult.Accepted>(venue.Limit("alice", Venue.Yes, Side.Buy, 5_000, 10));
    }

    private void Pass(int milliseconds)
    {
        _clock.Advance(TimeSpan.FromMilliseconds(milliseconds));
        _venue.Exchange.Agenda.RunDue();
    }
}
