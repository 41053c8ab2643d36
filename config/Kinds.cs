using System.Collections.Immutable;
using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using System.Net;
using PolyArb.Domain;

namespace PolyArb.Config;

/// <summary>The sorts of values the configuration knows. Text becomes an integer without a float on the way.</summary>
internal static class Kinds
{
    private const int RatioDecimals = 6;

    public static readonly Kind<Usd> Dollars = new(
        "must be dollars, 0 or more, at most 6 decimals",
        (string text, out Usd value) => Scaled(text, Usd.Decimals, micros => new Usd(micros), out value),
        value => value.ToString());

    public static readonly Kind<Usd> DollarsAboveZero = Dollars with
    {
        Legal = "must be dollars, more than 0, at most 6 decimals",
        TryRead = (string text, out Usd value) => Dollars.TryRead(text, out value) && value > Usd.Zero,
    };

    /// <summary>Dollars per basket that pays a dollar a share: less than the payout itself.</summary>
    public static readonly Kind<Usd> DollarsPerShare = Dollars with
    {
        Legal = "must be dollars a share, 0 or more and less than 1, at most 6 decimals",
        TryRead = (string text, out Usd value) => Dollars.TryRead(text, out value) && value < Usd.Dollars(1),
    };

    public static readonly Kind<Size> Shares = new(
        "must be shares, 0 or more, at most 6 decimals",
        (string text, out Size value) => Scaled(text, Size.Decimals, micros => new Size(micros), out value),
        value => value.ToString());

    public static readonly Kind<Size> SharesAboveZero = Shares with
    {
        Legal = "must be shares, more than 0, at most 6 decimals",
        TryRead = (string text, out Size value) => Shares.TryRead(text, out value) && value > Size.Zero,
    };

    public static readonly Kind<Price> PriceStep = new(
        "must be a price step, 0 to 1, at most 4 decimals",
        (string text, out Price value) => Scaled(text, Price.Decimals, ticks => new Price((int)long.Min(ticks, int.MaxValue)), out value)
            && value.Ticks <= Price.TicksPerDollar,
        value => value.ToString());

    public static readonly Kind<bool> Flag = new(
        "must be true or false",
        bool.TryParse,
        value => value ? "true" : "false");

    public static readonly Kind<string> FileName = new(
        "must be a path",
        (string text, [MaybeNullWhen(false)] out string value) => (value = text) is not "",
        value => value);

    public static readonly Kind<IPAddress> Address = new(
        "must be an IP address, such as 127.0.0.1",
        IPAddress.TryParse,
        value => value.ToString());

    public static readonly Kind<int> Port = Count(1, 65535) with { Legal = "must be a port, 1 to 65535" };

    public static readonly Kind<ImmutableArray<string>> Names = new(
        "must be a list of names without blanks inside",
        TryReadNames,
        value => string.Join(',', value));

    public static Kind<int> Count(int min, int max) => new(
        $"must be a whole number, {min} to {max}",
        (string text, out int value) => int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out value)
            && value >= min && value <= max,
        value => value.ToString(CultureInfo.InvariantCulture));

    public static Kind<TimeSpan> Millis(int min, int max) => Duration("milliseconds", TimeSpan.TicksPerMillisecond, min, max);

    public static Kind<TimeSpan> Seconds(int min, int max) => Duration("seconds", TimeSpan.TicksPerSecond, min, max);

    public static Kind<TimeSpan> Minutes(int min, int max) => Duration("minutes", TimeSpan.TicksPerMinute, min, max);

    public static Kind<TimeSpan> Days(int min, int max) => Duration("days", TimeSpan.TicksPerDay, min, max);

    /// <summary>A share, rate or factor: never money.</summary>
    public static Kind<decimal> Ratio(int min, int max) => new(
        $"must be a number, {min} to {max}, at most 6 decimals",
        (string text, out decimal value) => Scaled(text, RatioDecimals, millionths => millionths / 1_000_000m, out value)
            && value >= min && value <= max,
        value => value.ToString("0.######", CultureInfo.InvariantCulture));

    /// <summary>Exactly one of the names; upper and lower case are the same.</summary>
    public static Kind<T> OneOf<T>(params (string Name, T Value)[] choices) where T : notnull => new(
        $"must be {string.Join(" or ", choices.Select(choice => choice.Name))}",
        (string text, [MaybeNullWhen(false)] out T value) =>
        {
            foreach (var (name, choice) in choices)
            {
                if (!name.Equals(text, StringComparison.OrdinalIgnoreCase)) continue;

                value = choice;
                return true;
            }

            value = default;
            return false;
        },
        value => choices.First(choice => choice.Value.Equals(value)).Name);

    /// <summary>An absolute address of one of two schemes; the result always ends with a slash.</summary>
    public static Kind<Uri> Url(string scheme, string securedScheme) => new(
        $"must be an absolute {scheme}:// or {securedScheme}:// address without user or query",
        (string text, [MaybeNullWhen(false)] out Uri value) =>
        {
            if (!Uri.TryCreate(text.EndsWith('/') ? text : text + "/", UriKind.Absolute, out value)) return false;
            return (value.Scheme == scheme || value.Scheme == securedScheme)
                && value is { Host: not "", Query: "", Fragment: "", UserInfo: "" };
        },
        value => value.AbsoluteUri);

    public static readonly Kind<OtlpProtocol> Otlp = OneOf(("grpc", OtlpProtocol.Grpc), ("http", OtlpProtocol.Http));

    /// <summary>What <see cref="UrlOrOff"/> makes of off.</summary>
    public static readonly Uri Off = new("off", UriKind.Relative);

    public static readonly Kind<Uri> UrlOrOff = Url("http", "https") with
    {
        Legal = "must be off or an absolute http:// or https:// address without user or query",
        TryRead = (string text, [MaybeNullWhen(false)] out Uri value) =>
        {
            value = Off;
            return text == "off" || Url("http", "https").TryRead(text, out value);
        },
        Write = value => value == Off ? "off" : value.AbsoluteUri,
    };

    private static Kind<TimeSpan> Duration(string unit, long ticks, int min, int max) => new(
        $"must be whole {unit}, {min} to {max}",
        (string text, out TimeSpan value) =>
        {
            var ok = int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var count) && count >= min && count <= max;
            value = TimeSpan.FromTicks(ok ? count * ticks : 0);
            return ok;
        },
        value => (value.Ticks / ticks).ToString(CultureInfo.InvariantCulture));

    private static bool Scaled<T>(string text, int decimals, Func<long, T> make, [MaybeNullWhen(false)] out T value)
    {
        value = default;
        if (!FixedPoint.TryParse(text, decimals, out var scaled)) return false;

        value = make(scaled);
        return true;
    }

    private static bool TryReadNames(string text, out ImmutableArray<string> value)
    {
        value = [];
        if (text is "") return true;

        var names = text.Split(',', StringSplitOptions.TrimEntries);
        if (names.Any(name => name is "" || name.Any(char.IsWhiteSpace))) return false;

        value = [.. names.Distinct()];
        return true;
    }
}
