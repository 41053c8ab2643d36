using System.Collections.Immutable;

namespace PolyArb.Domain.Replay;

/// <summary>A replay that somebody wants.</summary>
/// <param name="Events">A capture or an events.db, as the machine that replays it finds it.</param>
/// <param name="Changes">Parameters that differ from the configuration there.</param>
public sealed record BacktestRequest(string Events, ImmutableArray<NamedText> Changes);

/// <summary>How far a replay has come.</summary>
/// <param name="Events">Recorded inputs played.</param>
/// <param name="Read">Of the recording, in whatever it is measured by; <paramref name="Of"/> is all of it, 0 while nobody knows.</param>
/// <param name="Elapsed">Since it began; zero while it waits for its turn.</param>
public sealed record BacktestProgress(long Events, long Read, long Of, TimeSpan Elapsed)
{
    public static readonly BacktestProgress Waiting = new(0, 0, 0, TimeSpan.Zero);

    public int Percent => Of > 0 ? (int)((Int128)Read * 100 / Of) : 0;

    /// <summary>What it will take still at this pace; null while nobody can say.</summary>
    public TimeSpan? Left => Of > 0 && Read > 0 ? new TimeSpan((long)((Int128)Elapsed.Ticks * Math.Max(0, Of - Read) / Read)) : null;
}

/// <summary>How a replay ended.</summary>
public abstract record BacktestOutcome
{
    private BacktestOutcome()
    {
    }

    public sealed record Done(BacktestResult Result) : BacktestOutcome;

    /// <summary>One line for each thing that is wrong.</summary>
    /// <param name="IsUsage">With what was asked for, not with the file or the machine.</param>
    public sealed record Failed(ImmutableArray<string> Lines, bool IsUsage) : BacktestOutcome;

    public sealed record Canceled : BacktestOutcome;
}
