using PolyArb.Domain.Replay;

namespace PolyArb.Report;

/// <summary>What `--report FILE` writes: the page for a name that ends in .html, the metrics for any other.</summary>
public static class ReportFile
{
    public static bool IsPage(string path) => Path.GetExtension(path).ToUpperInvariant() is ".HTML" or ".HTM";

    public static string TextFor(string path, BacktestResult result, VerdictRules rules) =>
        IsPage(path) ? BacktestPage.Of(result, rules) : BacktestMetrics.Of(result, rules).ToJson() + "\n";
}
