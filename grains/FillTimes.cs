using PolyArb.Domain;
using PolyArb.Domain.Orders;

namespace PolyArb.Grains;

/// <summary>
/// How long after the venue's answer the first fill of an order is heard of. A fill that overtakes the answer took no time; one whose
/// answer nobody heard, in this life, is not measured.
/// </summary>
internal sealed class FillTimes(LatencyBook latencies)
{
    private readonly Dictionary<OrderId, Instant> _answered = []; // Nothing of them has filled yet.

    public void Hear(BlotterChange change, Instant now)
    {
        var (before, after) = (change.Before, change.After);
        if (before.Fills.IsEmpty && !after.Fills.IsEmpty)
        {
            var isAnswered = _answered.Remove(after.Id, out var at);
            if (isAnswered || before.State is OrderState.InFlight) latencies.Record(LatencySeries.AckToFill, isAnswered ? at : now, now);
        }
        else if (after.IsClosed && after.Matched == Size.Zero)
        {
            _answered.Remove(after.Id);
        }
        else if (before.State is OrderState.InFlight && after.State is not (OrderState.InFlight or OrderState.Unanswered))
        {
            _answered[after.Id] = now;
        }
    }
}
