using PolyArb.Domain;
using PolyArb.Domain.Ports;

namespace PolyArb.Silo.Hosting;

/// <summary>Gives out numbers: `recorder.enabled` is off.</summary>
internal sealed class NothingKept : IFrameTap
{
    private long _last;

    public bool IsKept => false;

    public long Take(InputKind kind, string connection, ReadOnlySpan<byte> text, Instant at) => Interlocked.Increment(ref _last);

    public long Take(InputKind kind, string connection, Func<string> text, int bytes, Instant at) => Interlocked.Increment(ref _last);
}
