using Orleans.Runtime;
using PolyArb.Grains.Interfaces;

namespace PolyArb.Client.Watch;

/// <summary>
/// Looks at a silo twice a second for as long as somebody watches. One that goes away is waited for: it may be restarting.
/// </summary>
/// <param name="connect">Opens a connection, or throws why there is none.</param>
internal sealed class Watching(Func<CancellationToken, Task<SiloConnection>> connect, TimeProvider time) : IAsyncDisposable
{
    private static readonly TimeSpan Every = TimeSpan.FromMilliseconds(500);

    private SiloConnection? _silo;
    private SightReader? _reader;
    private volatile Look? _latest;

    /// <summary>What was seen last, and why it is not newer.</summary>
    public Look Latest => _latest ?? throw new InvalidOperationException("nothing was looked at yet");

    /// <summary>The first look: throws what is in the way of it.</summary>
    public async Task Begin(CancellationToken cancellation)
    {
        _silo = await connect(cancellation);
        _reader = new SightReader(_silo, time);
        _latest = new Look(await _reader.Read(), null);
    }

    public async Task GoOn(CancellationToken cancellation)
    {
        while (!cancellation.IsCancellationRequested)
        {
            await Task.Delay(Every, time, cancellation).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            try
            {
                _reader ??= new SightReader(_silo = await connect(cancellation), time);
                _latest = new Look(await _reader.Read().WaitAsync(cancellation), null);
            }
            catch (OperationCanceledException) when (cancellation.IsCancellationRequested)
            {
                return;
            }
            catch (Exception e) when (e is CommandException or IOException or OperationCanceledException or InvalidOperationException || NoAnswer.Is(e))
            {
                _latest = Latest with { Problem = e is CommandException ? e.Message : $"the silo does not answer ({e.GetType().Name})" };
                await DisposeAsync(); // A silo that was restarted is another one.
            }
        }
    }

    public async ValueTask DisposeAsync()
    {
        var silo = _silo;
        (_silo, _reader) = (null, null);
        if (silo is not null) await silo.DisposeAsync();
    }

    /// <param name="Problem">Null while the silo answers.</param>
    public sealed record Look(Sight Sight, string? Problem);
}
