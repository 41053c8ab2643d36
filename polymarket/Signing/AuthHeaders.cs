using System.Globalization;
using System.Net.Http.Headers;

namespace PolyArb.Polymarket.Signing;

/// <summary>What proves to the venue who asks (protocol sheet 6). Timestamps are whole seconds of Unix time.</summary>
internal static class AuthHeaders
{
    /// <summary>By the wallet's key: to make or derive an API key.</summary>
    public static void AddL1(HttpRequestHeaders headers, IDigestSigner signer, int chainId, string timestamp, long nonce)
    {
        Span<byte> digest = stackalloc byte[Keccak256.Length];
        Span<byte> signature = stackalloc byte[65];
        Eip712.ClobAuthDigest(signer.Address, timestamp, nonce, chainId, digest);
        signer.Sign(digest, signature);

        headers.TryAddWithoutValidation("POLY_ADDRESS", signer.Address.ToString());
        headers.TryAddWithoutValidation("POLY_SIGNATURE", Hex.Encode(signature));
        headers.TryAddWithoutValidation("POLY_TIMESTAMP", timestamp);
        headers.TryAddWithoutValidation("POLY_NONCE", nonce.ToString(CultureInfo.InvariantCulture));
    }

    /// <summary>By an API key: for everything else. The address is that of the wallet's key; the path has no query.</summary>
    public static void AddL2(
        HttpRequestHeaders headers, string address, Credentials credentials, string timestamp, string method, string path, ReadOnlySpan<byte> body)
    {
        headers.TryAddWithoutValidation("POLY_ADDRESS", address);
        headers.TryAddWithoutValidation("POLY_SIGNATURE", credentials.Hmac.Sign(timestamp, method, path, body));
        headers.TryAddWithoutValidation("POLY_TIMESTAMP", timestamp);
        headers.TryAddWithoutValidation("POLY_API_KEY", credentials.ApiKey);
        headers.TryAddWithoutValidation("POLY_PASSPHRASE", credentials.Passphrase);
    }
}
