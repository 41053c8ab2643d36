using System.Net.Http.Headers;
using System.Numerics;
using System.Text;
using System.Text.Json;
using Org.BouncyCastle.Crypto.EC;
using Org.BouncyCastle.Crypto.Parameters;
using Org.BouncyCastle.Crypto.Signers;
using PolyArb.Simulator.Crypto;

namespace PolyArb.Tests.Simulator;

/// <summary>A public Hardhat key that talks to the exchange over HTTP: signs orders, key requests and L2 headers.</summary>
internal sealed class TestWallet(HttpClient http)
{
    public const string Address = "0xf39Fd6e51aad88F6F4ce6aB8827279cffFb92266";

    private const string PrivateKey = "ac0974bec39a17e36ba4a6b4d238ff944bacb478cbed5efcae784d7bf4f2ff80";

    private long _salt;

    public string Key { get; private set; } = "";
    public string Secret { get; private set; } = "";
    public string Passphrase { get; private set; } = "";

    /// <summary>Creates the key of a nonce, or derives it when there is one.</summary>
    public async Task LogInAsync(CancellationToken stop, long nonce = 0)
    {
        var (status, json) = await AskForKeyAsync(HttpMethod.Post, "/auth/api-key", nonce, stop);
        if (status != 200) (status, json) = await AskForKeyAsync(HttpMethod.Get, "/auth/derive-api-key", nonce, stop);
        if (status != 200) throw new InvalidOperationException($"No key: {status} {json}");
        (Key, Secret, Passphrase) = (json.Text("apiKey"), json.Text("secret"), json.Text("passphrase"));
    }

    /// <summary>Sends an L1 request, by default of this moment.</summary>
    public async Task<(int Status, JsonElement Body)> AskForKeyAsync(
        HttpMethod method, string path, long nonce, CancellationToken stop, TimeSpan late = default, long? signedNonce = null)
    {
        var timestamp = JsonNumber((DateTimeOffset.UtcNow - late).ToUnixTimeSeconds());
        using var request = new HttpRequestMessage(method, path);
        request.Headers.TryAddWithoutValidation("POLY_ADDRESS", Address);
        request.Headers.TryAddWithoutValidation("POLY_TIMESTAMP", timestamp);
        request.Headers.TryAddWithoutValidation("POLY_NONCE", JsonNumber(nonce));
        request.Headers.TryAddWithoutValidation("POLY_SIGNATURE", Sign(TypedData.AuthDigest(137, Address, timestamp, signedNonce ?? nonce)));
        using var answer = await http.SendAsync(request, stop);
        using var json = JsonDocument.Parse(await answer.Content.ReadAsStringAsync(stop));
        return ((int)answer.StatusCode, json.RootElement.Clone());
    }

    /// <summary>A signed POST /order body; amounts in base units.</summary>
    public string Order(
        string token, bool negRisk, string side, long making, long taking, string type, bool postOnly = false, string maker = Address,
        int signatureType = 0, long? salt = null)
    {
        var order = new SignedOrder(
            salt ?? ++_salt, maker, Address, BigInteger.Parse(token, System.Globalization.CultureInfo.InvariantCulture), making, taking,
            side == "BUY" ? 0 : 1, signatureType, 1_800_000_000_000, new byte[32], new byte[32]);
        var zero = Hex.Text(new byte[32]);
        return JsonSerializer.Serialize(new
        {
            deferExec = false,
            postOnly,
            order = new
            {
                salt = (long)order.Salt,
                maker,
                signer = Address,
                tokenId = token,
                makerAmount = JsonNumber(making),
                takerAmount = JsonNumber(taking),
                side,
                signatureType,
                timestamp = "1800000000000",
                expiration = "0",
                metadata = zero,
                builder = zero,
                signature = Sign(TypedData.OrderDigest(TypedData.ExchangeDomain(negRisk), order)),
            },
            owner = Key,
            orderType = type,
        });
    }

    /// <summary>Sends an L2 request; the path is signed without its query.</summary>
    public async Task<(int Status, JsonElement Body)> SendAsync(HttpMethod method, string path, string? body, CancellationToken stop)
    {
        using var request = Request(method, path, Encoding.UTF8.GetBytes(body ?? ""));
        using var answer = await http.SendAsync(request, stop);
        using var json = JsonDocument.Parse(await answer.Content.ReadAsStringAsync(stop));
        return ((int)answer.StatusCode, json.RootElement.Clone());
    }

    /// <summary>An L2 request of this moment; without bytes it has no body.</summary>
    public HttpRequestMessage Request(HttpMethod method, string path, byte[] bytes)
    {
        var timestamp = JsonNumber(DateTimeOffset.UtcNow.ToUnixTimeSeconds());
        var request = new HttpRequestMessage(method, path);
        if (bytes.Length > 0)
        {
            request.Content = new ByteArrayContent(bytes);
            request.Content.Headers.ContentType = new MediaTypeHeaderValue("application/json");
        }

        request.Headers.TryAddWithoutValidation("POLY_ADDRESS", Address);
        request.Headers.TryAddWithoutValidation("POLY_TIMESTAMP", timestamp);
        request.Headers.TryAddWithoutValidation("POLY_API_KEY", Key);
        request.Headers.TryAddWithoutValidation("POLY_PASSPHRASE", Passphrase);
        request.Headers.TryAddWithoutValidation(
            "POLY_SIGNATURE", L2Hmac.Sign(Secret, timestamp, method.Method, path.Split('?')[0], bytes));
        return request;
    }

    private static string JsonNumber(long value) => value.ToString(System.Globalization.CultureInfo.InvariantCulture);

    private static string Sign(byte[] digest)
    {
        var curve = CustomNamedCurves.GetByName("secp256k1");
        var domain = new ECDomainParameters(curve);
        var signer = new ECDsaSigner(new HMacDsaKCalculator(new Org.BouncyCastle.Crypto.Digests.Sha256Digest()));
        signer.Init(true, new ECPrivateKeyParameters(new Org.BouncyCastle.Math.BigInteger(PrivateKey, 16), domain));
        var parts = signer.GenerateSignature(digest);
        var s = parts[1].CompareTo(curve.N.ShiftRight(1)) > 0 ? curve.N.Subtract(parts[1]) : parts[1];
        byte[] signature = [.. Padded(parts[0]), .. Padded(s), 27];
        if (!Address.Equals(SignatureRecovery.Signer(digest, signature), StringComparison.OrdinalIgnoreCase)) signature[64] = 28;
        return Hex.Text(signature);
    }

    private static byte[] Padded(Org.BouncyCastle.Math.BigInteger value) =>
        Org.BouncyCastle.Utilities.BigIntegers.AsUnsignedByteArray(32, value);
}
