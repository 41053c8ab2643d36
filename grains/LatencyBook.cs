using PolyArb.Domain;

namespace PolyArb.Grains;

/// <summary>The four latencies of an order, in microseconds.</summary>
public enum LatencySeries
{
    RecvToDecision,
    DecisionToSend,
    RecvToSend,
    SendToAck,
}

/// <summary>Latencies of one silo since its start. A ring of samples per series; percentiles when somebody asks.</summary>
public sealed class LatencyBook
{
    private const int SamplesMax = 65_536;
    private readonly Ring[] _rings = [.. Enum.GetValues<LatencySeries>().Select(_ => new Ring())];

    public void Record(LatencySeries series, Instant from, Instant to)
    {
        var ring = _rings[(int)series];
        lock (ring) ring.Add(Math.Max(0, to.Micros - from.Micros));
    }

    /// <summary>Microseconds; zero where nothing was measured.</summary>
    public (long P50, long P99) Percentiles(LatencySeries series)
    {
        var ring = _rings[(int)series];
        lock (ring) return (ring.Percentile(50), ring.Percentile(99));
    }

    private sealed class Ring
    {
        private readonly long[] _samples = new long[SamplesMax];
        private long _count;

        public void Add(long value) => _samples[_count++ % SamplesMax] = value;

        public long Percentile(int percent)
        {
            var count = (int)Math.Min(_count, SamplesMax);
            if (count == 0) return 0;

            var sorted = _samples.AsSpan(0, count).ToArray();
            Array.Sort(sorted);
            return sorted[Math.Min(count - 1, count * percent / 100)];
        }
    }
}
