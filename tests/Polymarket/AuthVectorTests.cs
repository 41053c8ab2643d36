using System.Text;
using System.Text.Json;
using PolyArb.Polymarket.Signing;
using Xunit;

namespace PolyArb.Tests.Polymarket;

public class AuthVectorTests
{
    [Fact]
    public void Signs_requests_as_the_official_client_does()
    {
        foreach (var @case in Vectors.Cases("hmac-l2.json"))
        {
            var inputs = @case.GetProperty("inputs");
            var body = inputs.GetProperty("body");
            var signature = new L2Hmac(inputs.At("creds", "secret")).Sign(
                @case.At("expected", "headers", "POLY_TIMESTAMP"),
                inputs.At("method"),
                inputs.At("requestPath"),
                body.ValueKind is JsonValueKind.Null ? default : Encoding.UTF8.GetBytes(body.GetString()!));
            Assert.True(@case.At("expected", "headers", "POLY_SIGNATURE") == signature, @case.At("id"));
        }
    }

    [Fact]
    public void Proves_the_wallet_as_the_official_client_does()
    {
        foreach (var @case in Vectors.Cases("clob-auth-l1.json"))
        {
            var inputs = @case.GetProperty("inputs");
            var headers = @case.GetProperty("expected").GetProperty("headers");
            var signer = ManagedSigner.FromHex(inputs.At("privateKey"));
            var address = inputs.GetProperty("addressOverride") is { ValueKind: JsonValueKind.String } other
                ? EthAddress.Parse(other.GetString()!)
                : signer.Address;

            var digest = new byte[32];
            var signature = new byte[65];
            Eip712.ClobAuthDigest(address, headers.At("POLY_TIMESTAMP"), headers.Number("POLY_NONCE"), (int)inputs.Number("chainId"), digest);
            signer.Sign(digest, signature);

            Assert.True(@case.At("expected", "digest") == "0x" + Convert.ToHexStringLower(digest), @case.At("id"));
            Assert.True(headers.At("POLY_SIGNATURE") == "0x" + Convert.ToHexStringLower(signature), @case.At("id"));
            Assert.Equal(headers.At("POLY_ADDRESS"), address.ToString());
        }
    }
}
