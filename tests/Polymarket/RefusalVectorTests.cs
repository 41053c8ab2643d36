using System.Text.Json;
using PolyArb.Domain;
using PolyArb.Polymarket.Orders;
using Xunit;

namespace PolyArb.Tests.Polymarket;

/// <summary>What the official client refuses, word for word, in the order in which it looks.</summary>
public class RefusalVectorTests
{
    [Fact]
    public void Refuses_in_the_official_clients_words()
    {
        foreach (var vector in Vectors.Cases("order-refusals.json"))
        {
            var id = vector.Only("id", "what", "inputs", "expected").At("id");
            var inputs = vector.GetProperty("inputs").Only(
                "address", "privateKey", "api", "userOrder", "chainId", "signatureType", "minimumTickSize", "options", "orderType", "postOnly");
            Assert.Equal((id, vector.At("expected", "error")), (id, Refusal(inputs)));
        }
    }

    private static string? Refusal(JsonElement inputs)
    {
        var asked = inputs.GetProperty("userOrder").Only("tokenID", "side", "price", "size", "amount");
        var options = inputs.GetProperty("options").Only("tickSize", "version");
        var market = Price.Parse(inputs.At("minimumTickSize"));
        var tick = options.Find("tickSize") is { } given ? Price.Parse(given) : market;
        return OrderRefusals.OfTick(tick, market)
            ?? OfAmounts(inputs.At("api"), asked, tick)
            ?? OrderRefusals.OfGeneration((int)inputs.Number("chainId"), (int)options.Number("version"), (int)inputs.Number("signatureType"))
            ?? OrderRefusals.OfPostOnly(Enum.Parse<OrderType>(inputs.At("orderType"), ignoreCase: true), inputs.GetProperty("postOnly").GetBoolean());
    }

    private static string? OfAmounts(string api, JsonElement asked, Price tick)
    {
        var side = asked.At("side") == "BUY" ? Side.Buy : Side.Sell;
        Assert.True(ExactDecimal.TryParse(asked.At("price"), out var price), asked.At("price"));
        Assert.True(ExactDecimal.TryParse(asked.Find("size") ?? asked.At("amount"), out var quantity), asked.GetRawText());
        var result = api switch
        {
            "createOrder" => OrderAmounts.Limit(side, price, quantity, tick),
            "createMarketOrder" => OrderAmounts.Market(side, price, quantity, tick),
            _ => throw new FormatException(api),
        };
        return (result as AmountsResult.Refused)?.Why;
    }
}
