using PolyArb.Domain;
using PolyArb.Domain.Books;
using PolyArb.Polymarket.MarketFeed;
using Xunit;

namespace PolyArb.Tests.Polymarket;

public class MarketFrameTests
{
    private const string Book =
        """{"market":"MARKET","asset_id":"YES","timestamp":"1782753357000","hash":"9b47e90f344140578e34a6a455e396c1f7a36aff","bids":[{"price":"0.01","size":"510.5"},{"price":"0.81","size":"120"}],"asks":[{"price":"0.99","size":"64"},{"price":"0.83","size":"45.25"}],"min_order_size":"5","tick_size":"0.01","event_type":"book","neg_risk":false,"last_trade_price":"0.820"}""";

    private const string Change =
        """{"event_type":"price_change","market":"MARKET","timestamp":"1782753357257", "price_changes":[{"asset_id":"YES","price":"0.81","size":"95","side":"BUY","hash":"1f0c0000000000000000000000000000000000ff","best_bid":"0.81","best_ask":"0.83"},{"asset_id":"NO_","price":0.19,"size":0,"side":"sell","hash":"","best_bid":"0.17"}]}""";

    [Fact]
    public void A_book_is_a_snapshot()
    {
        var book = Is(BookUpdateKind.Snapshot, One(Book));
        Assert.Equal(Given.Condition, book.Condition);
        Assert.Equal(Given.Yes, book.Token);
        Assert.Equal(1_782_753_357_000, book.VenueMs);
        Assert.Equal("9b47e90f344140578e34a6a455e396c1f7a36aff", book.Hash.ToString());
        Assert.Equal([new Level(Price.Cents(1), Size.Parse("510.5")), new Level(Price.Cents(81), Size.Shares(120))], book.Bids.ToArray());
        Assert.Equal([new Level(Price.Cents(99), Size.Shares(64)), new Level(Price.Cents(83), Size.Parse("45.25"))], book.Asks.ToArray());
        Assert.Equal(Price.Cents(1), book.Tick);
        Assert.Equal("0.820", book.LastTrade);
    }

    [Fact]
    public void A_book_without_a_type_is_what_rest_answers() =>
        Is(BookUpdateKind.Snapshot, One(Book.Replace(""","event_type":"book",""", ",", StringComparison.Ordinal)));

    [Fact]
    public void A_very_old_book_calls_its_sides_buys_and_sells()
    {
        var book = Is(BookUpdateKind.Snapshot, One(
            """{"event_type":"book","asset_id":"YES","market":"MARKET","buys":[{"size":"1","price":"0.4"}],"sells":[],"hash":"x","timestamp":"1782753357"}"""));
        Assert.Equal([new Level(Price.Cents(40), Size.Shares(1))], book.Bids.ToArray());
        Assert.Empty(book.Asks.ToArray());
        Assert.Equal((null, null, null), (book.Hash, book.Tick, book.LastTrade));
        Assert.Equal(1_782_753_357_000, book.VenueMs);
    }

    [Theory]
    [InlineData("BOOK", BookUpdateKind.Snapshot)]
    [InlineData("Book", BookUpdateKind.Snapshot)]
    [InlineData("PRICE_CHANGE", BookUpdateKind.Changes)]
    [InlineData("LAST_TRADE_PRICE", BookUpdateKind.Trade)]
    [InlineData("TICK_SIZE_CHANGE", BookUpdateKind.TickChange)]
    [InlineData("BEST_BID_ASK", BookUpdateKind.Best)]
    [InlineData("NEW_MARKET", BookUpdateKind.Listed)]
    [InlineData("MARKET_RESOLVED", BookUpdateKind.Resolved)]
    public void Old_frames_shout(string type, BookUpdateKind kind)
    {
        var updates = new UpdateBuffer();
        Assert.True(MarketFrame.TryRead(
            System.Text.Encoding.UTF8.GetBytes(
                $$"""{"event_type":"{{type}}","market":"m","asset_id":"a","bids":[],"asks":[],"price_changes":[],"price":"0.5","size":"1","side":"BUY","new_tick_size":"0.1"}"""),
            updates));
        Assert.Equal(kind, Assert.Single(updates.Updates.ToArray()).Kind);
    }

    [Fact]
    public void A_price_change_keeps_its_entries_in_order()
    {
        var change = Is(BookUpdateKind.Changes, One(Change));
        Assert.Equal(
            [
                new LevelChange(Given.Yes, Side.Buy, new Level(Price.Cents(81), Size.Shares(95)), BookHash.Parse("1f0c0000000000000000000000000000000000ff")),
                new LevelChange(Given.No, Side.Sell, new Level(Price.Cents(19), Size.Zero), null),
            ],
            change.Entries.ToArray());
    }

    [Fact]
    public void An_old_price_change_names_its_token_once()
    {
        var change = Is(BookUpdateKind.Changes, One(
            """{"changes":[{"price":"0.4","side":"SELL","size":"3300"}],"asset_id":"YES","market":"MARKET","hash":"1f0c0000000000000000000000000000000000ff","timestamp":"1","event_type":"price_change"}"""));
        var entry = Assert.Single(change.Entries.ToArray());
        Assert.Equal(Given.Yes, entry.Token);
        Assert.NotNull(entry.Hash);
    }

    [Fact]
    public void The_other_events_are_read_too()
    {
        Assert.Equal(
            BookUpdate.Trade(Given.Condition, Given.Yes, 1_782_753_357_257, Price.Cents(83), Size.Shares(25), Side.Buy),
            One("""{"event_type":"last_trade_price","market":"MARKET","asset_id":"YES","price":"0.83","size":"25","side":"BUY","fee_rate_bps":"0","timestamp":"1782753357257"}"""));
        Assert.Equal(
            BookUpdate.TickChange(Given.Condition, Given.Yes, 1_782_753_357_257, new Price(10)),
            One("""{"event_type":"tick_size_change","market":"MARKET","asset_id":"YES","old_tick_size":"0.01","new_tick_size":"0.001","timestamp":"1782753357257"}"""));
        Assert.Equal(
            BookUpdate.Best(Given.Condition, Given.Yes, 1_782_753_357_257, Price.Cents(81), null),
            One("""{"event_type":"best_bid_ask","market":"MARKET","asset_id":"YES","best_bid":"0.81","best_ask":"1","spread":"0.02","timestamp":"1782753357257"}"""));
        Assert.Equal(
            BookUpdate.Resolved(Given.Condition, Given.Yes),
            One("""{"event_type":"market_resolved","id":"1","market":"MARKET","assets_ids":["YES","NO_"],"winning_asset_id":"YES","event_message":{"id":"1"},"tags":[]}"""));
        Assert.Equal(
            BookUpdate.Listed(Given.Condition),
            One("""{"event_type":"new_market","id":"1","market":"MARKET","assets_ids":["YES","NO_"],"active":true,"event_message":{"id":"1"}}"""));
    }

    [Theory]
    [InlineData("\"\"", null)]
    [InlineData("\"0\"", null)]
    [InlineData("\"1\"", null)]
    [InlineData("null", null)]
    [InlineData("\"0.25\"", 2_500)]
    [InlineData("0.25", 2_500)]
    public void An_empty_side_has_no_best(string written, int? ticks)
    {
        var best = One($$"""{"event_type":"best_bid_ask","market":"MARKET","asset_id":"YES","best_bid":{{written}},"best_ask":{{written}}}""");
        Assert.Equal((ticks, ticks), (best.Bid?.Ticks, best.Ask?.Ticks));
    }

    [Theory]
    [InlineData("PONG", FrameKind.Pong)]
    [InlineData("", FrameKind.Blank)]
    [InlineData(" \n", FrameKind.Blank)]
    [InlineData("\"\"", FrameKind.Blank)]
    [InlineData("[]", FrameKind.Blank)]
    [InlineData("NO NEW ASSETS", FrameKind.Blank)]
    [InlineData("""{"event_type":"balloon","market":1}""", FrameKind.Events)]
    [InlineData("{}", FrameKind.Events)]
    [InlineData("INVALID OPERATION", FrameKind.Unparsable)]
    [InlineData("[1]", FrameKind.Unparsable)]
    [InlineData("{} {}", FrameKind.Unparsable)]
    [InlineData("""{"event_type":"book","market":"MARKET","asset_id":"YES","bids":[]}""", FrameKind.Unparsable)]
    [InlineData("""{"event_type":"book","market":"MARKET","asset_id":"YES","bids":[],"asks":[{"price":"0.12345","size":"1"}]}""", FrameKind.Unparsable)]
    [InlineData("""{"event_type":"book","market":"MARKET","asset_id":"YES","bids":[],"asks":[{"price":"1e-2","size":"1"}]}""", FrameKind.Unparsable)]
    [InlineData("""{"event_type":"tick_size_change","market":"MARKET","asset_id":"YES","new_tick_size":"0"}""", FrameKind.Unparsable)]
    public void A_frame_without_updates_says_what_it_is(string frame, FrameKind kind)
    {
        var updates = new UpdateBuffer();
        Assert.Equal(kind is not FrameKind.Unparsable, MarketFrame.TryRead(Given.Frame(frame), updates, out var summary));
        Assert.Equal(kind, summary.Kind);
        Assert.Equal(0, updates.Count);
    }

    [Fact]
    public void An_array_is_counted_by_type()
    {
        var updates = new UpdateBuffer();
        Assert.True(MarketFrame.TryRead(Given.Frame($$"""[{{Book}},{{Change}},{{Book}},{"event_type":"x"}]"""), updates, out var summary));
        Assert.Equal((2, 1, 1, 4), (summary[FrameEvent.Book], summary[FrameEvent.PriceChange], summary[FrameEvent.Other], summary.Total));
        Assert.Equal(3, updates.Count);
    }

    [Fact]
    public void Plain_frames_cost_no_memory()
    {
        var updates = new UpdateBuffer();
        byte[][] frames = [Given.Frame(Book), Given.Frame(Change.Replace("0.19", "\"0.19\"", StringComparison.Ordinal).Replace(":0,", ":\"0\",", StringComparison.Ordinal))];
        Read();
        var before = GC.GetAllocatedBytesForCurrentThread();
        Read();
        Assert.Equal(0, GC.GetAllocatedBytesForCurrentThread() - before);

        void Read()
        {
            foreach (var frame in frames)
            {
                updates.Clear();
                Assert.True(MarketFrame.TryRead(frame, updates));
            }
        }
    }

    /// <summary>Whatever arrives, the reader answers; it never throws and never leaves half a frame behind.</summary>
    [Fact]
    public void Survives_a_frame_cut_or_corrupted_anywhere()
    {
        var random = new Random(Seed: 1);
        foreach (var text in (string[])[Book, Change, $"[{Book},{Change}]"])
        {
            var frame = Given.Frame(text);
            for (var i = 0; i < 10_000; i++)
            {
                var bytes = frame[..(i % 3 == 0 ? random.Next(frame.Length + 1) : frame.Length)];
                for (var flips = i % 4; bytes.Length > 0 && flips > 0; flips--) bytes[random.Next(bytes.Length)] = (byte)random.Next(256);
                var updates = new UpdateBuffer();
                updates.Add(BookUpdate.Listed(Given.Condition));
                if (!MarketFrame.TryRead(bytes, updates)) Assert.Equal((1, 0, 0), (updates.Count, updates.LevelCount, updates.EntryCount));
            }
        }
    }

    private static BookUpdate One(string json)
    {
        var updates = new UpdateBuffer();
        Assert.True(MarketFrame.TryRead(Given.Frame(json), updates));
        return Assert.Single(updates.Updates.ToArray());
    }

    private static BookUpdate Is(BookUpdateKind kind, BookUpdate update)
    {
        Assert.Equal(kind, update.Kind);
        return update;
    }
}
