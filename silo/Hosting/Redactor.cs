using System.Text;

namespace PolyArb.Silo.Hosting;

/// <summary>
/// Takes this silo's secrets out of whatever leaves it. None is ever written on purpose: this is for the venue that repeats a header,
/// the exception that quotes its input, and the secret that was pasted where it does not belong.
/// </summary>
internal sealed class Redactor
{
    public static readonly Redactor Nothing = new([]);

    private const string Mark = "(not shown)";

    /// <summary>Anything shorter is a word of its own.</summary>
    private const int LengthMin = 8;

    private readonly string[] _secrets;
    private readonly byte[][] _bytes;

    /// <param name="secrets">As they are written; a private key is hidden as base64 as well.</param>
    public Redactor(IEnumerable<string?> secrets)
    {
        _secrets = [.. secrets.OfType<string>().Where(secret => secret.Length >= LengthMin).SelectMany(Forms).Distinct(StringComparer.OrdinalIgnoreCase)];
        _bytes = [.. _secrets.Select(Encoding.UTF8.GetBytes)];
    }

    public string Clean(string text)
    {
        foreach (var secret in _secrets) text = text.Replace(secret, Mark, StringComparison.OrdinalIgnoreCase);
        return text;
    }

    /// <summary>The bytes themselves where there is nothing to hide, else a copy with stars in its place.</summary>
    public ReadOnlySpan<byte> Clean(ReadOnlySpan<byte> text)
    {
        byte[]? copy = null;
        foreach (var secret in _bytes)
        {
            for (int at, from = 0; (at = text[from..].IndexOf(secret)) >= 0; from += at + secret.Length)
            {
                copy ??= text.ToArray();
                copy.AsSpan(from + at, secret.Length).Fill((byte)'*');
            }
        }

        return copy is null ? text : copy;
    }

    private static IEnumerable<string> Forms(string secret)
    {
        yield return secret;
        if (secret.Length != 64 || !secret.All(char.IsAsciiHexDigit)) yield break;

        var base64 = Convert.ToBase64String(Convert.FromHexString(secret)).TrimEnd('=');
        yield return base64;
        yield return base64.Replace('+', '-').Replace('/', '_');
    }
}
