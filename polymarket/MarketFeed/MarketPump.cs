using System.Collections.Immutable;
using System.Diagnostics.CodeAnalysis;
using System.Threading.Channels;
using Microsoft.Extensions.Logging;
using PolyArb.Domain;
using PolyArb.Domain.Books;
using PolyArb.Domain.Ports;

namespace PolyArb.Polymarket.MarketFeed;

/// <summary>
/// One market's queue to its grain for one session: bounded, one awaited call in flight. A slow grain gets larger batches,
/// not more calls. Full means stale, stale means start over.
/// </summary>
internal sealed partial class MarketPump : IDisposable
{
    public const int WaitingMax = 4_096;
    public const int BatchMax = 256;

    private readonly Channel<FeedInput> _waiting = Channel.CreateBounded<FeedInput>(new BoundedChannelOptions(WaitingMax) { SingleReader = false });
    private readonly CancellationTokenSource _ended = new();
    private readonly Func<long, ImmutableArray<FeedInput>, Task<FeedAnswer>> _deliver;
    private readonly IPumpOwner _owner;
    private readonly FeedLoad _load;
    private readonly ILogger _logger;

    public MarketPump(
        Market market, long session, Func<long, ImmutableArray<FeedInput>, Task<FeedAnswer>> deliver, IPumpOwner owner, FeedLoad load, ILogger logger)
    {
        (Market, Session, _deliver, _owner, _load, _logger) = (market, session, deliver, owner, load, logger);
    }

    public Market Market { get; }

    public long Session { get; }

    /// <summary>Never waits; false when this queue or all of them are full. Callers hold their socket's lock, so the order is the recorder's.</summary>
    public bool TryPost(FeedInput input)
    {
        if (input.Gap is not null) _load.Add();
        else if (!_load.TryAdd()) return false;

        if (_waiting.Writer.TryWrite(input)) return true;

        _load.Remove();
        return false;
    }

    /// <summary>Throws away what waits: the books are stale anyway.</summary>
    public void Drain()
    {
        while (TryTake(out _))
        {
        }
    }

    public void End()
    {
        _waiting.Writer.TryComplete();
        _ended.Cancel();
        Drain();
    }

    public void Dispose() => _ended.Dispose();

    /// <summary>Delivers until ended or Gone. Off the socket's thread from its first step.</summary>
    public async Task Run()
    {
        await Task.Yield();
        var batch = ImmutableArray.CreateBuilder<FeedInput>(); // Grows with what comes: most markets are never busy.
        try
        {
            while (await _waiting.Reader.WaitToReadAsync(_ended.Token))
            {
                while (batch.Count < BatchMax && TryTake(out var input)) batch.Add(input);
                if (batch.Count == 0) continue; // Drained meanwhile.

                var inputs = SinceGap(batch);
                batch.Clear();
                if (!await Deliver(inputs)) return;
            }
        }
        catch (OperationCanceledException)
        {
            // Ended.
        }
    }

    private bool TryTake([MaybeNullWhen(false)] out FeedInput input)
    {
        if (!_waiting.Reader.TryRead(out input)) return false;

        _load.Remove();
        return true;
    }

    /// <summary>What stands before a gap is worth nothing after it; a replay drops it as well.</summary>
    private static ImmutableArray<FeedInput> SinceGap(ImmutableArray<FeedInput>.Builder batch)
    {
        var inputs = batch.ToImmutable();
        for (var i = inputs.Length - 1; i > 0; i--)
        {
            if (inputs[i].Gap is not null) return inputs.RemoveRange(0, i);
        }

        return inputs;
    }

    /// <summary>False when the session is gone. The deadline is the grain call's own: a second call beside it would reorder.</summary>
    private async Task<bool> Deliver(ImmutableArray<FeedInput> inputs)
    {
        try
        {
            switch (await _deliver(Session, inputs))
            {
                case FeedAnswer.Gone:
                    LogGone(Market.Id, Session);
                    _owner.Gone(this);
                    return false;

                case FeedAnswer.Resync:
                    _owner.Resync(this);
                    return true;

                default:
                    return true;
            }
        }
        catch (Exception e)
        {
            LogLost(Market.Id, inputs.Length, e.Message);
            _owner.Lost(this, "delivery failed"); // A call that failed may or may not have been applied.
            return true;
        }
    }

    [LoggerMessage(LogLevel.Warning, "Lost {Count} inputs of {Market} on their way to it: {Why}")]
    private partial void LogLost(MarketId market, int count, string why);

    [LoggerMessage(LogLevel.Debug, "Market {Market} has left session {Session}")]
    private partial void LogGone(MarketId market, long session);
}
