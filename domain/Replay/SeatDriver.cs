using PolyArb.Domain.Edges;
using PolyArb.Domain.Orders;
using PolyArb.Domain.Simulation;

namespace PolyArb.Domain.Replay;

/// <summary>
/// Drives the desks of a simulated day as their grains would: carries out what they decide, tells them what came of it, and keeps their
/// clocks.
/// </summary>
/// <param name="renew">A market's desk may begin anew by these terms.</param>
internal sealed class SeatDriver(SimulatedGateway gateway, CaptureCurve curve, Agenda<Action<Instant>> agenda, Action<Market> renew)
{
    private static readonly TimeSpan TickEvery = TimeSpan.FromMilliseconds(250);
    private static readonly TimeSpan MarkEvery = TimeSpan.FromMilliseconds(250);

    /// <summary>Told of every decision, in order.</summary>
    public Action<Instant, MarketId, DeskDecision>? Decided { get; set; }

    /// <summary>A new desk's first look at where its market stands.</summary>
    public void Begin(DaySeat seat, Instant now)
    {
        Act(seat, seat.Turn(gateway.News(seat.Listed.Id), now), now);
        Mark(seat, now);
    }

    /// <summary>There may be news of its orders.</summary>
    public void Nudge(DaySeat seat, Instant now)
    {
        var news = News(seat);
        if (news.Version != seat.Desk.Version || news.Flattening != seat.Desk.Flattening || seat.Desk.IsAsking) Act(seat, seat.Turn(news, now), now);
    }

    /// <summary>Carries a decision out, and whatever the desk decides on hearing the answer.</summary>
    public void Act(DaySeat seat, DeskDecision? decision, Instant now)
    {
        while (decision is not null)
        {
            Decided?.Invoke(now, seat.Listed.Id, decision);
            var answer = Answer(seat, decision, now);
            decision = seat.Turn(answer, now);
            if (answer is not DeskInput.Sent) continue;

            decision ??= seat.Turn(News(seat), now);
            Mark(seat, now); // Before the fills, which would be without a bid.
        }

        if (now >= seat.NextMark) Mark(seat, now);
        seat.Look(now);
        Tick(seat, now);
    }

    private DeskInput.News News(DaySeat seat)
    {
        var news = gateway.News(seat.Listed.Id);
        seat.Marks.Hear(news);
        return news;
    }

    private DeskInput Answer(DaySeat seat, DeskDecision decision, Instant now)
    {
        var (market, version) = (seat.Listed.Id, seat.Desk.Version);
        switch (decision)
        {
            case DeskDecision.Propose(var proposal):
                if (proposal is { Purpose: Purpose.Open, Basket: { Style: BasketStyle.Taker, Side: Side.Buy } }) curve.Found(seat, now);
                return gateway.Submit(proposal, now);
            case DeskDecision.Lock locked:
                gateway.Lock(locked, market, version, now);
                return News(seat);
            case DeskDecision.Close closed:
                gateway.Close(closed, market, version, now);
                return News(seat);
            case DeskDecision.Pull(var orders, var why, var isUrgent):
                return gateway.Pull(market, orders, why, isUrgent, now);
            case DeskDecision.SwitchOff:
                return new DeskInput.Drain(true);
            default:
                throw new System.Diagnostics.UnreachableException();
        }
    }

    private void Mark(DaySeat seat, Instant now)
    {
        seat.NextMark = now + MarkEvery;
        if (seat.Marks.Due(now) is { } mark) gateway.Mark(mark, now);
    }

    /// <summary>A clock that only runs while something waits for it: what is held is marked by it too, as it is live.</summary>
    private void Tick(DaySeat seat, Instant now)
    {
        if (seat.IsTicking || !(seat.Desk.MayWaitForTime || seat.Desk.HasStock || seat.Renewal is not null)) return;

        seat.IsTicking = true;
        agenda.Enter(now + TickEvery, at =>
        {
            seat.IsTicking = false;
            if (seat.Renewal is { } listed) renew(listed);
            Act(seat, seat.Desk.WaitsForTime(at) ? seat.Tick(at) : null, at);
        });
    }
}
