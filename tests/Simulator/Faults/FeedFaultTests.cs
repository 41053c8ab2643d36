using System.Text.Json;
using PolyArb.Simulator.Engine;
using PolyArb.Simulator.Faults;
using PolyArb.Simulator.World;
using Xunit;

namespace PolyArb.Tests.Simulator.Faults;

public sealed class FeedFaultTests
{
    private readonly BadDay _day = new([.. WorldBuilder.Build(1).Conditions.Take(2)]);
    private readonly FrameLog _heard;

    public FeedFaultTests()
    {
        _heard = FrameLog.OfMarkets(Exchange);
        _heard.Frames.Clear();
    }

    private Exchange Exchange => _day.Exchange;

    private Condition Here => _day.Venue.Condition;

    private Condition Elsewhere => Exchange.World.Conditions[1];

    [Fact]
    public void A_frozen_feed_says_nothing_until_it_thaws_and_what_happened_meanwhile_is_never_told()
    {
        _day.Goes(FaultKind.WsFreeze, durationMs: 100);
        Rest(4_000);
        _day.Pass(100);
        Assert.Empty(_heard.Frames);

        Rest(4_100);
        Assert.Equal(["best_bid_ask", "best_bid_ask", "price_change"], Kinds());
        _day.Says(FaultKind.WsFreeze, "is over, 1 times felt");
    }

    [Fact]
    public void A_subscriber_to_a_frozen_feed_gets_no_books()
    {
        _day.Goes(FaultKind.WsFreeze);
        Assert.Empty(FrameLog.OfMarkets(Exchange).Frames);
    }

    [Fact]
    public void A_frozen_token_is_silent_alone()
    {
        _day.Goes(FaultKind.TokenFreeze, on: Here);
        Match(4_000);
        _day.Pass(50); // The print is silent too.
        Assert.Empty(_heard.Frames);

        Exchange.Place(_day.Venue.Request("alice", 0, Side.Buy, 4_000, 10) with { Condition = Elsewhere });
        Assert.NotEmpty(_heard.Frames);
        _day.Says(FaultKind.TokenFreeze, "begins, for 5000 ms");
    }

    [Fact]
    public void A_dropped_book_is_missing_after_a_trade_and_in_a_dump()
    {
        _day.Goes(FaultKind.DropBook, on: Here);
        Match(4_000);
        Assert.Equal(Here.Tokens[1], Assert.Single(Frames(), f => f.Text("event_type") == "book").Text("asset_id"));

        _day.Goes(FaultKind.DropBook, on: Here);
        var dump = Json(Assert.Single(FrameLog.OfMarkets(Exchange).Frames)).EnumerateArray().Select(b => b.Text("asset_id"));
        Assert.Equal([Here.Tokens[1], .. Elsewhere.Tokens], dump);
        Assert.Equal(2, _day.Log.Count(line => line.StartsWith("fault drop-book at ", StringComparison.Ordinal)));
    }

    [Fact]
    public void A_late_book_comes_with_what_it_said_then()
    {
        _day.Goes(FaultKind.LateBook, on: Here, durationMs: 500);
        Match(4_000);
        var then = Exchange.MarketOf(Here).Hash(0);
        Rest(3_900);
        Assert.DoesNotContain(Frames(), f => f.Text("event_type") == "book" && f.Text("asset_id") == Here.Tokens[0]);

        _day.Pass(500);
        Assert.Equal(then, Frames().Last(f => f.Text("event_type") == "book").Text("hash"));
        Assert.NotEqual(then, Exchange.MarketOf(Here).Hash(0));
        _day.Says(FaultKind.LateBook, "struck");
    }

    [Fact]
    public void A_late_book_of_a_dump_comes_with_what_it_said_then()
    {
        _day.Goes(FaultKind.LateBook, on: Here, durationMs: 500);
        var late = FrameLog.OfMarkets(Exchange);
        Rest(3_900);
        _day.Pass(500);

        var book = Json(late.Frames[^1]);
        Assert.Equal(("book", Here.Tokens[0]), (book.Text("event_type"), book.Text("asset_id")));
        Assert.Empty(book.GetProperty("bids").EnumerateArray());
    }

    [Fact]
    public void Two_frames_of_one_change_leave_in_the_wrong_order_with_one_timestamp()
    {
        _day.Goes(FaultKind.ReorderSameTimestamp);
        Rest(4_000);
        Assert.Equal(["best_bid_ask", "price_change", "best_bid_ask"], Kinds());
        Assert.Single(Frames().Select(f => f.Text("timestamp")).Distinct());
        _day.Says(FaultKind.ReorderSameTimestamp, "BestBidAsk after PriceChange");
    }

    [Fact]
    public void A_change_of_one_frame_alone_cannot_be_reordered()
    {
        Rest(4_000);
        _day.Goes(FaultKind.ReorderSameTimestamp);
        Rest(3_000); // Not the top.
        Assert.Empty(_day.Log);
    }

    [Fact]
    public void A_price_change_is_sent_twice_once()
    {
        _day.Goes(FaultKind.DuplicateFrame);
        Rest(4_000);
        Rest(3_900);
        Assert.Equal(["best_bid_ask", "best_bid_ask", "price_change", "price_change", "price_change"], Kinds());
        Assert.Equal(_heard.Frames[2], _heard.Frames[3]);
        _day.Says(FaultKind.DuplicateFrame, "struck");
    }

    [Fact]
    public void A_remainder_is_told_before_what_its_order_took_and_the_book_is_true_in_the_end()
    {
        Offer(4_000, 10);
        Offer(4_100, 10);
        var book = Watch();
        _day.Goes(FaultKind.CrossedTransient);
        _day.Venue.Limit("bob", Venue.Yes, Side.Buy, 4_200, 25);

        Assert.Equal([("0.42", "5"), ("0.4", "0"), ("0.41", "0")], Changes());
        Proves(book);
        _day.Says(FaultKind.CrossedTransient, "struck");
    }

    [Fact]
    public void A_taker_of_several_levels_is_shown_resting_for_a_moment_and_the_book_is_true_in_the_end()
    {
        Offer(4_000, 10);
        Offer(4_100, 10);
        Offer(4_200, 10);
        var book = Watch();
        _day.Goes(FaultKind.CrossedTransient);
        _day.Venue.Limit("bob", Venue.Yes, Side.Buy, 4_100, 15, OrderType.Fak);

        Assert.Equal([("0.41", "5"), ("0.4", "0"), ("0.41", "4.756098"), ("0.41", "0")], Changes());
        Proves(book);
    }

    [Fact]
    public void A_resolution_is_not_broadcast_once()
    {
        _day.Goes(FaultKind.MissingMarketResolved);
        Exchange.Life.Resolve(Here, 0);
        Assert.DoesNotContain("market_resolved", Kinds());
        Exchange.Life.Resolve(Elsewhere, 0);
        Assert.Contains("market_resolved", Kinds());
        _day.Says(FaultKind.MissingMarketResolved, "struck");
    }

    private static JsonElement Json(string text)
    {
        using var json = JsonDocument.Parse(text);
        return json.RootElement.Clone();
    }

    private void Rest(int price) => _day.Venue.Limit("alice", Venue.Yes, Side.Buy, price, 10);

    private void Offer(int price, long shares) => _day.Venue.Limit("alice", Venue.Yes, Side.Sell, price, shares);

    /// <summary>A trade that empties the level it meets.</summary>
    private void Match(int price)
    {
        Offer(price, 10);
        _day.Venue.Limit("bob", Venue.Yes, Side.Buy, price, 10);
    }

    private IEnumerable<JsonElement> Frames() => _heard.Frames.Select(Json);

    private IEnumerable<string> Kinds() => Frames().Select(f => f.Text("event_type"));

    /// <summary>What was told of the first token's levels, in order.</summary>
    private IEnumerable<(string, string)> Changes() => YesEntries().Select(e => (e.Text("price"), e.Text("size")));

    private IEnumerable<JsonElement> YesEntries() => Frames().Where(f => f.Text("event_type") == "price_change")
        .Select(f => f.GetProperty("price_changes").EnumerateArray().Single(e => e.Text("asset_id") == Here.Tokens[0]));

    /// <summary>A copy of the first token's book as it is; only later frames are kept.</summary>
    private WatchedBook Watch()
    {
        var dump = Json(FrameLog.OfMarkets(Exchange).Frames[0]);
        _heard.Frames.Clear();
        return new WatchedBook(dump.EnumerateArray().First(b => b.Text("asset_id") == Here.Tokens[0]), Here.NegRisk);
    }

    private void Proves(WatchedBook book)
    {
        foreach (var entry in YesEntries()) book.Apply(entry);
        book.Again(Frames().First(f => f.Text("event_type") == "book"));
        Assert.True(book.Proves(Frames().First().Text("timestamp"), YesEntries().Last().Text("hash")));
    }
}
