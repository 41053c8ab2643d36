using Orleans.Concurrency;
using PolyArb.Domain.Replay;
using PolyArb.Domain.Sweeps;

namespace PolyArb.Grains.Interfaces;

/// <summary>One replay of a recording. Key: a name that whoever wants it makes up, one for each replay.</summary>
[Alias("PolyArb.IBacktestGrain")]
public interface IBacktestGrain : IGrainWithStringKey
{
    /// <summary>Begins, and returns at once. Idempotent.</summary>
    [Alias("Start")]
    Task Start(BacktestRequest request);

    /// <summary>Where it is; null when nothing of that name runs or ran here (its silo may have died): start it again.</summary>
    [ReadOnly, AlwaysInterleave, Alias("State")]
    Task<BacktestState?> State();

    /// <summary>All of what it came to; null before its end.</summary>
    [ReadOnly, AlwaysInterleave, Alias("Outcome")]
    Task<BacktestOutcome?> Outcome();

    /// <summary>The same in one row of a sweep; null where there is no result.</summary>
    /// <param name="outOfSample">What part of the recorded time, at its end, is kept out of the choice, in millionths; 0 for none.</param>
    [ReadOnly, AlwaysInterleave, Alias("Row")]
    Task<SweepRow?> Row(int outOfSample);

    /// <summary>Ends it, if it runs, and forgets it.</summary>
    [AlwaysInterleave, Alias("Drop")]
    Task Drop();
}

/// <param name="IsOver">There is an outcome.</param>
public sealed record BacktestState(BacktestProgress Progress, bool IsOver);
