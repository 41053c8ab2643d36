using System.Globalization;
using PolyArb.Simulator.Engine;

namespace PolyArb.Simulator.Api;

/// <summary>Query parameters: one that is missing or empty has the given value, one that cannot be read is refused.</summary>
internal static class QueryRead
{
    public static string? Text(this IQueryCollection query, string name) => query[name].ToString() is { Length: > 0 } text ? text : null;

    public static bool TryNumber(this IQueryCollection query, string name, long missing, out long value)
    {
        value = missing;
        return query.Text(name) is not { } text || long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out value);
    }

    public static bool TryCount(this IQueryCollection query, string name, int missing, out int value)
    {
        value = missing;
        return query.Text(name) is not { } text || int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out value);
    }

    public static bool TryFlag(this IQueryCollection query, string name, out bool? flag)
    {
        flag = query.Text(name) switch
        {
            "true" => true,
            "false" => false,
            _ => null,
        };
        return flag is not null || query.Text(name) is null;
    }

    /// <summary>A decimal with at most six places, in millionths.</summary>
    public static bool TryMicros(this IQueryCollection query, string name, long missing, out long micros)
    {
        micros = missing;
        return query.Text(name) is not { } text || Units.TryMicros(text, out micros);
    }

    /// <summary>An ISO date or time, in Unix milliseconds; without a zone it is UTC.</summary>
    public static bool TryTime(this IQueryCollection query, string name, long missing, out long milliseconds)
    {
        milliseconds = missing;
        if (query.Text(name) is not { } text) return true;
        if (!DateTimeOffset.TryParse(text, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var time)) return false;

        milliseconds = time.ToUnixTimeMilliseconds();
        return true;
    }
}
