using System.Collections.Immutable;

namespace PolyArb.Silo.CommandLine;

public enum ReplayKind
{
    /// <summary>The fill and latency models play the venue.</summary>
    Simulate,

    /// <summary>Recorded turns are replayed and must decide the same.</summary>
    Verify,
}

/// <summary>What the silo was asked to do.</summary>
public abstract record SiloArguments
{
    private SiloArguments()
    {
    }

    /// <summary>A silo on the configured venue, live or paper.</summary>
    /// <param name="IsLive">--mode live was written out: it beats BOT_MODE and runtime.mode.</param>
    public sealed record Run(string ConfigPath, string DataDirectory, bool IsLive) : SiloArguments;

    /// <summary>A silo on a local exchange of its own.</summary>
    /// <param name="DataDirectory">Must be new or empty; null: a fresh temporary one.</param>
    /// <param name="Length">Null: until Ctrl-C.</param>
    /// <param name="Scenario">A name or a file; null: the exchange's default.</param>
    /// <param name="ExchangePort">Null: a free one.</param>
    public sealed record Demo(
        string? DataDirectory, long Seed, TimeSpan? Length, string? ReportPath, string? FaultsPath, string? Scenario, int? ExchangePort) : SiloArguments;

    /// <summary>One replay of recorded events.</summary>
    public sealed record Backtest(
        string ConfigPath, string EventsPath, string? ReportPath, ImmutableArray<(string Key, string Text)> Set, ReplayKind Replay)
        : SiloArguments;

    public static SiloArgumentsResult Parse(IReadOnlyList<string> args) => new SiloCommandLine().Parse(args);
}
