using System.Collections.Concurrent;
using System.Diagnostics;
using PolyArb.Grains;

namespace PolyArb.Bench;

/// <summary>How long the silo's own spans take while somebody listens: what an order waits for, part by part.</summary>
internal sealed class SpanTimes : IDisposable
{
    private readonly ConcurrentQueue<(string Name, double Micros)> _spans = new();
    private readonly ActivityListener _listener;

    public SpanTimes()
    {
        _listener = new ActivityListener
        {
            ShouldListenTo = source => source.Name == Tracing.Name,
            Sample = (ref ActivityCreationOptions<ActivityContext> _) => ActivitySamplingResult.PropagationData,
            ActivityStopped = span => _spans.Enqueue((span.OperationName, span.Duration.TotalMicroseconds)),
        };
        ActivitySource.AddActivityListener(_listener);
    }

    public IEnumerable<double> Of(string name) => _spans.Where(span => span.Name == name).Select(span => span.Micros);

    public void Dispose() => _listener.Dispose();
}
