using System.CommandLine;
using System.Globalization;
using System.Text.Json;
using BenchmarkDotNet.Columns;
using BenchmarkDotNet.Configs;
using BenchmarkDotNet.Diagnosers;
using BenchmarkDotNet.Environments;
using BenchmarkDotNet.Jobs;
using BenchmarkDotNet.Loggers;
using BenchmarkDotNet.Running;
using BenchmarkDotNet.Toolchains.InProcess.Emit;
using Perfolizer.Horology;

namespace PolyArb.Bench;

/// <summary>
/// `quick` and `full`: the figures of often-run parts, measured for seconds or for minutes, in one process, so that ratios hold. The other
/// verbs measure whole programs.
/// </summary>
internal static class Program
{
    private static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.Web) { WriteIndented = true };

    private static Task<int> Main(string[] args)
    {
        var root = new RootCommand("Measures what the other programs do often.")
        {
            Measure("quick", "figures of often-run parts, in a minute or two", Quick, runs: 3),
            Measure("full", "the same, with more runs", Full, runs: 15),
        };
        foreach (var command in MacroCommands.All) root.Add(command);
        return root.Parse(args).InvokeAsync();
    }

    private static Job Quick => Job.Default.WithWarmupCount(6).WithIterationCount(9).WithIterationTime(TimeInterval.FromMilliseconds(120));

    /// <summary>That each still runs, and not how fast.</summary>
    private static Job Once => Job.Default.WithWarmupCount(1).WithIterationCount(1).WithIterationTime(TimeInterval.FromMilliseconds(10));

    private static Job Full => Job.Default.WithWarmupCount(10).WithIterationCount(30).WithIterationTime(TimeInterval.FromMilliseconds(500));

    /// <param name="runs">Of what waits for the disk, each some hundred transactions, and for a grain, each a second.</param>
    private static Command Measure(string name, string description, Job job, int runs)
    {
        var file = new Option<string?>("--json") { HelpName = "FILE", Description = "also write the figures as JSON" };
        var only = new Option<string?>("--only") { HelpName = "TEXT", Description = "only the benchmarks whose class or method holds this text" };
        var isShort = new Option<bool>("--short") { Description = "once each: that it runs, not how fast" };
        var command = new Command(name, description) { file, only, isShort };
        command.SetAction(given => given.GetValue(isShort)
            ? Run(Once, 1, TimeSpan.FromMilliseconds(200), given.GetValue(file), given.GetValue(only))
            : Run(job, runs, TimeSpan.FromSeconds(2), given.GetValue(file), given.GetValue(only)));
        return command;
    }

    private static int Run(Job job, int runs, TimeSpan turns, string? file, string? only)
    {
        var artifacts = Directory.CreateTempSubdirectory("polyarb-bench-");
        var config = ManualConfig.CreateEmpty()
            .AddJob(job.WithRuntime(CoreRuntime.Core10_0).WithToolchain(InProcessEmitToolchain.DontLogOutput))
            .AddDiagnoser(MemoryDiagnoser.Default)
            .AddColumnProvider(DefaultColumnProviders.Instance)
            .AddLogger(NullLogger.Instance)
            .WithArtifactsPath(artifacts.FullName)
            .WithOptions(ConfigOptions.JoinSummary | ConfigOptions.DisableOptimizationsValidator);
        if (only is not null)
        {
            config.AddFilter(new BenchmarkDotNet.Filters.SimpleFilter(one =>
                $"{one.Descriptor.Type.Name}.{one.Descriptor.WorkloadMethod.Name}".Contains(only, StringComparison.OrdinalIgnoreCase)));
        }

        var summaries = BenchmarkRunner.Run(typeof(Program).Assembly, config);
        artifacts.Delete(recursive: true);
        var writes = only is null || nameof(DurableTransactions).Contains(only, StringComparison.OrdinalIgnoreCase);
        var reserves = only is null || nameof(ReserveLoad).Contains(only, StringComparison.OrdinalIgnoreCase);
        var grains = only is null || nameof(MarketTurns).Contains(only, StringComparison.OrdinalIgnoreCase);
        Figure[] figures =
        [
            .. summaries.SelectMany(summary => summary.Reports).SelectMany(Figure.Of),
            .. writes ? DurableTransactions.Measure(runs) : [],
            .. reserves ? ReserveLoad.Measure(runs).GetAwaiter().GetResult() : [],
            .. grains ? MarketTurns.Measure(runs, turns).GetAwaiter().GetResult() : [],
        ];
        if (figures.Length == 0)
        {
            Console.Error.WriteLine($"polyarb-bench: nothing measured{(only is null ? "" : $": no benchmark's name holds '{only}'")}");
            return 1;
        }

        foreach (var figure in figures)
        {
            Console.WriteLine(string.Create(
                CultureInfo.InvariantCulture, $"{figure.Name,-70} {figure.Median,12:0.###} {figure.Unit,-3} [{figure.Min:0.###} .. {figure.Max:0.###}] {figure.Runs} runs"));
        }

        if (file is not null) File.WriteAllText(file, JsonSerializer.Serialize(figures, Json));
        return 0;
    }
}
