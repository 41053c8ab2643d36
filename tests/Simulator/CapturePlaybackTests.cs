using System.Text.Json;
using PolyArb.Simulator.Engine;
using PolyArb.Simulator.Flow;
using PolyArb.Simulator.Recordings;
using PolyArb.Simulator.World;
using Xunit;

namespace PolyArb.Tests.Simulator;

/// <summary>Real captures that third parties recorded, played again. Not ours to ship: skipped where they are absent.</summary>
public sealed class CapturePlaybackTests : IDisposable
{
    private const long Start = 1_800_000_000_000;

    private readonly string _folder = Directory.CreateTempSubdirectory("polyarb-playback").FullName;

    [Theory]
    [InlineData("edirent+Polytope/market_39.jsonl", 1, 70)]
    [InlineData("ENRICOBIGNOZZI+Polymarket/native_exact_arb_ws_frames.jsonl", 28, 102)]
    [InlineData("edirent+Polytope-worldcup/filter_preflight_165749.jsonl", 10, 102)]
    [InlineData("edirent+Polytope-worldcup/worldcup_30m_head.jsonl", 8, 30)]
    public void Every_recorded_hash_is_published_again(string name, int books, int changes)
    {
        var recorded = Hashes(RecordedFrames.Read(Captures.File(name)).Frames.Select(f => f.Json));
        Assert.Equal((books, changes), (recorded.Count(h => h.Kind == "book"), recorded.Count(h => h.Kind == "price_change")));

        var published = Hashes(Play(Recording.Load(Captures.File(name))).Select(f => JsonElement.Parse(f))).ToHashSet();

        Assert.Subset(published, recorded.ToHashSet());
    }

    [Fact]
    public void The_changes_and_tops_of_a_capture_without_trades_are_published_byte_for_byte()
    {
        var path = Captures.File("ENRICOBIGNOZZI+Polymarket/native_exact_arb_ws_frames.jsonl");

        var published = Play(Recording.Load(path));

        var recorded = RecordedFrames.Read(path).Frames.Skip(1).Select(f => f.Json.GetRawText()).ToArray();
        Assert.Equal(recorded.Order(StringComparer.Ordinal), published.Skip(1).Order(StringComparer.Ordinal));
        Assert.Equal(
            recorded.Where(f => f.Contains("price_changes", StringComparison.Ordinal)), published.Where(f => f.Contains("price_changes", StringComparison.Ordinal)));
    }

    [Fact]
    public void With_the_flow_off_the_first_books_stand_and_nothing_moves()
    {
        var frames = Play(Recording.Load(Captures.File("edirent+Polytope/market_39.jsonl")), quiet: true);

        Assert.Single(frames);
    }

    [Fact]
    public void A_generated_capture_plays_back_with_every_hash()
    {
        var path = Path.Combine(_folder, "made.jsonl.gz");
        Generator.Run(path, seed: 11, frames: 3_000, ScenarioFile.Load("default"), TestContext.Current.CancellationToken);
        var recording = Recording.Load(path);
        Assert.Equal(WorldBuilder.Build(11).Conditions.Select(Facts), recording.Markets.Select(m => Facts(m.Condition)));
        Assert.All(recording.Markets, market => Assert.True(market.Proven));

        var published = Hashes(Play(recording).Select(f => JsonElement.Parse(f))).ToHashSet();

        var recorded = Hashes(RecordedFrames.Read(path).Frames.Select(f => f.Json));
        Assert.Subset(published, recorded.ToHashSet());
    }

    [Fact]
    public void What_a_capture_leaves_out_is_found_by_its_first_hash()
    {
        var facts = new BookFacts(25, 15_000_000, true, "0.250");
        List<RecordedLevel> levels = [new("7", true, 2_475, 10_000_000), new("7", false, 2_525, 7_500_000)];
        const string Text = """
            {"market":"0xab","asset_id":"7","timestamp":"1780000000000","hash":"","bids":[{"price":"0.2475","size":"10"}],"asks":[{"price":"0.2525","size":"7.5"}],"min_order_size":"15","tick_size":"0.0025","neg_risk":true,"last_trade_price":"0.250"}
            """;
        var book = new RecordedEvent.Book("0xab", "7", 1_780_000_000_000, PolyArb.Simulator.Feed.BookText.Hash(Text), levels, Tick: null, LastTrade: null);

        Assert.Equal(facts, BookFacts.Find(book, tick: null, minSize: null, negRisk: null));
        Assert.Null(BookFacts.Find(book with { Timestamp = 1_780_000_000_001 }, tick: null, minSize: null, negRisk: null));
    }

    [Fact]
    public void An_outsider_s_offer_is_taken_by_the_recorded_bid_that_reaches_it()
    {
        const string Market = "0xaa00000000000000000000000000000000000000000000000000000000000001";
        var path = Path.Combine(_folder, "short.jsonl");
        File.WriteAllLines(path,
        [
            $$"""[{"market":"{{Market}}","asset_id":"7","timestamp":"1780000000000","hash":"x","bids":[{"price":"0.4","size":"10"}],"asks":[{"price":"0.6","size":"10"}],"event_type":"book"}]""",
            "PONG",
            "",
            $$"""{"market":"{{Market}}","price_changes":[{"asset_id":"7","price":"0.5","size":"30","side":"BUY","hash":"y"},{"asset_id":"8","price":"0.5","size":"30","side":"SELL","hash":"z"}],"timestamp":"1780000000900","event_type":"price_change"}""",
        ]);
        var recording = Recording.Load(path);
        var clock = new VirtualClock(Start);
        var exchange = new Exchange(recording.World(), 1, clock);
        new CapturePlayer(exchange, recording, speedPercent: 100).Start(quiet: false);
        var (condition, seller) = (recording.Markets[0].Condition, exchange.Ledger.Account(PublicAccounts.Addresses[0]));
        exchange.Ledger.Split(seller, condition, 100 * Units.MicrosOne);
        exchange.Place(new OrderRequest(
            "0x1", "key", seller.Address, condition, 0, Side.Sell, OrderType.Gtc, 5 * Units.MicrosOne, 2_500_000, 0, false));

        exchange.Agenda.RunTo(clock, Start + 899);
        Assert.Equal(5_000, exchange.MarketOf(condition).Book.BestAsk);
        exchange.Agenda.RunTo(clock, Start + 900);

        Assert.Equal(95 * Units.MicrosOne, seller.TokenBalance("7"));
        Assert.Equal((5_000, 6_000), exchange.MarketOf(condition).Top(0));
        Assert.Equal(30 * Units.MicrosOne, exchange.MarketOf(condition).Book.TotalAt(bids: true, 5_000));
        exchange.Ledger.AssertConserved();
    }

    [Fact]
    public void A_recorded_tick_change_is_told_for_both_tokens_and_is_in_the_book_after_it()
    {
        const string Market = "0xaa00000000000000000000000000000000000000000000000000000000000001";
        var path = Path.Combine(_folder, "tick.jsonl");
        File.WriteAllLines(path, [Book(1_780_000_000_000, "0.01", "0.4"), Change("7"), Change("8"), Book(1_780_000_000_500, "0.001", "0.401")]);

        var frames = Play(Recording.Load(path));

        Assert.Equal(
            ["7", "8"], frames.Where(f => f.Contains("tick_size_change", StringComparison.Ordinal)).Select(f => JsonElement.Parse(f).Text("asset_id")));
        Assert.Contains(("book", "7", "1780000000500", Hash(1_780_000_000_500, "0.001", "0.401")), Hashes(frames.Select(f => JsonElement.Parse(f))));

        static string Levels(string bid) => $$"""[{"price":"{{bid}}","size":"10"}],"asks":[{"price":"0.6","size":"10"}]""";

        static string Hash(long at, string tick, string bid) => PolyArb.Simulator.Feed.BookText.Hash(
            $$"""{"market":"{{Market}}","asset_id":"7","timestamp":"{{at}}","hash":"","bids":{{Levels(bid)}},"min_order_size":"5","tick_size":"{{tick}}","neg_risk":false,"last_trade_price":"0.500"}""");

        static string Book(long at, string tick, string bid) =>
            $$"""{"market":"{{Market}}","asset_id":"7","timestamp":"{{at}}","hash":"{{Hash(at, tick, bid)}}","bids":{{Levels(bid)}},"tick_size":"{{tick}}","event_type":"book","last_trade_price":"0.500"}""";

        static string Change(string token) =>
            $$"""{"market":"{{Market}}","asset_id":"{{token}}","old_tick_size":"0.01","new_tick_size":"0.001","timestamp":"1780000000400","event_type":"tick_size_change"}""";
    }

    [Theory]
    [InlineData("""{"event_type":"price_change","market":"0xaa","timestamp":"1","price_changes":[]}""")]
    [InlineData("""{"event_type":"price_change","market":"0xaa","timestamp":"1","price_changes":{}}""")]
    [InlineData("""{"event_type":"book","market":"0xaa","asset_id":"7","timestamp":"1","hash":"","bids":[],"asks":[]}""")]
    [InlineData("""{"event_type":"book","market":"0xaa00000000000000","asset_id":"7","timestamp":"1","hash":"","bids":[{"price":"1","size":"5"}],"asks":[]}""")]
    [InlineData("""{"polyarb_capture":1,"markets":[{"condition":"0xaa"},{"condition":"0xaa"}]}""", true)]
    [InlineData("""{"polyarb_capture":1,"markets":[{"condition":"0xaa00000000000000","tokens":["7"],"tick":"0.01","negRisk":false}]}""", true)]
    [InlineData("""{"polyarb_capture":1,"markets":[{"condition":"0xaa00000000000000","tokens":["7","7"],"tick":"0.01","negRisk":false}]}""", true)]
    public void What_is_no_capture_is_refused_in_words(string line, bool withBook = false)
    {
        var path = Path.Combine(_folder, "broken.jsonl");
        const string Book = """{"event_type":"book","market":"0xaa00000000000000","asset_id":"7","timestamp":"1","hash":"","bids":[],"asks":[]}""";
        File.WriteAllLines(path, withBook ? [line, Book] : [line]);

        Assert.Throws<FormatException>(() => Recording.Load(path));
    }

    [Fact]
    public void A_market_that_was_closed_stays_empty_whatever_was_recorded_of_it()
    {
        const string Market = "0xaa00000000000000000000000000000000000000000000000000000000000001";
        var path = Path.Combine(_folder, "closed.jsonl");
        File.WriteAllLines(path,
        [
            $$"""{"market":"{{Market}}","asset_id":"7","timestamp":"1780000000000","hash":"x","bids":[{"price":"0.4","size":"10"},{"price":"0.4","size":"10"}],"asks":[],"event_type":"book"}""",
            $$"""{"market":"{{Market}}","price_changes":[{"asset_id":"7","price":"0.5","size":"30","side":"BUY","hash":"y"}],"timestamp":"1780000000900","event_type":"price_change"}""",
        ]);
        var recording = Recording.Load(path);
        var clock = new VirtualClock(Start);
        var exchange = new Exchange(recording.World(), 1, clock);
        new CapturePlayer(exchange, recording, speedPercent: 100).Start(quiet: false);
        exchange.Agenda.RunTo(clock, Start + 500);
        Assert.Equal(4_000, exchange.MarketOf(recording.Markets[0].Condition).Book.BestBid);

        exchange.Life.Close(recording.Markets[0].Condition);
        exchange.Agenda.RunTo(clock, Start + 2_000);

        Assert.Null(exchange.MarketOf(recording.Markets[0].Condition).Book.BestBid);
    }

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    private static List<string> Play(Recording recording, bool quiet = false)
    {
        var clock = new VirtualClock(Start);
        var exchange = new Exchange(recording.World(), 1, clock);
        new CapturePlayer(exchange, recording, speedPercent: 100).Start(quiet);
        var log = FrameLog.OfMarkets(exchange);
        exchange.Agenda.RunTo(clock, Start + 3_600_000);
        return log.Frames;
    }

    private static List<(string Kind, string Token, string Timestamp, string Hash)> Hashes(IEnumerable<JsonElement> frames)
    {
        List<(string, string, string, string)> hashes = [];
        foreach (var said in frames.SelectMany(f => f.ValueKind is JsonValueKind.Array ? [.. f.EnumerateArray()] : (JsonElement[])[f]))
        {
            var kind = said.Text("event_type");
            if (kind == "book") hashes.Add((kind, said.Text("asset_id"), said.Text("timestamp"), said.Text("hash")));
            if (kind != "price_change") continue;

            foreach (var change in said.GetProperty("price_changes").EnumerateArray())
            {
                hashes.Add((kind, change.Text("asset_id"), said.Text("timestamp"), change.Text("hash")));
            }
        }

        return hashes;
    }

    /// <summary>What a capture's header keeps; a standalone question's id is not in it.</summary>
    private static object Facts(Condition condition) => (
        condition.Id, condition.NegRisk ? condition.QuestionId : "", condition.NegRiskMarketId, condition.Tokens[0], condition.Tokens[1],
        condition.Question, condition.Tick, condition.MinSize, condition.Fee, condition.Event.Title);
}
