using System.Collections.Immutable;
using PolyArb.Domain;
using PolyArb.Grains.Interfaces;

namespace PolyArb.Grains;

/// <summary>The latencies of an order, in microseconds: received, decided, sent, answered, filled.</summary>
public enum LatencySeries
{
    RecvToDecision,
    DecisionToSend,
    RecvToSend,
    SendToAck,
    AckToFill,
}

/// <summary>Latencies of one silo since its start. A ring of samples per series; percentiles when somebody asks.</summary>
/// <param name="heard">Is told of every sample in microseconds, on the way of the order: must neither wait nor allocate.</param>
public sealed class LatencyBook(Action<LatencySeries, long>? heard = null)
{
    private const int SamplesMax = 65_536;
    private readonly Ring[] _rings = [.. Enum.GetValues<LatencySeries>().Select(_ => new Ring())];

    public void Record(LatencySeries series, Instant from, Instant to)
    {
        var micros = Math.Max(0, to.Micros - from.Micros);
        var ring = _rings[(int)series];
        lock (ring) ring.Add(micros);
        heard?.Invoke(series, micros);
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

    /// <summary>What was recorded since so many were: microseconds, as far as they are still kept, and how many there are now.</summary>
    /// <param name="seen">0, then the total of the answer before.</param>
    public (long[] Samples, long Total) Since(LatencySeries series, long seen)
    {
        var ring = _rings[(int)series];
        lock (ring) return (ring.Since(seen), ring.Total);
    }

    private static long Percentile(long[] sorted, int percent) =>
        sorted.Length == 0 ? 0 : sorted[Math.Min(sorted.Length - 1, sorted.Length * percent / 100)];

    private sealed class Ring
    {
        private readonly long[] _samples = new long[SamplesMax];
        private long _count;

        public void Add(long value) => _samples[_count++ % SamplesMax] = value;

        public long Total => _count;

        public long[] Since(long seen)
        {
            var first = Math.Max(seen, _count - SamplesMax);
            var samples = new long[_count - first];
            for (var i = 0; i < samples.Length; i++) samples[i] = _samples[(first + i) % SamplesMax];
            return samples;
        }

        public long[] Copy() => _samples.AsSpan(0, (int)Math.Min(_count, SamplesMax)).ToArray();
    }
}
