using System.Collections.Immutable;
using System.Globalization;
using System.Text.RegularExpressions;
using Microsoft.Data.Sqlite;

namespace PolyArb.Tests.EndToEnd.Soak;

/// <summary>Something the silo told a person: a line of its log that is a warning or worse, or a row of its errors.</summary>
/// <param name="At">Unix milliseconds.</param>
internal sealed partial record Complaint(long At, string Text)
{
    /// <summary>What the log holds against itself; the lines of an exception belong to the line before them.</summary>
    /// <param name="began">The day that the log's times of day are of, or the one before where they are earlier.</param>
    public static IEnumerable<Complaint> InLog(string log, DateTimeOffset began)
    {
        Complaint? open = null;
        foreach (var line in log.Split('\n'))
        {
            var match = LogLine().Match(line);
            if (!match.Success)
            {
                if (open is not null && line.Contains("Exception: ", StringComparison.Ordinal)) open = open with { Text = $"{open.Text} | {line.Trim()}" };
                continue;
            }

            if (open is not null) yield return open;
            open = match.Groups["level"].Value is "WRN" or "ERR" or "FTL"
                ? new Complaint(Moment(match.Groups["time"].Value, began), $"{match.Groups["level"].Value} {match.Groups["text"].Value}")
                : null;
        }

        if (open is not null) yield return open;
    }

    /// <summary>The table `errors` of a journal.</summary>
    public static async Task<ImmutableArray<Complaint>> InJournal(string journal, CancellationToken cancellation)
    {
        await using var database = new SqliteConnection($"Data Source={journal};Mode=ReadOnly;Pooling=False");
        await database.OpenAsync(cancellation);
        await using var command = database.CreateCommand();
        command.CommandText = "SELECT at, \"where\", what FROM errors ORDER BY n";
        await using var rows = await command.ExecuteReaderAsync(cancellation);
        var complaints = ImmutableArray.CreateBuilder<Complaint>();
        while (await rows.ReadAsync(cancellation)) complaints.Add(new Complaint(rows.GetInt64(0) / 1_000, $"errors: {rows.GetString(1)}: {rows.GetString(2)}"));
        return complaints.ToImmutable();
    }

    private static long Moment(string timeOfDay, DateTimeOffset began)
    {
        var time = TimeSpan.ParseExact(timeOfDay, @"hh\:mm\:ss\.fff", CultureInfo.InvariantCulture);
        var local = began.ToLocalTime();
        var day = time < local.TimeOfDay - TimeSpan.FromMinutes(1) ? local.Date.AddDays(1) : local.Date; // Past midnight.
        return new DateTimeOffset(day + time, local.Offset).ToUnixTimeMilliseconds();
    }

    [GeneratedRegex(@"^(?<time>\d\d:\d\d:\d\d\.\d{3}) (?<level>[A-Z]{3}) (?<text>.*)$")]
    private static partial Regex LogLine();
}
