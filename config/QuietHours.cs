using System.Diagnostics.CodeAnalysis;
using System.Globalization;

namespace PolyArb.Config;

/// <summary>The hours of each day in which somebody sleeps; they may span midnight.</summary>
public sealed record QuietHours(TimeOnly From, TimeOnly To, TimeZoneInfo Zone)
{
    private const string Clock = "HH:mm";

    /// <summary>By the zone's clock of that day, summer time included.</summary>
    public bool Contains(DateTimeOffset moment) =>
        TimeOnly.FromDateTime(TimeZoneInfo.ConvertTime(moment, Zone).DateTime).IsBetween(From, To);

    /// <summary>As `22:00-07:00 Europe/Berlin`.</summary>
    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{From:HH:mm}-{To:HH:mm} {Zone.Id}");

    /// <summary>False: not of that form, both times are the same, or this machine does not know the zone.</summary>
    internal static bool TryParse(string text, [MaybeNullWhen(false)] out QuietHours hours)
    {
        hours = null;
        if (text.Split([' ', '-'], 3) is not [var from, var to, var zone]) return false;
        if (!TryTime(from, out var start) || !TryTime(to, out var end) || start == end) return false;
        if (!TimeZoneInfo.TryFindSystemTimeZoneById(zone, out var found)) return false;

        hours = new QuietHours(start, end, found);
        return true;
    }

    private static bool TryTime(string text, out TimeOnly time) =>
        TimeOnly.TryParseExact(text, Clock, CultureInfo.InvariantCulture, DateTimeStyles.None, out time);
}
