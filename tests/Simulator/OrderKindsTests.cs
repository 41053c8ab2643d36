using System.Globalization;
using System.Numerics;
using System.Text.Json;
using PolyArb.Simulator.Api;
using PolyArb.Simulator.Crypto;
using PolyArb.Simulator.Engine;
using PolyArb.Simulator.World;
using Xunit;

namespace PolyArb.Tests.Simulator;

/// <summary>Which signature which market takes (protocol 0.2, 7.1, 12.3).</summary>
public sealed class OrderKindsTests
{
    private const string Wallet = "0x1111111111111111111111111111111111111111";
    private const string InnerF = "780beffb568c4510b8a135a92ca8071f124cf368fb0e902fe451c5f51e5557910a2a87968caa08a242de85e83c27375fc09242e897aa77680f56622a54e6e7c61c";
    private const string InnerG = "a411986b67c58113f8787ee54c41def9376d57ef4262b56438438710720604b700137e0175d7ae6afc40c2988179ad84b1b71a739f0974c8df3c12372f31b22c1c";

    private static readonly SignedOrder VectorF = new(
        333_333_333, Wallet, Wallet,
        BigInteger.Parse("71321045679252212594626385532706912750332728571942532289631379312455583992563", CultureInfo.InvariantCulture),
        100_000_000, 50_000_000, 0, 3, 1_713_398_400_000, new byte[32], new byte[32]);

    [Theory]
    [InlineData(false, InnerF, "0x48cfd4c03dcee72230750e2dc5ea71048e91244c2a9fec2ed6ef790a74869596", "0xa4be61b70eb9f7d45afa3d9b6f1fce962125c0a51ea0d09ea83fd2d0126d4bbe")]
    [InlineData(true, InnerG, "0x82b94b9d570fdd7b07f517ea848606a9b74029f2387fbf07d8b9c856d652e608", "0x76a0745b96cd5f3840b3efa043ace952188dc065420d3936bb7d76c6abe05d17")]
    public void A_wrapped_signature_names_its_owner_and_none_once_any_byte_of_it_differs(bool negRisk, string inner, string id, string digest)
    {
        var domain = TypedData.ExchangeDomain(negRisk);
        byte[] signature =
        [
            .. Convert.FromHexString(inner), .. domain, .. TypedData.OrderHash(VectorF),
            .. System.Text.Encoding.ASCII.GetBytes(TypedData.OrderTypeText), 0x00, 0xba,
        ];

        Assert.Equal(id, Hex.Text(TypedData.OrderDigest(domain, VectorF)));
        Assert.Equal(digest, Hex.Text(WalletSignature.InnerDigest(domain, VectorF)));
        Assert.Equal((317, TestWallet.Address.ToLowerInvariant()), (signature.Length, WalletSignature.Signer(domain, VectorF, signature)));
        Assert.Null(WalletSignature.Signer(domain, VectorF, signature[..^1]));
        for (var i = 0; i < signature.Length; i++)
        {
            byte[] altered = [.. signature];
            altered[i] ^= 1;
            Assert.NotEqual(TestWallet.Address.ToLowerInvariant(), WalletSignature.Signer(domain, VectorF, altered));
        }
    }

    [Fact]
    public void The_domain_separators_are_those_of_the_chain()
    {
        Assert.Equal("0x3264e159346253e26a64e00b69032db0e7d32f94628de3e6eecb50304d7af3d2", Hex.Text(TypedData.ExchangeDomain(negRisk: false)));
        Assert.Equal("0x9b858f53327b0bd13af8ec14cfb35234fb9eb7b0504d1a4e61f433840d30e81a", Hex.Text(TypedData.ExchangeDomain(negRisk: true)));
        Assert.Equal("0x466c63910185bbd55e8679264200c4e0abdcbb0c6264eb3d41d13326022e095b", Hex.Text(TypedData.ThirdVersion));
    }

    [Fact]
    public async Task Every_signed_body_passes_in_its_own_kind_of_market_only()
    {
        var kinds = new HashSet<string>();
        foreach (var entry in Vectors.Cases("orders-v2.json").Concat(Vectors.Cases("orders-v3.json")))
        {
            var (inputs, expected) = (entry.GetProperty("inputs"), entry.GetProperty("expected"));
            if (inputs.GetProperty("chainId").GetInt32() != 137) continue;

            var third = expected.Text("exchange") == TypedData.ThirdExchange;
            var negRisk = expected.Text("exchange") == TypedData.NegRiskExchange;
            foreach (var (market, risk) in ((bool, bool)[])[(false, false), (false, true), (true, false), (true, true)])
            {
                var refusal = await Refusal(entry, market, risk);
                var due = market != third ? "order_version_mismatch" : !third && risk != negRisk ? "invalid signature" : "";
                if (due.Length > 0) Assert.Equal(due, refusal);
                else Assert.DoesNotMatch("signature|version|owner|signer|payload|token", refusal);
                kinds.Add($"{expected.GetProperty("order").GetProperty("signatureType")}{due}");
            }
        }

        Assert.Equal(12, kinds.Count);
    }

    [Fact]
    public async Task A_deposit_wallet_nobody_registered_or_that_another_owns_is_refused()
    {
        var entry = Vectors.Cases("orders-v2.json").First(
            e => e.GetProperty("inputs") is var i && i.GetProperty("chainId").GetInt32() == 137 && i.GetProperty("signatureType").GetInt32() == 3);

        foreach (var owner in (string?[])[null, "0x2222222222222222222222222222222222222222"])
        {
            Assert.Equal(
                "the order signer address has to be the address of the API KEY",
                await Refusal(entry, thirdVersion: false, negRisk: entry.GetProperty("expected").Text("exchange") == TypedData.NegRiskExchange, owner));
        }
    }

    private static Task<string> Refusal(JsonElement entry, bool thirdVersion, bool negRisk) =>
        Refusal(entry, thirdVersion, negRisk, entry.GetProperty("inputs").Text("address"));

    /// <summary>The wallets here hold nothing, so that the best order ends at the balance.</summary>
    private static async Task<string> Refusal(JsonElement entry, bool thirdVersion, bool negRisk, string? owner)
    {
        using var json = JsonDocument.Parse(entry.GetProperty("expected").Text("body"));
        var order = json.RootElement.GetProperty("order");
        var listed = WorldBuilder.Build(1).Conditions[0];
        var condition = listed with
        {
            Tokens = [order.Text("tokenId"), "1"],
            NegRiskMarketId = negRisk ? listed.Id : "",
            ProtocolV2 = thirdVersion,
        };
        var exchange = new Exchange(new ExchangeWorld([condition]), 1, TimeProvider.System);
        var key = new ApiKey(json.RootElement.Text("owner"), "", "", entry.GetProperty("inputs").Text("address").ToLowerInvariant());
        if (owner is not null && order.GetProperty("signatureType").GetInt32() > 0)
        {
            exchange.Wallets.Register(order.Text("maker").ToLowerInvariant(), owner.ToLowerInvariant());
        }

        return await new OrderDoor(exchange).PlaceAsync(key, json.RootElement) is PlaceResult.Refused refused ? refused.Text : "";
    }
}
