using Orleans.Placement;
using PolyArb.Domain.Ports;
using PolyArb.Domain.Replay;
using PolyArb.Domain.Sweeps;
using PolyArb.Grains.Interfaces;

namespace PolyArb.Grains;

/// <summary>One replay, on whichever silo the cluster gives it. It runs beside the grain's turns, and lives until it is dropped.</summary>
[KeepAlive, RandomPlacement]
public sealed class BacktestGrain(IBacktester backtester) : Grain, IBacktestGrain, IDisposable
{
    /// <summary>Whoever wants it looks several times a second: without a look for so long nobody does any more.</summary>
    private static readonly TimeSpan Forgotten = TimeSpan.FromMinutes(2);

    private readonly CancellationTokenSource _dropped = new();
    private IGrainTimer? _patience;
    private volatile BacktestProgress _progress = BacktestProgress.Waiting;
    private BacktestRequest? _request;
    private Task<BacktestOutcome>? _run;

    public Task Start(BacktestRequest request)
    {
        _request ??= request;
        _run ??= Task.Run(() => backtester.Run(request, progress => _progress = progress, _dropped.Token));
        _patience ??= this.RegisterGrainTimer(Drop, Forgotten, Forgotten);
        return Task.CompletedTask;
    }

    public Task<BacktestState?> State()
    {
        _patience?.Change(Forgotten, Forgotten);
        return Task.FromResult(_run is null ? null : new BacktestState(_progress, _run.IsCompleted));
    }

    public async Task<BacktestOutcome?> Outcome() => _run is { IsCompleted: true } ? await _run : null;

    public async Task<SweepRow?> Row(int outOfSample) =>
        _run is { IsCompleted: true } && await _run is BacktestOutcome.Done(var result) ? SweepRow.Of(_request!.Changes, result, outOfSample) : null;

    public Task Drop()
    {
        _dropped.Cancel();
        DeactivateOnIdle();
        return Task.CompletedTask;
    }

    public void Dispose()
    {
        _dropped.Cancel();
        _dropped.Dispose();
    }
}
