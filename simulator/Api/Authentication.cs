using System.Globalization;
using System.Numerics;
using PolyArb.Simulator.Crypto;

namespace PolyArb.Simulator.Api;

/// <summary>The two ways a request proves who sends it (protocol 6). A clock more than five minutes off is refused.</summary>
internal sealed class Authentication(KeyRing keys, TimeProvider clock)
{
    public const string L1Text = "Invalid L1 Request headers";
    public const string L2Text = "Unauthorized/Invalid api key";
    public const string ReadOnlyText = "Invalid API key";

    private const long SkewSecondsMax = 300; // The venue's tolerance is not documented.

    /// <summary>The wallet behind an L1 request and its nonce; null when the signature is not its own.</summary>
    public (string Address, BigInteger Nonce)? L1(IHeaderDictionary headers)
    {
        var address = headers["POLY_ADDRESS"].ToString();
        var timestamp = headers["POLY_TIMESTAMP"].ToString();
        var nonceText = headers["POLY_NONCE"].ToString();
        if (!Hex.IsAddress(address) || !Fresh(timestamp)) return null;
        if (!Uint256.TryParse(nonceText.Length == 0 ? "0" : nonceText, out var nonce)) return null;
        if (!Hex.TryBytes(headers["POLY_SIGNATURE"].ToString(), 65, out var signature)) return null;

        var digest = TypedData.AuthDigest(TypedData.Polygon, address, timestamp, nonce);
        var lower = address.ToLowerInvariant();
        return SignatureRecovery.Signer(digest, signature) == lower ? (lower, nonce) : null;
    }

    /// <summary>The key behind an L2 request, checked over the exact bytes of the body; null when anything is wrong.</summary>
    public ApiKey? L2(IHeaderDictionary headers, string method, string path, ReadOnlySpan<byte> body)
    {
        var timestamp = headers["POLY_TIMESTAMP"].ToString();
        if (keys.Find(headers["POLY_API_KEY"].ToString()) is not { } key || !Fresh(timestamp)) return null;
        if (!L2Hmac.Matches(key.Passphrase, headers["POLY_PASSPHRASE"].ToString())) return null;
        if (!IsOf(key, headers)) return null;

        var expected = L2Hmac.Sign(key.Secret, timestamp, method, path, body);
        return L2Hmac.Matches(expected, headers["POLY_SIGNATURE"].ToString()) ? key : null;
    }

    /// <summary>
    /// The key that a read-only key reads for. It was issued without a secret, so the key and its wallet's address are all it can show;
    /// how the venue checks one is not documented.
    /// </summary>
    public ApiKey? Reader(IHeaderDictionary headers) =>
        keys.OwnerOf(headers["POLY_API_KEY"].ToString()) is { } owner && IsOf(owner, headers) ? owner : null;

    private static bool IsOf(ApiKey key, IHeaderDictionary headers) =>
        key.Address.Equals(headers["POLY_ADDRESS"].ToString(), StringComparison.OrdinalIgnoreCase);

    private bool Fresh(string timestamp) =>
        long.TryParse(timestamp, NumberStyles.None, CultureInfo.InvariantCulture, out var seconds)
        && Math.Abs(clock.GetUtcNow().ToUnixTimeSeconds() - seconds) <= SkewSecondsMax;
}
