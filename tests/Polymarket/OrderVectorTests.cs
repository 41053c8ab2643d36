using System.Text.Json;
using PolyArb.Domain;
using PolyArb.Polymarket.Orders;
using PolyArb.Polymarket.Signing;
using Xunit;

namespace PolyArb.Tests.Polymarket;

/// <summary>Against the official client's own orders: id, signature, body and its HMAC, byte for byte.</summary>
public class OrderVectorTests
{
    [Theory]
    [InlineData("orders-v2.json")]
    [InlineData("orders-v3.json")]
    public void Signs_and_writes_what_the_official_client_does(string file)
    {
        var signed = 0;
        foreach (var @case in Vectors.Cases(file).Where(c => c.Number("inputs", "signatureType") <= 2))
        {
            var id = @case.At("id");
            var inputs = @case.GetProperty("inputs");
            var expected = @case.GetProperty("expected");
            var order = Fields(expected.GetProperty("order"));
            var chain = (int)inputs.Number("chainId");
            var exchange = file == "orders-v3.json" ? Exchange.V3(chain) : Exchange.For(chain, ProtocolVersion.V1, inputs.GetProperty("options").GetProperty("negRisk").GetBoolean());
            Assert.Equal(expected.At("exchange"), exchange.Contract.ToString());

            var signature = OrderSignature.Of(order, chain, exchange, ManagedSigner.FromHex(inputs.At("privateKey")));
            Assert.True(expected.At("orderHash") == signature.Id, $"{id}: order id");
            Assert.True(expected.At("signature") == signature.Signature, $"{id}: signature");
            signed++;

            if (expected.GetProperty("body").ValueKind is JsonValueKind.Null) continue;

            var body = OrderBody.Write(
                order,
                signature.Signature,
                inputs.At("creds", "key"),
                Enum.Parse<OrderType>(inputs.At("orderType"), ignoreCase: true),
                expected.Number("order", "expiration"),
                inputs.GetProperty("postOnly").GetBoolean(),
                inputs.GetProperty("deferExec").GetBoolean());
            Assert.True(expected.At("body") == body, $"{id}: body\n{expected.At("body")}\n{body}");

            var hmac = new L2Hmac(inputs.At("creds", "secret")).Sign(
                expected.At("headers", "POLY_TIMESTAMP"), "POST", "/order", System.Text.Encoding.UTF8.GetBytes(body));
            Assert.True(expected.At("headers", "POLY_SIGNATURE") == hmac, $"{id}: hmac");
        }

        Assert.NotEqual(0, signed);
    }

    private static OrderFields Fields(JsonElement order) => new()
    {
        Salt = order.Number("salt"),
        Maker = order.At("maker"),
        Signer = order.At("signer"),
        TokenId = order.At("tokenId"),
        MakerAmount = order.Number("makerAmount"),
        TakerAmount = order.Number("takerAmount"),
        Side = order.At("side") == "BUY" ? Side.Buy : Side.Sell,
        SignatureType = (int)order.Number("signatureType"),
        TimestampMs = order.Number("timestamp"),
        Metadata = order.At("metadata"),
        Builder = order.At("builder"),
    };
}
