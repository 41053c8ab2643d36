using PolyArb.Domain;
using PolyArb.Domain.Edges;
using PolyArb.Domain.Orders;
using PolyArb.Polymarket.Json;
using PolyArb.Polymarket.UserFeed;
using Xunit;

namespace PolyArb.Tests.Polymarket;

/// <summary>Protocol sheet 5.1 to 5.3.</summary>
public class UserFrameTests
{
    private const string Taken =
        """{"event_type":"trade","type":"TRADE","id":"t1","taker_order_id":"0xA1","market":"MARKET","asset_id":"YES","side":"BUY","size":"120","price":"0.60","fee_rate_bps":"1000","status":"MATCHED","match_time":"1782753357","owner":"o","maker_address":"0x70","transaction_hash":null,"maker_orders":[{"order_id":"0xb1","owner":"x","maker_address":"0x71","matched_amount":"100","price":"0.6","asset_id":"YES","side":"SELL"},{"order_id":"0xB2","owner":"y","maker_address":"0x72","matched_amount":"20","price":"0.39","asset_id":"NO_","side":"BUY"}],"trader_side":"TAKER","timestamp":"1782753357257"}""";

    /// <summary>The same as its second maker hears it.</summary>
    private static readonly string Made = AsMaker(Taken);

    private const string Order =
        """{"event_type":"order","type":"PLACEMENT","id":"0xA1","market":"MARKET","asset_id":"YES","side":"BUY","original_size":"21.04","size_matched":"0","price":"0.82","associate_trades":null,"status":"LIVE","timestamp":"1782753357257"}""";

    private static readonly Account Us = new(Given.Wallet.ToLowerInvariant(), Given.ApiKey);
    private static readonly OrderId A1 = new("0xa1");

    /// <summary>The example of 10.2: 100 at 0.60, and 20 minted against a NO bid at 0.39.</summary>
    [Fact]
    public void A_taker_pays_each_maker_its_own_price()
    {
        var curve = new FeeCurve(50_000, 1);
        var fill = Fill(Taken, curve);
        Assert.Equal(
            new Fill(
                new TradeId("t1"), A1, TradeStatus.Matched, Size.Shares(120), Usd.Parse("72.2"),
                curve.Charge([new(Price.Cents(60), Size.Shares(100)), new(Price.Cents(61), Size.Shares(20))]),
                Price.Cents(60), new Instant(1_782_753_357_000_000)),
            fill);
        Assert.Equal(Usd.Parse("1.4379"), fill.Fee);
    }

    /// <summary>20.000001 x 0.39 is 7.8 to the micro below: of a minted pair the rest is the taker's, not 20.000001 x 0.61 rounded down.</summary>
    [Fact]
    public void Of_a_minted_pair_the_taker_pays_what_its_maker_does_not()
    {
        var odd = Taken.Replace("\"matched_amount\":\"20\"", "\"matched_amount\":\"20.000001\"", StringComparison.Ordinal)
            .Replace("\"size\":\"120\"", "\"size\":\"120.000001\"", StringComparison.Ordinal);
        Assert.NotEqual(Taken, odd);
        Assert.Equal(Usd.Parse("72.200001"), Fill(odd).Amount);
        Assert.Equal(Usd.Parse("7.8"), Fill(AsMaker(odd)).Amount);
    }

    [Fact]
    public void A_maker_has_a_fill_for_each_leg_of_its_own_and_pays_no_fee()
    {
        var fill = Fill(Made, new FeeCurve(50_000, 1));
        Assert.Equal(
            (new OrderId("0xb2"), Size.Shares(20), Usd.Parse("7.8"), Usd.Zero, Price.Cents(39)),
            (fill.Order, fill.Shares, fill.Amount, fill.Fee, fill.Price));
    }

    /// <summary>Nothing is written of who may meet whom: two orders of ours may.</summary>
    [Fact]
    public void Where_our_order_meets_another_of_ours_both_are_filled() => Assert.Equal(
        [(A1, Size.Shares(120)), (new OrderId("0xb2"), Size.Shares(20))],
        Read(Made.Replace("MAKER", "TAKER", StringComparison.Ordinal)).Cast<OrderEvent.Filled>().Select(filled => (filled.Fill.Order, filled.Fill.Shares)));

    [Fact]
    public void Without_legs_the_trade_speaks_for_itself()
    {
        var fill = Fill("""{"event_type":"trade","id":"t1","taker_order_id":"0xa1","market":"MARKET","asset_id":"YES","size":"1666.666666","price":"0.003","status":"TRADE_STATUS_MATCHED_NOT_BROADCASTED","maker_orders":null,"trader_side":"TAKER","match_time":"2026-06-29T17:15:57Z"}""");
        Assert.Equal((TradeStatus.Matched, Usd.Parse("4.999999")), (fill.Status, fill.Amount));
        Assert.Equal(1_782_753_357_000, fill.At.Millis);
    }

    [Fact]
    public void A_leg_price_with_more_digits_than_a_tick_is_rounded()
    {
        var fill = Fill(Taken.Replace("\"0.6\"", "\"0.5999999999912\"", StringComparison.Ordinal));
        Assert.Equal(Usd.Parse("72.2"), fill.Amount);
    }

    [Theory]
    [InlineData("MINED", TradeStatus.Mined)]
    [InlineData("CONFIRMED", TradeStatus.Confirmed)]
    [InlineData("RETRYING", TradeStatus.Retrying)]
    [InlineData("TRADE_STATUS_FAILED", TradeStatus.Failed)]
    [InlineData("MATCHED_NOT_BROADCASTED", TradeStatus.Matched)]
    public void A_status_is_read_by_its_prefix(string text, TradeStatus status) =>
        Assert.Equal(status, Fill(Taken.Replace("\"MATCHED\"", $"\"{text}\"", StringComparison.Ordinal)).Status);

    [Fact]
    public void An_unknown_status_is_ignored_and_counted()
    {
        Assert.Empty(Read(Taken.Replace("\"MATCHED\"", "\"DREAMT\"", StringComparison.Ordinal), out var counts));
        Assert.Equal(new UserFrameCounts(0, 0, 1), counts);
    }

    [Fact]
    public void A_placement_is_placed_or_delayed()
    {
        Assert.Equal([new OrderEvent.Placed(A1)], Read(Order));
        Assert.Equal([new OrderEvent.Delayed(A1)], Read(Order.Replace("LIVE", "DELAYED", StringComparison.Ordinal)));
        Assert.Equal([new OrderEvent.Placed(A1)], Read(Order.Replace("\"status\":\"LIVE\",", "", StringComparison.Ordinal)));
    }

    [Theory]
    [InlineData("LIVE", false)]
    [InlineData("ORDER_STATUS_MATCHED", true)]
    public void An_update_says_what_matched_in_all(string status, bool final) =>
        Assert.Equal(
            [new OrderEvent.Matched(A1, Size.Shares(7), final)],
            Read(Order.Replace("PLACEMENT", "UPDATE", StringComparison.Ordinal)
                .Replace("\"size_matched\":\"0\"", "\"size_matched\":\"7\"", StringComparison.Ordinal)
                .Replace("LIVE", status, StringComparison.Ordinal)));

    [Theory]
    [InlineData("CANCELED", "canceled")]
    [InlineData("INVALID", "canceled by the venue (INVALID)")]
    [InlineData("CANCELED_order couldn't be fully filled.", "order couldn't be fully filled.")]
    public void A_cancellation_keeps_the_venues_words(string status, string why) =>
        Assert.Equal(
            [new OrderEvent.Canceled(A1, why)],
            Read(Order.Replace("PLACEMENT", "CANCELLATION", StringComparison.Ordinal)
                .Replace("\"size_matched\":\"0\"", "\"size_matched\":\"\"", StringComparison.Ordinal)
                .Replace("LIVE", status, StringComparison.Ordinal)));

    [Fact]
    public void A_cancellation_of_a_part_says_first_what_matched() =>
        Assert.Equal(
            [new OrderEvent.Matched(A1, Size.Shares(2), false), new OrderEvent.Canceled(A1, "canceled")],
            Read(Order.Replace("PLACEMENT", "CANCELLATION", StringComparison.Ordinal)
                .Replace("\"size_matched\":\"0\"", "\"size_matched\":\"2\"", StringComparison.Ordinal)
                .Replace("LIVE", "CANCELED", StringComparison.Ordinal)));

    [Fact]
    public void Old_frames_shout_or_leave_the_type_of_the_event_out()
    {
        Assert.Equal([new OrderEvent.Placed(A1)], Read(Order.Replace("\"order\"", "\"ORDER\"", StringComparison.Ordinal)));
        Assert.Equal([new OrderEvent.Placed(A1)], Read(Order.Replace("\"event_type\":\"order\",", "", StringComparison.Ordinal)));
        Assert.Equal([new OrderEvent.Placed(A1)], Read(Order.Replace("PLACEMENT", "placement", StringComparison.Ordinal).Replace("LIVE", "live", StringComparison.Ordinal)));
        Assert.Equal(Fill(Taken), Fill(Taken.Replace("\"trade\"", "\"TRADE\"", StringComparison.Ordinal)));
        Assert.Equal(Fill(Taken), Fill(Taken.Replace("\"event_type\":\"trade\",", "", StringComparison.Ordinal)));
    }

    [Fact]
    public void What_the_papers_do_not_have_is_noted_and_does_no_harm()
    {
        var names = new UnknownNames();
        List<OrderEvent> news = [];
        var frame = $$"""[{{Order.Replace("\"id\"", "\"mood\":{\"a\":1},\"id\"", StringComparison.Ordinal)}},{{Taken.Replace("\"order_id\"", "\"knot\":7,\"order_id\"", StringComparison.Ordinal)}},{{Taken.Replace("MATCHED", "DREAMT", StringComparison.Ordinal)}},{"event_type":"balloon","x":1}]""";
        Assert.True(UserFrame.TryRead(Given.Frame(frame), Us, _ => null, news, out var counts, names));
        Assert.Equal((new UserFrameCounts(1, 1, 2), 2), (counts, news.Count));
        Assert.Equal(
            [("event of the user channel: BALLOON", 1), ("field of a trade's leg: knot", 2), ("field of an order: mood", 1), ("kind of news on the user channel: TRADE_TRADE_DREAMT", 1)],
            names.Counts.OrderBy(name => name.Key, StringComparer.Ordinal).Select(name => (name.Key, name.Value)));
    }

    [Fact]
    public void Every_documented_frame_is_read_and_all_of_it_is_known()
    {
        var names = new UnknownNames();
        List<OrderEvent> news = [];
        Assert.All(Corpus.User, frame => Assert.True(UserFrame.TryRead(frame, Us, _ => null, news, out _, names)));
        Assert.Empty(names.Counts);
        Assert.Equal(9, news.Count);
    }

    [Fact]
    public void Survives_a_frame_cut_or_corrupted_anywhere()
    {
        var random = new Random(Seed: 2);
        var frame = Given.Frame($"[{Order},{Taken}]");
        for (var i = 0; i < 10_000; i++)
        {
            var bytes = frame[..(i % 3 == 0 ? random.Next(frame.Length + 1) : frame.Length)];
            for (var flips = i % 4; bytes.Length > 0 && flips > 0; flips--) bytes[random.Next(bytes.Length)] = (byte)random.Next(256);
            List<OrderEvent> news = [new OrderEvent.Absent(A1)];
            if (!UserFrame.TryRead(bytes, Us, _ => null, news, out _)) Assert.Single(news);
        }
    }

    private static string AsMaker(string taken) =>
        taken.Replace("TAKER", "MAKER", StringComparison.Ordinal).Replace("\"owner\":\"y\"", $"\"owner\":\"{Given.ApiKey}\"", StringComparison.Ordinal);

    private static Fill Fill(string json, FeeCurve? fee = null) =>
        Assert.IsType<OrderEvent.Filled>(Assert.Single(Read(json, out _, fee))).Fill;

    private static List<OrderEvent> Read(string json) => Read(json, out _);

    private static List<OrderEvent> Read(string json, out UserFrameCounts counts, FeeCurve? fee = null)
    {
        List<OrderEvent> news = [];
        Assert.True(UserFrame.TryRead(Given.Frame(json), Us, _ => fee, news, out counts));
        return news;
    }
}
