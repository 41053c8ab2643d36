using BenchmarkDotNet.Reports;

namespace PolyArb.Bench;

/// <summary>One measured number: what it is, in which unit, and how it spread over the runs of one process.</summary>
internal sealed record Figure(string Name, string Unit, double Median, double Min, double Max, int Runs)
{
    /// <summary>Time and allocation of one benchmark.</summary>
    public static IEnumerable<Figure> Of(BenchmarkReport report)
    {
        var name = report.BenchmarkCase.Descriptor.WorkloadMethodDisplayInfo.Trim('\'');
        var parameters = report.BenchmarkCase.Parameters;
        if (parameters.Count > 0) name += $" ({string.Join(", ", parameters.Items.Select(item => item.Value))})";
        if (report.ResultStatistics is not { } times) throw new InvalidOperationException($"{name}: nothing was measured");

        yield return new Figure(name, "us", Micros(times.Median), Micros(times.Min), Micros(times.Max), times.N);

        var bytes = report.GcStats.GetBytesAllocatedPerOperation(report.BenchmarkCase)
            ?? throw new InvalidOperationException($"{name}: allocations were not measured");
        yield return new Figure($"{name}, allocated", "B", bytes, bytes, bytes, 1);
    }

    private static double Micros(double nanoseconds) => Math.Round(nanoseconds / 1_000, 3);
}
