using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;

namespace PolyArb.Simulator.Crypto;

/// <summary>The request signature of protocol 6.2: HMAC-SHA256 over timestamp, method, path without query, body; base64url with padding.</summary>
internal static class L2Hmac
{
    public static string Sign(string secret, string timestamp, string method, string path, ReadOnlySpan<byte> body)
    {
        byte[] message = [.. Encoding.UTF8.GetBytes(timestamp + method + path), .. body];
        return Convert.ToBase64String(HMACSHA256.HashData(Key(secret), message)).Replace('+', '-').Replace('/', '_');
    }

    public static bool Matches(string expected, string given) => CryptographicOperations.FixedTimeEquals(
        Encoding.UTF8.GetBytes(expected), Encoding.UTF8.GetBytes(given));

    /// <summary>Both alphabets, padded or not.</summary>
    private static byte[] Key(string secret) => Base64Url.DecodeFromChars(secret.Replace('+', '-').Replace('/', '_').TrimEnd('='));
}
