using System.Text;
using System.Text.Json;
using System.Text.RegularExpressions;
using PolyArb.Simulator.Engine;
using PolyArb.Simulator.Feed;
using PolyArb.Simulator.Hosting;
using PolyArb.Simulator.World;
using Xunit;

namespace PolyArb.Tests.Simulator;

/// <summary>
/// Keys, their order, JSON types and spacing as the venue was recorded to send them. The recorded frames are third parties' and not ours to
/// ship; what is written down of private frames and answers is their key lists.
/// </summary>
public sealed partial class RecordedShapeTests
{
    private const string Leg = "{order_id:text,owner:text,maker_address:text,matched_amount:text,price:text,fee_rate_bps:text,asset_id:text,"
        + "outcome:text,outcome_index:number,side:text}";

    private const string TradeHead = "id:text,taker_order_id:text,market:text,asset_id:text,side:text,size:text,fee_rate_bps:text,price:text,"
        + "status:text,match_time:text,";

    private const string TradeTail = "last_update:text,outcome:text,owner:text,trade_owner:text,maker_address:text,transaction_hash:text,"
        + "bucket_index:number,maker_orders:[" + Leg + "],trader_side:text";

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public void Every_recorded_kind_of_market_frame_has_the_shape_of_ours()
    {
        var recorded = Captures.Files().SelectMany(File.ReadLines).Select(Captures.FrameOf).SelectMany(Shapes).ToHashSet();
        var ours = Ours().SelectMany(Shapes).ToHashSet();

        Assert.Equal(
            ["best_bid_ask", "book", "book in an array", "last_trade_price", "new_market", "price_change"],
            recorded.Select(s => s.Kind).Distinct().Order(StringComparer.Ordinal));
        Assert.Subset(recorded, ours);
        Assert.Subset(ours.Select(Unspaced).ToHashSet(), recorded.Select(Unspaced).ToHashSet()); // One recorder wrote frames anew, without spaces.
    }

    [Fact]
    public void The_dump_ends_in_a_line_feed_and_no_later_frame_does()
    {
        var ours = Ours();
        Assert.EndsWith("]\n", Assert.Single(ours, f => f[0] == '['), StringComparison.Ordinal);
        Assert.All(ours.Where(f => f[0] != '['), f => Assert.DoesNotContain('\n', f));
    }

    [Fact]
    public void A_comma_inside_a_text_gets_no_space() => Assert.Equal(
        """{"a":"1,2\",3\\", "b":[4, 5]}"""u8, JsonText.Spaced("""{"a":"1,2\",3\\","b":[4,5]}"""u8.ToArray()));

    [Fact]
    public async Task Orders_cancels_and_trades_are_answered_and_told_in_the_recorded_shape()
    {
        await using var host = await ExchangeHost.StartAsync(new ExchangeOptions { Seed = 3, Quiet = true }, Stop);
        using var http = new HttpClient { BaseAddress = new Uri($"http://127.0.0.1:{host.Port}") };
        var wallet = new TestWallet(http);
        await wallet.LogInAsync(Stop);
        using var user = await FeedClient.UserAsync(host.Port, wallet, Stop);
        var condition = host.Exchange.World.Conditions.First(c => c.NegRisk);
        var ask = host.Exchange.MarketOf(condition).Top(1).Ask!.Value;
        string Buy(int price) => wallet.Order(condition.Tokens[1], negRisk: true, "BUY", 20L * price * 100, 20_000_000, "GTC");

        var (_, live) = await wallet.SendAsync(HttpMethod.Post, "/order", Buy(host.Exchange.MarketOf(condition).Tick), Stop);
        var (_, order) = await wallet.SendAsync(HttpMethod.Get, "/data/order/" + live.Text("orderID"), null, Stop);
        var (_, canceled) = await wallet.SendAsync(HttpMethod.Delete, "/order", $$"""{"orderID":"{{live.Text("orderID")}}"}""", Stop);
        var (_, matched) = await wallet.SendAsync(HttpMethod.Post, "/order", Buy(ask), Stop);
        var told = await user.UntilAsync(f => f.Text("event_type") == "trade" && f.Text("status") == "CONFIRMED", Stop);
        var (_, trades) = await wallet.SendAsync(HttpMethod.Get, "/data/trades", null, Stop);

        const string Placed = "{errorMsg:text,orderID:text,takingAmount:text,makingAmount:text,status:text,";
        Assert.Equal((Placed + "success:bool}", ""), (Shape(live), live.Text("takingAmount")));
        Assert.Equal(Placed + "transactionsHashes:[],tradeIDs:[],success:bool}", Shape(matched));
        Assert.Equal("{not_canceled:{},canceled:[]}", Shape(canceled));
        Assert.Equal(
            "{id:text,status:text,owner:text,maker_address:text,market:text,asset_id:text,side:text,original_size:text,size_matched:text,"
            + "price:text,outcome:text,expiration:text,order_type:text,associate_trades:[],created_at:number}",
            Shape(order));
        Assert.Equal(
            "{" + TradeHead + "match_time_nano:text," + TradeTail + "}", Shape(trades.GetProperty("data")[0]));
        Assert.Equal("{type:text," + TradeHead + TradeTail + ",timestamp:text,event_type:text}", Shape(told[^1]));
        Assert.Equal(
            "{type:text,id:text,owner:text,order_owner:text,market:text,asset_id:text,side:text,original_size:text,size_matched:text,price:text,"
            + "associate_trades:null,outcome:text,created_at:text,expiration:text,order_type:text,status:text,maker_address:text,timestamp:text,"
            + "event_type:text}",
            Shape(told.First(f => f.Text("type") == "PLACEMENT")));
    }

    [Fact]
    public async Task Public_prices_are_answered_in_the_recorded_shape()
    {
        await using var host = await ExchangeHost.StartAsync(new ExchangeOptions { Seed = 3, Quiet = true }, Stop);
        using var http = new HttpClient { BaseAddress = new Uri($"http://127.0.0.1:{host.Port}") };
        var condition = host.Exchange.World.Conditions[0];
        var token = condition.Tokens[0];
        using var feed = await FeedClient.ConnectAsync(host.Port, "market", new { assets_ids = condition.Tokens, type = "market" }, Stop);
        await feed.NextAsync(Stop);
        var ask = host.Exchange.MarketOf(condition).Top(0).Ask!.Value;
        host.Exchange.Place(new OrderRequest(
            "0x1", "key", TestWallet.Address, condition, 0, Side.Buy, OrderType.Gtc, 20L * ask * 100, 20_000_000, 0, PostOnly: false));
        async Task<string> Get(string path) => Shape(ApiWorld.Json(await http.GetStringAsync(path, Stop)));
        async Task<string> Post(string path)
        {
            using var answer = await http.PostAsync(path, new StringContent($$"""[{"token_id":"{{token}}","side":"BUY"}]"""), Stop);
            return Shape(ApiWorld.Json(await answer.Content.ReadAsStringAsync(Stop))).Replace(token, "TOKEN", StringComparison.Ordinal);
        }

        const string Level = "{price:text,size:text}";
        const string Book = "{market:text,asset_id:text,timestamp:text,hash:text,bids:[" + Level + "],asks:[" + Level + "],min_order_size:text,"
            + "tick_size:text,neg_risk:bool,last_trade_price:text}";
        Assert.Equal(Book, await Get("/book?token_id=" + token));
        Assert.Equal($"[{Book}]", await Post("/books"));
        Assert.Equal("{mid:text}", await Get("/midpoint?token_id=" + token));
        Assert.Equal("{TOKEN:text}", await Post("/spreads"));
        Assert.Equal("{TOKEN:{BUY:text}}", await Post("/prices"));
        Assert.Equal("{minimum_tick_size:number}", await Get("/tick-size?token_id=" + token));
        await feed.UntilAsync(f => f.Text("event_type") == "last_trade_price", Stop); // The history is of prints.
        Assert.Equal("{history:[{t:number,p:number}]}", await Get($"/prices-history?market={token}&interval=max"));
    }

    /// <summary>One frame of each kind that ours sends: a dump, what an order, a match and a listing are told by.</summary>
    private static List<string> Ours()
    {
        var clock = new Microsoft.Extensions.Time.Testing.FakeTimeProvider(DateTimeOffset.UnixEpoch.AddSeconds(1_800_000_000));
        var venue = new Venue(clock: clock);
        venue.Limit("alice", Venue.Yes, Side.Buy, 4_000, 10);
        venue.Limit("alice", Venue.Yes, Side.Sell, 6_000, 5);
        venue.Limit("alice", Venue.Yes, Side.Sell, 6_500, 10);
        var log = FrameLog.OfMarkets(venue.Exchange);
        venue.Limit("bob", Venue.Yes, Side.Buy, 6_000, 5);
        clock.Advance(TimeSpan.FromSeconds(5));
        venue.Exchange.Agenda.RunDue();
        venue.Exchange.Life.List(Venue.Event[0] with { Fee = new FeeSchedule(400, 1) });
        return log.Frames;
    }

    private static (string Kind, string Shape) Unspaced((string Kind, string Shape) frame) => (frame.Kind, frame.Shape[frame.Shape.IndexOf('{')..]);

    private static IEnumerable<(string Kind, string Shape)> Shapes(string frame)
    {
        if (frame.AsSpan().TrimStart() is not ['{' or '[', ..]) return [];

        var bare = Texts().Replace(frame, "");
        var spacing = bare.Contains(',', StringComparison.Ordinal) && !bare.Contains(", ", StringComparison.Ordinal) ? "compact"
            : TightComma().IsMatch(bare) ? "mixed" : "spaced";
        var json = JsonElement.Parse(frame);
        return json.ValueKind is JsonValueKind.Array
            ? json.EnumerateArray().Select(e => (e.Text("event_type") + " in an array", spacing + " " + Shape(e)))
            : [(json.Text("event_type"), spacing + " " + Shape(json))];
    }

    /// <summary>Keys in their order with JSON types; of an array the shapes its objects have.</summary>
    private static string Shape(JsonElement json) => json.ValueKind switch
    {
        JsonValueKind.Object => "{" + string.Join(',', json.EnumerateObject().Select(p => p.Name + ":" + Shape(p.Value))) + "}",
        JsonValueKind.Array => "[" + string.Join('|', json.EnumerateArray().Where(e => e.ValueKind is JsonValueKind.Object).Select(Shape).Distinct()) + "]",
        JsonValueKind.String => "text",
        JsonValueKind.Number => "number",
        JsonValueKind.True or JsonValueKind.False => "bool",
        _ => "null",
    };

    [GeneratedRegex("""
        "(\\.|[^"\\])*"
        """)]
    private static partial Regex Texts();

    [GeneratedRegex(",(?! )")]
    private static partial Regex TightComma();
}
