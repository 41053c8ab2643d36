using System.Diagnostics;
using System.Text.Json;
using PolyArb.Domain.Journal;
using PolyArb.Domain.Replay;
using PolyArb.Polymarket.MarketFeed;
using PolyArb.Silo.CommandLine;
using PolyArb.Storage;

namespace PolyArb.Silo.Replay;

/// <summary>What a verifying replay found.</summary>
/// <param name="Divergence">Null when every decision came out the same.</param>
internal sealed record VerifyReport(
    long Events, double Seconds, long EventsPerSecond, long Turns, long Decisions, string DecisionsDigest, Divergence? Divergence);

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
        var report = new VerifyReport(day.Inputs, seconds, (long)(day.Inputs / seconds), day.Turns, day.Decisions, day.Digest, divergence);
        var json = Json(report);
        Console.WriteLine(json);
        if (arguments.ReportPath is { } file) await File.WriteAllTextAsync(file, json + "\n", cancellation);
        if (divergence is null) return 0;

        Console.Error.WriteLine($"diverged at n {divergence.Sequence}: expected {divergence.Expected}, got {divergence.Actual}");
        return 1;
    }

    /// <summary>The contract's metrics are spelled with underscores, and a missing divergence is said.</summary>
    private static string Json(VerifyReport report) => JsonSerializer.Serialize(report, Snake);
}
