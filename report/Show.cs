using System.Globalization;
using PolyArb.Domain;

namespace PolyArb.Report;

/// <summary>Figures as people read them: rounded, with separators and units.</summary>
internal static class Show
{
    /// <summary>To the cent from ten dollars on, else to a hundredth of a cent.</summary>
    public static string Money(Usd usd)
    {
        var decimals = Math.Abs(usd.Micros) >= 10_000_000 ? 2 : 4;
        var text = Rounded(Math.Abs(usd.Micros), Usd.Decimals, decimals);
        for (; decimals > 2 && text.EndsWith('0'); decimals--) text = text[..^1];
        return usd < Usd.Zero ? $"−${text}" : $"${text}";
    }

    public static string Count(long count) => count.ToString("N0", CultureInfo.InvariantCulture);

    public static string Count(long count, string one, string many) => count == 1 ? $"1 {one}" : $"{Count(count)} {many}";

    /// <summary>One decimal.</summary>
    public static string Percent(Share? share, string none = "–") => share is { } known
        ? $"{(known < Share.Zero ? "−" : "")}{Rounded(Math.Abs(known.Millionths), 4, 1)} %"
        : none;

    public static string Micros(long micros) => micros switch
    {
        < 1_000 => $"{micros} µs",
        < 2_000_000 => $"{Trimmed(Rounded(micros, 3, 1))} ms",
        _ => $"{Trimmed(Rounded(micros, 6, 1))} s",
    };

    public static string Span(TimeSpan span) => span.TotalDays switch
    {
        >= 2 => $"{Trimmed(Rounded(span.Ticks / (TimeSpan.TicksPerDay / 100), 2, 1))} days",
        _ when span.TotalHours >= 2 => $"{Trimmed(Rounded(span.Ticks / (TimeSpan.TicksPerHour / 100), 2, 1))} h",
        _ when span.TotalMinutes >= 2 => $"{Trimmed(Rounded(span.Ticks / (TimeSpan.TicksPerMinute / 100), 2, 1))} min",
        _ => Micros(span.Ticks / TimeSpan.TicksPerMicrosecond),
    };

    public static string Moment(Instant at) => at.ToDateTimeOffset().ToString("yyyy-MM-dd HH:mm:ss 'UTC'", CultureInfo.InvariantCulture);

    /// <summary>Half goes away from zero; not negative.</summary>
    private static string Rounded(long scaled, int decimals, int shown)
    {
        var unit = 1L;
        for (var i = shown; i < decimals; i++) unit *= 10;

        var rounded = (scaled + unit / 2) / unit;
        var one = 1L;
        for (var i = 0; i < shown; i++) one *= 10;

        var fraction = (rounded % one).ToString(CultureInfo.InvariantCulture).PadLeft(shown, '0');
        return $"{Count(rounded / one)}.{fraction}";
    }

    private static string Trimmed(string text) => text.EndsWith(".0", StringComparison.Ordinal) ? text[..^2] : text;
}
