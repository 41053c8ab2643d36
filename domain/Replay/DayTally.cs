using System.Collections.Immutable;
using PolyArb.Domain.Orders;

namespace PolyArb.Domain.Replay;

/// <summary>What is counted while a simulated day goes on, and cannot be read off its books at the end.</summary>
internal sealed class DayTally
{
    public const string RecvToDecision = "ws_recv_to_decision";
    public const string DecisionToSend = "decision_to_send";
    public const string SendToAck = "send_to_ack";
    public const string AckToFill = "ack_to_fill";

    private readonly Dictionary<string, List<long>> _latencies = [];
    private readonly Dictionary<string, long> _refusals = [];
    private readonly Dictionary<OrderId, Instant> _acked = []; // Nothing of them has filled yet.

    public EquityCurve Equity { get; } = new();

    public ImmutableArray<CauseCount> Refusals =>
        [.. _refusals.OrderBy(reason => reason.Key, StringComparer.Ordinal).Select(reason => new CauseCount(reason.Key, reason.Value))];

    public ImmutableArray<LatencyRow> Latencies =>
        [.. new[] { RecvToDecision, DecisionToSend, SendToAck, AckToFill }.Where(_latencies.ContainsKey).Select(series => Row(series, _latencies[series]))];

    public void Refused(string reason) => _refusals[reason] = _refusals.GetValueOrDefault(reason) + 1;

    public void Took(string series, TimeSpan span)
    {
        if (!_latencies.TryGetValue(series, out var seen)) _latencies[series] = seen = [];
        seen.Add(span.Ticks / TimeSpan.TicksPerMicrosecond);
    }

    /// <summary>Its answer was heard, and of no fill before.</summary>
    public void Acked(OrderId order, Instant at) => _acked[order] = at;

    /// <summary>The first fill of an order; one that is heard of before its answer took no time.</summary>
    public void Filled(OrderId order, Instant at) => Took(AckToFill, _acked.Remove(order, out var acked) ? at - acked : TimeSpan.Zero);

    private static LatencyRow Row(string series, List<long> seen)
    {
        var sorted = seen.Order().ToArray();
        return new LatencyRow(series, sorted.Length, At(50), At(95), At(99), sorted.Sum() / sorted.Length);

        long At(int percent) => sorted[((sorted.Length * percent) + 99) / 100 - 1];
    }
}
