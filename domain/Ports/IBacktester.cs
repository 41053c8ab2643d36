using PolyArb.Domain.Replay;

namespace PolyArb.Domain.Ports;

/// <summary>Replays recordings on this machine, a few at a time, behind everything else that runs on it.</summary>
public interface IBacktester
{
    /// <summary>Ends when the replay has. Never throws for what is wrong with file or request.</summary>
    /// <param name="progress">Told now and then, from any thread.</param>
    Task<BacktestOutcome> Run(BacktestRequest request, Action<BacktestProgress> progress, CancellationToken cancellation);
}
