using PolyArb.Domain.Replay;
using PolyArb.Report;

namespace PolyArb.Silo.Replay;

/// <summary>Says what a backtest came to: the metrics on stdout, and in a file what its name asks for.</summary>
internal static class BacktestOutput
{
    private static readonly VerdictRules Rules = new();

    public static async Task Write(BacktestResult result, string? reportPath, CancellationToken cancellation)
    {
        Console.WriteLine(BacktestMetrics.Of(result, Rules).ToJson());
        if (reportPath is { } file) await File.WriteAllTextAsync(file, ReportFile.TextFor(file, result, Rules), cancellation);
    }
}
