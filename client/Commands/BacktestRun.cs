using Orleans.Runtime;
using PolyArb.Domain.Replay;
using PolyArb.Domain.Sweeps;
using PolyArb.Grains.Interfaces;

namespace PolyArb.Client.Commands;

/// <summary>One replay somewhere in the cluster, from its start until it is dropped.</summary>
internal sealed class BacktestRun(SiloConnection silo, BacktestRequest request) : IAsyncDisposable
{
    private const int StartsMax = 3;

    private static readonly TimeSpan LookEvery = TimeSpan.FromMilliseconds(250);

    private readonly IBacktestGrain _grain = silo.Grains.GetGrain<IBacktestGrain>($"{Guid.NewGuid():n}");

    /// <summary>Waits for its end. A replay whose silo died begins anew on another.</summary>
    public async Task End(Action<BacktestProgress> tell, CancellationToken cancellation)
    {
        for (var starts = 0; ;)
        {
            switch (await State())
            {
                case null when starts == StartsMax:
                    throw new CommandException($"the silos that replay {request.Events} keep going away; look at their logs", ExitCode.Failed);
                case null:
                    starts++;
                    await _grain.Start(request);
                    break;
                case { IsOver: true }:
                    return;
                case var state:
                    tell(state.Progress);
                    await Task.Delay(LookEvery, cancellation);
                    break;
            }
        }
    }

    /// <summary>What it came to; throws what is wrong with file or request.</summary>
    public async Task<BacktestResult> Result() => await _grain.Outcome() switch
    {
        BacktestOutcome.Done(var result) => result,
        BacktestOutcome.Failed(var lines, var isUsage) => throw new CommandException(string.Join('\n', lines), isUsage ? ExitCode.Usage : ExitCode.Failed),
        _ => throw new CommandException("the replay was dropped on the silo", ExitCode.Failed),
    };

    /// <summary>The same in one row.</summary>
    /// <param name="outOfSample">In millionths of the recorded time.</param>
    public async Task<SweepRow> Row(int outOfSample) => await _grain.Row(outOfSample) ?? SweepRow.Of(request.Changes, await Result(), outOfSample);

    /// <summary>Also after Ctrl-C: nobody wants the rest of it. A silo that does not hear it drops it by itself.</summary>
    public async ValueTask DisposeAsync()
    {
        try
        {
            await _grain.Drop();
        }
        catch (Exception e) when (NoAnswer.Is(e))
        {
            // What became of the replay has been said already.
        }
    }

    /// <summary>A silo that dies answers nothing at first.</summary>
    private async Task<BacktestState?> State()
    {
        try
        {
            return await _grain.State();
        }
        catch (OrleansException)
        {
            return null;
        }
    }
}
