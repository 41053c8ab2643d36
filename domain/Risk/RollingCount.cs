using System.Collections.Immutable;

namespace PolyArb.Domain.Risk;

/// <summary>How many of something happened within a window that ends now.</summary>
internal sealed class RollingCount(TimeSpan window)
{
    private readonly Queue<(Instant At, int Count)> _counts = new();
    private int _sum;

    public ImmutableArray<Counted> Memory => [.. _counts.Select(seen => new Counted(seen.At, seen.Count))];

    public void Add(Instant at, int count)
    {
        if (count <= 0) return;

        _counts.Enqueue((at, count));
        _sum += count;
    }

    public int At(Instant now)
    {
        while (_counts.TryPeek(out var oldest) && now - oldest.At > window) _sum -= _counts.Dequeue().Count;
        return _sum;
    }

    public void Forget()
    {
        _counts.Clear();
        _sum = 0;
    }
}
