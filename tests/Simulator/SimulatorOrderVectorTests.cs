using System.Text.Json;
using PolyArb.Simulator.Api;
using PolyArb.Simulator.Crypto;
using Xunit;

namespace PolyArb.Tests.Simulator;

public sealed class SimulatorOrderVectorTests
{
    [Fact]
    public void Every_order_body_gives_its_id_and_its_signer()
    {
        var count = 0;
        foreach (var entry in Vectors.Cases("orders-v2.json").Concat(Vectors.Cases("orders-v3.json")))
        {
            var (inputs, expected) = (entry.GetProperty("inputs"), entry.GetProperty("expected"));
            using var json = JsonDocument.Parse(expected.Text("body"));
            var body = OrderBody.Read(json.RootElement, out _);
            Assert.NotNull(body);
            var chain = inputs.GetProperty("chainId").GetInt32();
            var version = inputs.GetProperty("options").GetProperty("version").GetInt32() == 3 ? "3" : "2";
            var domain = TypedData.ExchangeDomain(chain, expected.Text("exchange"), version);
            var digest = TypedData.OrderDigest(domain, body.Order);

            Assert.Equal(expected.Text("orderHash"), Hex.Text(digest));
            var signer = body.Order.SignatureType == 3
                ? WalletSignature.Signer(domain, body.Order, body.Signature, chain)
                : SignatureRecovery.Signer(digest, body.Signature);
            Assert.Equal(inputs.Text("address"), signer, ignoreCase: true);
            count++;
        }

        Assert.True(count > 0);
    }

    [Fact]
    public void An_altered_order_has_another_signer()
    {
        using var json = JsonDocument.Parse(Vectors.Cases("orders-v2.json").First().GetProperty("expected").Text("body"));
        var body = OrderBody.Read(json.RootElement, out _)!;
        var digest = TypedData.OrderDigest(TypedData.ExchangeDomain(negRisk: false), body.Order with { MakerAmount = body.Order.MakerAmount + 1 });

        Assert.NotEqual(body.Order.Signer.ToLowerInvariant(), SignatureRecovery.Signer(digest, body.Signature));
    }

    [Fact]
    public void A_body_of_the_first_version_is_told_so()
    {
        foreach (var entry in Vectors.Cases("orders-v1.json"))
        {
            using var json = JsonDocument.Parse(entry.GetProperty("expected").Text("body"));
            Assert.Null(OrderBody.Read(json.RootElement, out var refusal));
            Assert.Equal("order_version_mismatch", refusal);
        }
    }
}
