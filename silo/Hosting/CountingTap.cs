using PolyArb.Domain;
using PolyArb.Domain.Ports;
using PolyArb.Storage;

namespace PolyArb.Silo.Hosting;

/// <summary>The recorder, with a count of the market frames that passed.</summary>
internal sealed class CountingTap(SqliteRecorder recorder) : IFrameTap
{
    private long _frames;

    public long MarketFrames => Interlocked.Read(ref _frames);

    public long Take(InputKind kind, string connection, ReadOnlySpan<byte> text, Instant at)
    {
        if (kind is InputKind.Market) Interlocked.Increment(ref _frames);
        return recorder.Take(kind, connection, text, at);
    }
}
