using PolyArb.Domain;
using PolyArb.Domain.Ports;
using PolyArb.Storage;

namespace PolyArb.Silo.Hosting;

/// <summary>The recorder, with a count of the market frames that passed. The user channel names our API key in every frame: it is kept as stars.</summary>
internal sealed class CountingTap(SqliteRecorder recorder, Redactor redactor) : IFrameTap
{
    private long _frames;

    public long MarketFrames => Interlocked.Read(ref _frames);

    public long Lost => recorder.Lost;

    public long Horizon => recorder.Horizon;

    public long Take(InputKind kind, string connection, ReadOnlySpan<byte> text, Instant at)
    {
        if (kind is InputKind.Market) Interlocked.Increment(ref _frames);
        return recorder.Take(kind, connection, kind is InputKind.User ? redactor.Clean(text) : text, at);
    }

    public long Take(InputKind kind, string connection, Func<string> text, int bytes, Instant at) => recorder.Take(kind, connection, text, bytes, at);
}
