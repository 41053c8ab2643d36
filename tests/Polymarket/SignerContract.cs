using System.Globalization;
using System.Numerics;
using System.Text;
using System.Text.Json;
using PolyArb.Polymarket.Orders;
using PolyArb.Polymarket.Signing;
using PolyArb.Tests.Simulator;
using Xunit;

namespace PolyArb.Tests.Polymarket;

/// <summary>BouncyCastle behind the seam.</summary>
public sealed class ManagedSignerVectorTests : SignerContract
{
    private protected override SignerBackend Backend => SignerBackend.Managed;
}

/// <summary>Debian's libsecp256k1 behind the seam.</summary>
public sealed class NativeSignerVectorTests : SignerContract
{
    private protected override SignerBackend Backend => SignerBackend.Native;
}

/// <summary>What every backend must do: the official clients' own bytes, and the edges of the curve.</summary>
public abstract class SignerContract : IDisposable
{
    private static readonly BigInteger GroupOrder =
        BigInteger.Parse("0fffffffffffffffffffffffffffffffebaaedce6af48a03bbfd25e8cd0364141", NumberStyles.HexNumber, CultureInfo.InvariantCulture);

    private readonly Dictionary<string, IDigestSigner> _signers = [];

    private protected abstract SignerBackend Backend { get; }

    public void Dispose()
    {
        foreach (var signer in _signers.Values) signer.Dispose();
        GC.SuppressFinalize(this);
    }

    [Theory]
    [InlineData("orders-v2.json")]
    [InlineData("orders-v3.json")]
    public void Makes_of_what_was_asked_the_order_the_official_client_made(string file)
    {
        foreach (var order in VectorOrder.Read(file))
        {
            var signer = Signer(order.Inputs.At("privateKey"));
            Same(order, "address", order.Inputs.At("address"), signer.Address.ToString());
            Same(order, "exchange", order.Expected.At("exchange"), order.Exchange.Contract.ToString());
            order.Amounts();

            var fields = order.Fields();
            var digest = new byte[32];
            Eip712.OrderDigest(fields, order.ChainId, order.Exchange, digest);
            Same(order, "order hash", order.Expected.At("orderHash"), Hex(digest));
            Same(order, "signed digest", order.Expected.At("signedDigest"), Hex(SignedDigest(order, fields)));

            var signed = OrderSignature.Of(fields, order.ChainId, order.Exchange, signer);
            Same(order, "id", order.Expected.At("orderHash"), signed.Id);
            Same(order, "signature", order.Expected.At("signature"), signed.Signature);

            var body = OrderBody.Write(
                fields, signed.Signature, JsonEncodedText.Encode(order.Inputs.At("creds", "key")), order.Type, order.ExpirationSeconds,
                order.Inputs.GetProperty("postOnly").GetBoolean(), order.Inputs.GetProperty("deferExec").GetBoolean());
            Same(order, "body", order.Expected.At("body"), body);
            SameHeaders(order, signer, body);
        }
    }

    [Fact]
    public void Makes_of_what_was_asked_the_order_the_clients_of_the_first_generation_made()
    {
        foreach (var order in VectorOrder.Read("orders-v1.json"))
        {
            var signer = Signer(order.Inputs.At("privateKey"));
            Same(order, "address", order.Inputs.At("address"), signer.Address.ToString());
            Same(order, "exchange", order.Expected.At("exchange"), order.Exchange.Contract.ToString());
            order.Amounts();

            var signed = OrderSignature.Of(order.FieldsV1(), order.ChainId, order.Exchange, signer);
            Same(order, "id", order.Expected.At("orderHash"), signed.Id);
            Same(order, "signed digest", order.Expected.At("signedDigest"), signed.Id);
            Same(order, "signature", order.Expected.At("signature"), signed.Signature);

            var (postOnly, deferExec) = (order.Inputs.GetProperty("postOnly").GetBoolean(), order.Inputs.GetProperty("deferExec").GetBoolean());
            var body = OrderBody.Write(
                order.FieldsV1(), signed.Signature, JsonEncodedText.Encode(order.Inputs.At("creds", "key")), order.Type, postOnly, deferExec);
            Same(order, "body", order.Expected.At("body"), body);
            SameHeaders(order, signer, body);

            // The later client writes the same order with postOnly in the second place.
            var last = $",\"postOnly\":{(postOnly ? "true" : "false")}";
            var moved = body.Replace(last, "", StringComparison.Ordinal).Insert($"{{\"deferExec\":{(deferExec ? "true" : "false")}".Length, last);
            Same(order, "body of the later client", order.Expected.At("bodyFromV2Client"), moved);
        }
    }

    [Fact]
    public void Proves_the_wallet_as_the_official_client_does()
    {
        foreach (var vector in Vectors.Cases("clob-auth-l1.json"))
        {
            var id = vector.Only("id", "inputs", "expected").At("id");
            var inputs = vector.GetProperty("inputs").Only(
                "signer", "privateKey", "address", "chainId", "nonce", "timestamp", "addressOverride", "nowMs");
            var expected = vector.GetProperty("expected").GetProperty("headers");
            var (signer, chainId) = (Signer(inputs.At("privateKey")), (int)inputs.Number("chainId"));
            var timestamp = inputs.Find("timestamp") ?? (inputs.Number("nowMs") / 1_000).ToString(CultureInfo.InvariantCulture);
            var nonce = inputs.Find("nonce") is null ? 0 : inputs.Number("nonce");

            var (digest, signature) = (new byte[32], new byte[65]);
            var address = inputs.Find("addressOverride") is { } other ? WrittenAddress.Parse(other) : WrittenAddress.Of(signer.Address);
            Eip712.ClobAuthDigest(address.Address, timestamp, nonce, chainId, digest);
            signer.Sign(digest, signature);
            Assert.Equal((id, vector.At("expected", "digest")), (id, Hex(digest)));
            Assert.Equal((id, expected.At("POLY_SIGNATURE")), (id, Hex(signature)));
            Assert.Equal((id, expected.At("POLY_ADDRESS")), (id, address.Text));
            if (inputs.Find("addressOverride") is not null) continue; // We ask for ourselves alone.

            using var request = new HttpRequestMessage();
            AuthHeaders.AddL1(request.Headers, signer, chainId, timestamp, nonce);
            HmacVectorTests.Same(id, expected, request.Headers);
        }
    }

    /// <summary>Each recovers to the signer, by the exchange's own arithmetic, which refuses a high s and other values of v.</summary>
    [Fact]
    public void Every_signature_is_in_the_lower_half_names_its_signer_and_is_the_same_each_time()
    {
        var random = new Random(1);
        for (var i = 0; i < 300; i++)
        {
            var (key, digest) = (new byte[32], new byte[32]);
            random.NextBytes(key);
            random.NextBytes(digest);
            if (i < 8) digest.AsSpan(i * 4).Clear(); // Numbers with a long tail of zeros, down to zero itself.
            if (i == 8) digest.AsSpan().Fill(0xff); // More than the group's order.
            using var signer = New(Convert.ToHexString(key));
            var (first, again) = (new byte[65], new byte[65]);
            signer.Sign(digest, first);
            signer.Sign(digest, again);

            Assert.Equal(first, again);
            Assert.True(new BigInteger(first.AsSpan(32, 32), isUnsigned: true, isBigEndian: true) <= GroupOrder / 2, $"{i}: high s");
            Assert.Equal(
                signer.Address.ToString(), PolyArb.Simulator.Crypto.SignatureRecovery.Signer(digest, first), ignoreCase: true);
        }
    }

    [Fact]
    public async Task Eight_threads_sign_with_one_signer()
    {
        var signer = New("59c6995e998f97a5a0044966f0945389dc9e86dae88c7a8412f4603b6b78690d");
        using var held = signer;
        var digests = Enumerable.Range(0, 100).Select(i => Keccak256.Hash([(byte)i])).ToArray();
        var alone = digests.Select(digest => Signature(signer, digest)).ToArray();
        using var start = new Barrier(8);

        var together = await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => Task.Factory.StartNew(
            () =>
            {
                start.SignalAndWait(TestContext.Current.CancellationToken);
                return digests.Select(digest => Signature(signer, digest)).ToArray();
            },
            TestContext.Current.CancellationToken, TaskCreationOptions.LongRunning, TaskScheduler.Default)));

        Assert.All(together, signatures => Assert.Equal(alone, signatures));

        static string Signature(IDigestSigner signer, byte[] digest)
        {
            var signature = new byte[65];
            signer.Sign(digest, signature);
            return Hex(signature);
        }
    }

    /// <summary>The first and the last number there is; their points have the same x.</summary>
    [Theory]
    [InlineData("0000000000000000000000000000000000000000000000000000000000000001", "0x7E5F4552091A69125d5DfCb7b8C2659029395Bdf")]
    [InlineData("0xfffffffffffffffffffffffffffffffebaaedce6af48a03bbfd25e8cd0364140", "0x80C0dbf239224071c59dD8970ab9d542E3414aB2")]
    public void The_smallest_and_the_largest_key_are_keys(string key, string address)
    {
        using var signer = New(key);

        Assert.Equal(address, signer.Address.ToString());
    }

    [Theory]
    [InlineData("")]
    [InlineData("0x")]
    [InlineData("zz09")]
    [InlineData("0xac0974bec39a17e36ba4a6b4d238ff944bacb478cbed5efcae784d7bf4f2ff8")]
    [InlineData("ac0974bec39a17e36ba4a6b4d238ff944bacb478cbed5efcae784d7bf4f2ff8000")]
    [InlineData("ac0974bec39a17e36ba4a6b4d238ff944bacb478cbed5efcae784d7bf4f2ff8g")]
    [InlineData("0000000000000000000000000000000000000000000000000000000000000000")]
    [InlineData("fffffffffffffffffffffffffffffffebaaedce6af48a03bbfd25e8cd0364141")]
    [InlineData("fffffffffffffffffffffffffffffffebaaedce6af48a03bbfd25e8cd0364142")]
    [InlineData("ffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff")]
    public void Anything_else_is_no_key_and_the_complaint_does_not_show_it(string key)
    {
        var complaint = Assert.Throws<FormatException>(() => Signers.Create(key, Backend)).ToString();

        if (key.Length > 2) Assert.DoesNotContain(key[2..], complaint, StringComparison.OrdinalIgnoreCase);
    }

    [Fact]
    public void A_disposed_signer_signs_no_more()
    {
        var signer = New("ac0974bec39a17e36ba4a6b4d238ff944bacb478cbed5efcae784d7bf4f2ff80");
        signer.Dispose();
        signer.Dispose();

        var complaint = Assert.Throws<ObjectDisposedException>(() => signer.Sign(new byte[32], new byte[65]));
        Assert.DoesNotContain("ac0974", complaint.ToString(), StringComparison.OrdinalIgnoreCase);
    }

    [Fact]
    public void A_key_is_never_printed_nor_serialized()
    {
        var signer = New("0xac0974bec39a17e36ba4a6b4d238ff944bacb478cbed5efcae784d7bf4f2ff80");
        using var held = signer;

        string[] prints = [signer.ToString()!, JsonSerializer.Serialize(signer, signer.GetType()), new SignerChoice.Made(signer, "x").ToString()];
        Assert.All(prints, print => Assert.DoesNotContain("ac0974", print, StringComparison.OrdinalIgnoreCase));
    }

    private IDigestSigner Signer(string key) => _signers.TryGetValue(key, out var known) ? known : _signers[key] = New(key);

    private IDigestSigner New(string key)
    {
        switch (Signers.Create(key, Backend))
        {
            case SignerChoice.Made(var signer, _):
                return signer;
            case SignerChoice.Unavailable(var why):
                Assert.SkipWhen(Secp256k1.FileName is null, why); // A library that is there but unfit is a failure.
                throw new InvalidOperationException(why);
            default:
                throw new System.Diagnostics.UnreachableException();
        }
    }

    private static byte[] SignedDigest(VectorOrder order, OrderFields fields)
    {
        var (contents, digest) = (new byte[32], new byte[32]);
        OrderStruct.Hash(fields, contents);
        var separator = Eip712.ExchangeSeparator(order.ChainId, order.Exchange);
        if (order.SignatureType == 3) OrderSignature.WalletDigest(contents, separator, order.ChainId, fields.Maker.Address, digest);
        else Eip712.Digest(separator, contents, digest);
        return digest;
    }

    private static void SameHeaders(VectorOrder order, IDigestSigner signer, string body)
    {
        using var request = new HttpRequestMessage();
        var credentials = new Credentials(order.Inputs.At("creds", "key"), order.Inputs.At("creds", "secret"), order.Inputs.At("creds", "passphrase"));
        AuthHeaders.AddL2(
            request.Headers, signer.Address.ToString(), credentials, order.Seconds, "POST", "/order", Encoding.UTF8.GetBytes(body));
        HmacVectorTests.Same(order.Id, order.Expected.GetProperty("headers"), request.Headers);
    }

    private static void Same(VectorOrder order, string what, string expected, string actual) =>
        Assert.True(expected == actual, $"{order.Id}: {what}\n{expected}\n{actual}");

    private static string Hex(byte[] bytes) => "0x" + Convert.ToHexStringLower(bytes);
}
