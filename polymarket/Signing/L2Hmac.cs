using System.Buffers;
using System.Security.Cryptography;
using System.Text;

namespace PolyArb.Polymarket.Signing;

/// <summary>
/// The header of every account request: base64url(HMAC-SHA256(timestamp + METHOD + path + body)), its "=" kept. The path
/// goes without its query, the body as the very bytes sent (protocol sheet 6.2).
/// </summary>
public sealed class L2Hmac
{
    private readonly byte[] _key;

    /// <summary>The secret in either base64 alphabet, padded or not. The message of its exception never shows it.</summary>
    public L2Hmac(string secret)
    {
        var text = secret.Replace('-', '+').Replace('_', '/').TrimEnd('=');
        var key = new byte[text.Length];
        if (!Convert.TryFromBase64String(text.PadRight((text.Length + 3) / 4 * 4, '='), key, out var length))
            throw new FormatException("the API secret is not base64");

        _key = key[..length];
    }

    public string Sign(string timestamp, string method, string path, ReadOnlySpan<byte> body)
    {
        var head = Encoding.UTF8.GetByteCount(timestamp) + Encoding.UTF8.GetByteCount(method) + Encoding.UTF8.GetByteCount(path);
        var message = ArrayPool<byte>.Shared.Rent(head + body.Length);
        var length = Encoding.UTF8.GetBytes(timestamp, message);
        length += Encoding.UTF8.GetBytes(method, message.AsSpan(length));
        length += Encoding.UTF8.GetBytes(path, message.AsSpan(length));
        body.CopyTo(message.AsSpan(length));

        Span<byte> mac = stackalloc byte[32];
        HMACSHA256.HashData(_key, message.AsSpan(0, length + body.Length), mac);
        ArrayPool<byte>.Shared.Return(message);
        return string.Create(44, (ReadOnlySpan<byte>)mac, static (text, from) =>
        {
            Convert.TryToBase64Chars(from, text, out _);
            text.Replace('+', '-');
            text.Replace('/', '_');
        });
    }

    public override string ToString() => "hmac (hidden)";
}
