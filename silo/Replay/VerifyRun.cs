using System.Diagnostics;
using System.Text.Json;
using PolyArb.Domain.Journal;
using PolyArb.Domain.Replay;
using PolyArb.Polymarket.MarketFeed;
using PolyArb.Silo.CommandLine;
using PolyArb.Storage;

namespace PolyArb.Silo.Replay;

/// <summary>What a verifying replay found.</summary>
/// <param name="Begin">The number of the first input; above 1 the recording's beginning is missing.</param>
/// <param name="Lost">Inputs that the recorder could not keep.</param>
/// <param name="Uncovered">What could not be played again, and so was not compared.</param>
/// <param name="Divergence">Null when every decision came out the same.</param>
internal sealed record VerifyReport(
    long Events, double Seconds, long EventsPerSecond, long Turns, long Decisions, PortfolioReport Portfolio, long Begin, long Lost, UncoveredReport Uncovered,
    string DecisionsDigest, Divergence? Divergence);

internal sealed record PortfolioReport(long Turns, long Approved, long Refused);

/// <param name="Turns">Of desks.</param>
internal sealed record UncoveredReport(long Turns, string[] Markets, long PortfolioTurns);

/// <summary>Replays a recording by its own turns and compares every decision. Only reads its file, takes no lock.</summary>
internal static class VerifyRun
{
    private static readonly JsonSerializerOptions Snake = new()
    {
        PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower,
        Encoder = DomainJson.Options.Encoder,
    };

    public static async Task<int> Run(SiloArguments.Backtest arguments, CancellationToken cancellation)
    {
        var started = Stopwatch.GetTimestamp();
        var day = new TradingDay(MarketFrame.TryRead);
        await foreach (var line in Recording.Read(arguments.EventsPath, cancellation)) day.Play(line);

        var divergence = day.Divergence;
        if (Recording.BrokenSeal(arguments.EventsPath) is { } broken && (divergence is null || broken <= divergence.Sequence))
            divergence = new Divergence(broken, "the row as it was recorded", "a row that was changed, dropped or moved (its seal does not fit)");

        var seconds = Stopwatch.GetElapsedTime(started).TotalSeconds;
        var report = new VerifyReport(
            day.Inputs, seconds, (long)(day.Inputs / seconds), day.Turns, day.Decisions,
            new PortfolioReport(day.Portfolio.Turns, day.Portfolio.Approved, day.Portfolio.Refused), day.Begin, day.Lost,
            new UncoveredReport(day.Uncovered, [.. day.UncoveredOwners], day.Portfolio.Uncovered), day.Digest, divergence);
        var json = Json(report);
        Console.WriteLine(json);
        if (arguments.ReportPath is { } file) await File.WriteAllTextAsync(file, json + "\n", cancellation);
        if (day.Uncovered + day.Portfolio.Uncovered > 0) await Console.Error.WriteLineAsync(NotCovered(day));
        if (divergence is null) return 0;

        Console.Error.WriteLine($"diverged at n {divergence.Sequence}: expected {divergence.Expected}, got {divergence.Actual}");
        return 1;
    }

    private static string NotCovered(TradingDay day) =>
        $"not covered: {day.Uncovered} turns of {day.UncoveredOwners.Count()} markets and {day.Portfolio.Uncovered} of the portfolio, because "
        + (day.Begin > 1, day.Lost) switch
        {
            (true, > 0) => $"the recording begins at n {day.Begin}, after they were opened, or {day.Lost} inputs were lost",
            (true, _) => $"the recording begins at n {day.Begin}, after they were opened",
            _ => $"{day.Lost} inputs were lost",
        };

    /// <summary>The contract's metrics are spelled with underscores, and a missing divergence is said.</summary>
    private static string Json(VerifyReport report) => JsonSerializer.Serialize(report, Snake);
}
