using System.Text.Json;
using PolyArb.Simulator.Api;
using PolyArb.Simulator.Engine;
using PolyArb.Simulator.World;
using Xunit;

namespace PolyArb.Tests.Simulator;

public sealed class AmountsTests
{
    private static readonly Condition Condition = WorldBuilder.Build(1).Conditions[0];

    /// <summary>Every row of the worked amounts of protocol 7.2, and the two roundings of one of them.</summary>
    [Theory]
    [InlineData("Buy", "Gtc", 100, 17_252_800, 21_040_000, 8_200)]
    [InlineData("Sell", "Gtc", 100, 21_040_000, 17_252_800, 8_200)]
    [InlineData("Buy", "Gtc", 100, 2_500_000, 5_000_000, 5_000)]
    [InlineData("Sell", "Gtc", 100, 10_120_000, 5_262_400, 5_200)]
    [InlineData("Buy", "Gtc", 100, 4_565_800, 12_340_000, 3_700)]
    [InlineData("Buy", "Gtc", 10, 5_778_090, 101_370_000, 570)]
    [InlineData("Buy", "Gtc", 1, 1_082_970, 19_100_000, 567)]
    [InlineData("Buy", "Gtc", 25, 4_082_925, 33_330_000, 1_225)]
    [InlineData("Buy", "Gtc", 50, 2_602_950, 7_770_000, 3_350)]
    [InlineData("Buy", "Fok", 100, 100_000_000, 178_571_400, 5_600)]
    [InlineData("Buy", "Fak", 100, 100_000_000, 178_571_400, 5_600)]
    [InlineData("Buy", "Fok", 100, 10_000_000, 19_230_700, 5_200)]
    [InlineData("Buy", "Fak", 100, 10_000_000, 19_230_800, 5_200)]
    [InlineData("Buy", "Fok", 10, 100_000_000, 1_785_714_280, 560)]
    [InlineData("Buy", "Fak", 10, 100_000_000, 1_785_714_280, 560)]
    [InlineData("Sell", "Fok", 100, 12_340_000, 4_565_800, 3_700)]
    [InlineData("Sell", "Fak", 10, 10_990_000, 3_659_670, 3_330)]
    public void The_official_client_s_amounts_are_taken_at_their_price(string side, string type, int tick, long making, long taking, int price)
    {
        var order = Order(side, type, making, taking);

        Assert.Null(OrderRules.Refusal(order, new Market(Condition) { Tick = tick }, 0));
        Assert.Equal(price, order.PriceOn(tick));
    }

    [Theory]
    [InlineData("Buy", "Gtc", 50, 2_599_065, 7_770_000, "Price (0.3345) breaks minimum tick size rule: 0.005")]
    [InlineData("Buy", "Gtc", 50, 2_610_720, 7_770_000, "Price (0.336) breaks minimum tick size rule: 0.005")]
    [InlineData("Sell", "Gtc", 25, 33_330_000, 4_086_258, "Price (0.1226) breaks minimum tick size rule: 0.0025")]
    [InlineData("Buy", "Gtc", 25, 33_246_675, 33_330_000, null)] // 0.9975
    [InlineData("Buy", "Gtc", 25, 33_263_340, 33_330_000, "Price (0.998) breaks minimum tick size rule: 0.0025")]
    [InlineData("Buy", "Gtc", 50, 33_163_350, 33_330_000, null)] // 0.995
    [InlineData("Buy", "Gtc", 50, 33_196_680, 33_330_000, "Price (0.996) breaks minimum tick size rule: 0.005")]
    [InlineData("Buy", "Gtc", 10, 2_850_570, 5_001_000, "invalid amounts, the buy orders maker amount supports a max accuracy of 5 decimals, taker amount a max of 2 decimals")]
    [InlineData("Sell", "Gtc", 100, 5_001_000, 2_500_500, "invalid amounts, the sell orders maker amount supports a max accuracy of 2 decimals, taker amount a max of 4 decimals")]
    [InlineData("Buy", "Fak", 100, 100_000_000, 178_571_420, "invalid amounts, the market buy orders maker amount supports a max accuracy of 2 decimals, taker amount a max of 4 decimals")]
    [InlineData("Buy", "Fak", 10, 100_000_000, 1_785_714_285, "invalid amounts, the market buy orders maker amount supports a max accuracy of 2 decimals, taker amount a max of 5 decimals")]
    [InlineData("Buy", "Fok", 100, 100_000_000, 178_471_400, "Price (0.5603138654148507) breaks minimum tick size rule: 0.01")]
    public void Amounts_off_the_grid_or_too_fine_are_refused(string side, string type, int tick, long making, long taking, string? refusal)
    {
        var given = OrderRules.Refusal(Order(side, type, making, taking), new Market(Condition) { Tick = tick }, 0);

        if (refusal is null) Assert.Null(given);
        else Assert.EndsWith(refusal, given, StringComparison.Ordinal);
    }

    [Fact]
    public void Nothing_that_the_official_client_signs_for_its_order_type_is_off_grid_or_too_fine()
    {
        var count = 0;
        foreach (var entry in Vectors.Cases("orders-v2.json").Concat(Vectors.Cases("orders-v3.json")))
        {
            if (entry.GetProperty("floatSensitive").ValueKind is JsonValueKind.True) continue; // The client's doubles miss the exact product by a micro or ten.

            var inputs = entry.GetProperty("inputs");
            using var json = JsonDocument.Parse(entry.GetProperty("expected").Text("body"));
            var body = OrderBody.Read(json.RootElement, out _)!;
            Assert.True(Units.TryMicros(inputs.GetProperty("options").Text("tickSize"), out var tick));
            var order = new OrderRequest(
                "0x1", "key", body.Order.Maker, Condition with { MinSize = 0 }, 0, body.Side, body.Type, body.MakerAmount, body.TakerAmount,
                body.Expiration, PostOnly: false);

            if (order.Immediate && inputs.Text("api") == "createOrder") continue; // Limit amounts sent as FOK: 7.2 has them refused.

            var onGrid = Units.TryMicros(inputs.GetProperty("userOrder").GetProperty("price").GetRawText(), out var price) && price % tick == 0;
            if (tick is 5_000 or 2_500 && !onGrid) continue; // It does not see to the grid of these two ticks (1.3).

            var refusal = OrderRules.Refusal(order, new Market(Condition) { Tick = (int)(tick / 100) }, 0);

            // It signs a GTD order without an expiration, too.
            if (refusal is not (null or "invalid expiration")) Assert.Fail($"{entry.Text("id")} {json.RootElement}: {refusal}");
            count++;
        }

        Assert.True(count > 200);
    }

    private static OrderRequest Order(string side, string type, long making, long taking) => new(
        "0x1", "key", PublicAccounts.Addresses[0], Condition, 0, Enum.Parse<Side>(side), Enum.Parse<OrderType>(type), making, taking, 0,
        PostOnly: false);
}
