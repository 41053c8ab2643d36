using System.Numerics;
using System.Text;
using PolyArb.Simulator.Crypto;
using Xunit;

namespace PolyArb.Tests.Simulator;

public sealed class SimulatorAuthVectorTests
{
    [Fact]
    public void Every_key_request_gives_its_digest_and_its_signer()
    {
        foreach (var entry in Vectors.Cases("clob-auth-l1.json"))
        {
            var headers = entry.GetProperty("expected").GetProperty("headers");
            var nonce = BigInteger.Parse(headers.Text("POLY_NONCE"), System.Globalization.CultureInfo.InvariantCulture);
            var chain = entry.GetProperty("inputs").GetProperty("chainId").GetInt32();
            var digest = TypedData.AuthDigest(chain, headers.Text("POLY_ADDRESS"), headers.Text("POLY_TIMESTAMP"), nonce);

            Assert.Equal(entry.GetProperty("expected").Text("digest"), Hex.Text(digest));
            Assert.True(Hex.TryBytes(headers.Text("POLY_SIGNATURE"), 65, out var signature));
            Assert.Equal(entry.GetProperty("inputs").Text("address"), SignatureRecovery.Signer(digest, signature), ignoreCase: true);
        }
    }

    [Fact]
    public void Every_request_signature_matches()
    {
        foreach (var entry in Vectors.Cases("hmac-l2.json"))
        {
            var inputs = entry.GetProperty("inputs");
            var headers = entry.GetProperty("expected").GetProperty("headers");
            var body = Encoding.UTF8.GetBytes(inputs.Text("body") ?? "");
            var signature = L2Hmac.Sign(
                inputs.GetProperty("creds").Text("secret"), headers.Text("POLY_TIMESTAMP"), inputs.Text("method"), inputs.Text("requestPath"), body);

            Assert.Equal(headers.Text("POLY_SIGNATURE"), signature);
        }
    }
}
