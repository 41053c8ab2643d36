using System.Collections.Immutable;
using PolyArb.Domain.Journal;
using PolyArb.Domain.Orders;
using PolyArb.Domain.Simulation;

namespace PolyArb.Domain.Replay;

/// <summary>The way between gateway and venue: everything takes its latency, and news of the user channel never overtakes older news.</summary>
/// <param name="hear">The user channel's news, when it arrives.</param>
internal sealed class SimulatedLine(SimulatedVenue venue, Agenda<Action<Instant>> agenda, Action<ImmutableArray<OrderEvent>, Instant> hear)
{
    private Instant _userChannelAt; // The last of its news on the way.

    /// <param name="answered">The direct answer, when it arrives.</param>
    public void Send(ImmutableArray<OrderPlaced> orders, Instant now, Action<ImmutableArray<OrderEvent>, Instant> answered) =>
        agenda.Enter(now + venue.OutLatency(), at =>
        {
            ImmutableArray<OrderEvent> answers = [.. orders.Select(order => venue.Arrive(order.Id, order.Intent, at))];
            Listen(at);
            agenda.Enter(at + venue.BackLatency(), back => answered(answers, back));
        });

    public void Cancel(ImmutableArray<OrderId> orders, string why, Instant now) =>
        agenda.Enter(now + venue.OutLatency(), at =>
        {
            ImmutableArray<OrderEvent> canceled = [.. orders.Where(order => venue.Cancel(order, at)).Select(order => new OrderEvent.Canceled(order, why))];
            var told = InOrder(at + venue.BackLatency()); // Behind what matched before.
            if (canceled.Length > 0) agenda.Enter(told, back => hear(canceled, back));
        });

    /// <summary>What the user channel has said goes on its way to us.</summary>
    public void Listen(Instant now)
    {
        if (venue.Told.Count == 0) return;

        ImmutableArray<OrderEvent> news = [.. venue.Told];
        venue.ClearTold();
        agenda.Enter(InOrder(now + venue.BackLatency()), back => hear(news, back));
    }

    private Instant InOrder(Instant at) => _userChannelAt = at > _userChannelAt ? at : _userChannelAt;
}
