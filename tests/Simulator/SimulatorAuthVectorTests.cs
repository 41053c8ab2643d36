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
    public void Another_signature_of_the_same_signer_made_from_a_good_one_is_none()
    {
        var headers = Vectors.Cases("clob-auth-l1.json").First().GetProperty("expected").GetProperty("headers");
        var digest = Convert.FromHexString(Vectors.Cases("clob-auth-l1.json").First().GetProperty("expected").Text("digest")!.AsSpan(2));
        Assert.True(Hex.TryBytes(headers.Text("POLY_SIGNATURE"), 65, out var good));
        var order = BigInteger.Parse("0FFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFEBAAEDCE6AF48A03BBFD25E8CD0364141", System.Globalization.NumberStyles.HexNumber, System.Globalization.CultureInfo.InvariantCulture);
        var high = (order - new BigInteger(good.AsSpan(32, 32), isUnsigned: true, isBigEndian: true)).ToByteArray(isUnsigned: true, isBigEndian: true);
        byte[] mirrored = [.. good.AsSpan(0, 32), .. new byte[32 - high.Length], .. high, (byte)(27 + 28 - good[64])];

        Assert.NotNull(SignatureRecovery.Signer(digest, good));
        Assert.Null(SignatureRecovery.Signer(digest, mirrored));
        Assert.Null(SignatureRecovery.Signer(digest, [.. good.AsSpan(0, 64), (byte)(good[64] - 27)]));
        Assert.Null(SignatureRecovery.Signer(digest, good[..64]));
        Assert.Null(SignatureRecovery.Signer(digest, new byte[65]));
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
