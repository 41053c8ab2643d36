using System.Globalization;
using PolyArb.Domain;
using PolyArb.Domain.Edges;

namespace PolyArb.Dashboard;

/// <summary>Numbers and times as people read them. Integers all the way.</summary>
internal static class Show
{
    public const string Nothing = "–";

    /// <summary>"$1,234.57": half a cent goes up. With more decimals where they are asked for, as of an edge.</summary>
    public static string Money(Usd usd, int decimals = 2)
    {
        var unit = 1L;
        for (var i = decimals; i < Usd.Decimals; i++) unit *= 10;
        var scaled = Math.DivRem(Math.Abs(usd.Micros) + unit / 2, unit).Quotient;
        var whole = 1_000_000 / unit;
        var sign = usd.Micros < 0 && scaled > 0 ? "-" : "";
        var fraction = decimals == 0 ? "" : "." + (scaled % whole).ToString(CultureInfo.InvariantCulture).PadLeft(decimals, '0');
        return $"{sign}${(scaled / whole).ToString("N0", CultureInfo.InvariantCulture)}{fraction}";
    }

    public static string Money(Usd? usd, int decimals = 2) => usd is { } known ? Money(known, decimals) : Nothing;

    /// <summary>The same with a plus, where the sign is the news.</summary>
    public static string Signed(Usd? usd, int decimals = 2) => usd is { } known ? (known.Micros > 0 ? "+" : "") + Money(known, decimals) : Nothing;

    public static string Sign(Usd? usd) => usd?.Micros switch { > 0 => "gain", < 0 => "loss", _ => "" };

    public static string Kind(BasketKind kind) => kind switch
    {
        BasketKind.Pair => "pair",
        BasketKind.No => "NO tokens",
        BasketKind.AllYes => "all YES",
        BasketKind.Excess => "excess",
        _ => throw new System.Diagnostics.UnreachableException(),
    };

    public static string Count(long count) => count.ToString("N0", CultureInfo.InvariantCulture);

    /// <summary>Down to hundredths, the venue's grid.</summary>
    public static string Shares(Size size)
    {
        var hundredths = size.Micros / 10_000;
        return $"{(hundredths / 100).ToString("N0", CultureInfo.InvariantCulture)}{(hundredths % 100 == 0 ? "" : "." + Math.Abs(hundredths % 100).ToString("00", CultureInfo.InvariantCulture))}";
    }

    /// <summary>In cents, as the venue's own pages have it.</summary>
    public static string Cents(Price price) => FixedPoint.Format(price.Ticks, 2) + "¢";

    public static string Time(Instant at) => at.ToDateTimeOffset().ToString("HH:mm:ss", CultureInfo.InvariantCulture);

    public static string Date(Instant at) => at.ToDateTimeOffset().ToString("yyyy-MM-dd HH:mm:ss", CultureInfo.InvariantCulture);

    public static string Length(TimeSpan span) => span switch
    {
        { TotalSeconds: < 1 } => "now",
        { TotalMinutes: < 1 } => $"{span.Seconds} s",
        { TotalHours: < 1, Seconds: 0 } => $"{span.Minutes} min",
        { TotalHours: < 1 } => $"{span.Minutes} min {span.Seconds} s",
        { TotalDays: < 1 } => $"{span.Hours} h {span.Minutes} min",
        _ => $"{(int)span.TotalDays} d {span.Hours} h",
    };

    /// <summary>Microseconds.</summary>
    public static string Micros(long micros) => micros switch
    {
        0 => Nothing,
        < 1_000 => $"{micros} µs",
        < 1_000_000 => FixedPoint.Format(micros / 10, 2) + " ms",
        _ => FixedPoint.Format(micros / 10_000, 2) + " s",
    };

    /// <summary>The beginning of an id, which is enough to tell it from others.</summary>
    public static string Short(string id) => id.Length > 14 ? id[..12] + "…" : id;

    public static string Short(object id) => Short(id.ToString() ?? "");
}
