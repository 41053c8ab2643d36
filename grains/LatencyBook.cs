using System.Collections.Immutable;
using PolyArb.Domain;
using PolyArb.Grains.Interfaces;

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
        var samples = Sorted(series);
        return (Percentile(samples, 50), Percentile(samples, 99));
    }

    /// <summary>How the samples are spread, in steps of 1, 2 and 5.</summary>
    public LatencyHistogram Histogram(LatencySeries series, string name)
    {
        var samples = Sorted(series);
        var buckets = ImmutableArray.CreateBuilder<LatencyBucket>();
        var (at, upTo) = (0, 10L);
        for (var step = 0; at < samples.Length; step++, upTo = upTo * (step % 3 == 2 ? 5 : 4) / 2)
        {
            var first = at;
            while (at < samples.Length && samples[at] <= upTo) at++;
            if (at > first || buckets.Count > 0) buckets.Add(new LatencyBucket(upTo, at - first));
        }

        return new LatencyHistogram(name, Percentile(samples, 50), Percentile(samples, 99), samples.Length, buckets.ToImmutable());
    }

    private long[] Sorted(LatencySeries series)
    {
        var ring = _rings[(int)series];
        long[] samples;
        lock (ring) samples = ring.Copy();
        Array.Sort(samples); // Whoever records one does not wait for this.
        return samples;
    }

    private static long Percentile(long[] sorted, int percent) =>
        sorted.Length == 0 ? 0 : sorted[Math.Min(sorted.Length - 1, sorted.Length * percent / 100)];

    private sealed class Ring
    {
        private readonly long[] _samples = new long[SamplesMax];
        private long _count;

        public void Add(long value) => _samples[_count++ % SamplesMax] = value;

        public long[] Copy() => _samples.AsSpan(0, (int)Math.Min(_count, SamplesMax)).ToArray();
    }
}
