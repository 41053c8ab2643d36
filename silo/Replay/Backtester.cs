using System.Diagnostics;
using PolyArb.Config;
using PolyArb.Domain.Ports;
using PolyArb.Domain.Replay;
using PolyArb.Storage;

namespace PolyArb.Silo.Replay;

/// <summary>
/// Replays for the cluster, by the parameters in force on this silo when it is asked. A replay keeps two cores busy, for one reads ahead; one
/// is left to whoever trades here, and where real money is traded none is run without it.
/// </summary>
internal sealed class Backtester(Func<PolyArbOptions> inForce, int cores, TimeProvider time) : IBacktester, IDisposable
{
    private const int CoresOfLiveMin = 3;

    private readonly SemaphoreSlim _places = new(Math.Max(1, (cores - 1) / 2));

    public async Task<BacktestOutcome> Run(BacktestRequest request, Action<BacktestProgress> progress, CancellationToken cancellation)
    {
        var options = inForce();
        if (!options.Runtime.DryRun && !options.Venue.RestUrl.IsLoopback && cores < CoresOfLiveMin)
        {
            return new BacktestOutcome.Failed(
                [$"this silo trades real money on {cores} cores, which a replay would keep busy: run `polyarb-silo --mode backtest` on another machine"], IsUsage: false);
        }

        switch (BacktestSetup.Of(options, request.Changes))
        {
            case BacktestSetup.Invalid(var lines):
                return new BacktestOutcome.Failed(lines, IsUsage: true);
            case BacktestSetup.Ready ready:
                return await Run(request.Events, ready, progress, cancellation);
            default:
                throw new UnreachableException();
        }
    }

    public void Dispose() => _places.Dispose();

    private async Task<BacktestOutcome> Run(string events, BacktestSetup.Ready setup, Action<BacktestProgress> progress, CancellationToken cancellation)
    {
        if (!File.Exists(events)) return new BacktestOutcome.Failed([$"{events}: no such file on the machine that replays"], IsUsage: false);

        try
        {
            await _places.WaitAsync(cancellation);
            try
            {
                return new BacktestOutcome.Done(await SimulateRun.Replay(events, setup, time, progress, cancellation));
            }
            finally
            {
                _places.Release();
            }
        }
        catch (OperationCanceledException)
        {
            return new BacktestOutcome.Canceled();
        }
        catch (StorageException e)
        {
            return new BacktestOutcome.Failed([e.Message], IsUsage: false);
        }
    }
}
