using System.Globalization;
using System.Text.Json;
using PolyArb.Domain;

namespace PolyArb.Polymarket.Json;

/// <summary>The venue's scalars, which come as text or as numbers (protocol sheet C-3), straight from UTF-8.</summary>
internal static class JsonText
{
    /// <summary>The bytes of a string or a number; empty for null. Throws FormatException for anything else.</summary>
    public static ReadOnlySpan<byte> Scalar(scoped ref Utf8JsonReader reader) => reader.TokenType switch
    {
        JsonTokenType.String or JsonTokenType.PropertyName => reader.ValueIsEscaped ? Unescaped(ref reader) : reader.ValueSpan,
        JsonTokenType.Number => reader.ValueSpan,
        JsonTokenType.Null => default,
        _ => throw new FormatException($"text or number expected, got {reader.TokenType}"),
    };

    public static Price Price(ReadOnlySpan<byte> text) =>
        Domain.Price.TryParse(text, out var price) ? price : throw new FormatException("not a price");

    /// <summary>To the nearest ten-thousandth: trade prices are derived ratios with more digits than the tick (5.2).</summary>
    public static Price NearestPrice(ReadOnlySpan<byte> text)
    {
        if (!TryNearest(text, Domain.Price.Decimals, out var ticks) || ticks > Domain.Price.TicksPerDollar)
            throw new FormatException("not a price");

        return new Price((int)ticks);
    }

    public static Size Size(ReadOnlySpan<byte> text) =>
        Domain.Size.TryParse(text, out var size) ? size : throw new FormatException("not a size");

    public static Side Side(ReadOnlySpan<byte> text)
    {
        if (System.Text.Ascii.EqualsIgnoreCase(text, "BUY"u8)) return Domain.Side.Buy;
        if (System.Text.Ascii.EqualsIgnoreCase(text, "SELL"u8)) return Domain.Side.Sell;
        throw new FormatException("not a side");
    }

    /// <summary>
    /// A venue time as microseconds of Unix time: seconds, milliseconds or nanoseconds told apart by magnitude, or ISO text
    /// (C-20). Zero when there is none.
    /// </summary>
    public static Instant Time(ReadOnlySpan<byte> text)
    {
        if (text.IsEmpty) return default;

        if (FixedPoint.TryParse(text, decimals: 0, out var number) || long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out number))
        {
            return number switch
            {
                < 100_000_000_000 => new Instant(number * 1_000_000),
                < 100_000_000_000_000 => new Instant(number * 1_000),
                < 100_000_000_000_000_000 => new Instant(number),
                _ => new Instant(number / 1_000),
            };
        }

        if (text.Length > 64) throw new FormatException("not a time");

        Span<char> chars = stackalloc char[text.Length];
        for (var i = 0; i < text.Length; i++) chars[i] = (char)text[i];
        return DateTimeOffset.TryParse(chars, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var time)
            ? Instant.From(time)
            : throw new FormatException("not a time");
    }

    /// <summary>Decimal text with any number of digits after the point, rounded half up to so many.</summary>
    public static bool TryNearest(ReadOnlySpan<byte> text, int decimals, out long scaled)
    {
        var point = text.IndexOf((byte)'.');
        if (point < 0 || text.Length - point - 1 <= decimals) return FixedPoint.TryParse(text, decimals, out scaled);

        if (!FixedPoint.TryParse(text[..(point + 1 + decimals)], decimals, out scaled)) return false;

        var rest = text[(point + 1 + decimals)..];
        if (rest.ContainsAnyExceptInRange((byte)'0', (byte)'9')) return false;

        if (rest[0] >= (byte)'5') scaled++;
        return true;
    }

    private static byte[] Unescaped(scoped ref Utf8JsonReader reader)
    {
        var bytes = new byte[reader.ValueSpan.Length];
        return bytes[..reader.CopyString(bytes)];
    }
}
