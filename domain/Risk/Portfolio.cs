using System.Diagnostics;

namespace PolyArb.Domain.Risk;

/// <summary>How a portfolio begins.</summary>
/// <param name="Generation">Its reservations carry it: those of another life are nobody's.</param>
/// <param name="Memory">Of the life before it in the same process; null for a first one.</param>
public sealed record PortfolioOpened(long Generation, RiskLimits Limits, BreakerPolicy Breakers, PortfolioMemory? Memory = null);

/// <summary>
/// Guards the money: limits, breakers and what is set aside, one call at a time. Driven by calls and their clocks alone, live and in
/// replay. Calls of an older gateway than the one it listens to change nothing.
/// </summary>
public sealed class Portfolio
{
    private readonly RiskLimits _limits;
    private readonly Breakers _breakers;

    public Portfolio(PortfolioOpened opened)
    {
        _limits = opened.Limits;
        _breakers = new Breakers(opened.Breakers);
        State = new RiskState(opened.Generation);
        if (opened.Memory is not { } memory) return;

        State.Remember(memory);
        _breakers.Remember(memory.Breakers);
    }

    public RiskState State { get; }

    /// <summary>For the next life: with it and the gateway's announcement that one is as this one is, but for what was promised and not consumed.</summary>
    public PortfolioMemory Memory => new(State.Trail.ToHistory(), State.Marks, _breakers.Memory);

    /// <summary>Null where the caller is told nothing.</summary>
    public PortfolioAnswer? Serve(PortfolioCall call, Instant now)
    {
        switch (call)
        {
            case PortfolioCall.Reserve(var proposal):
                return new PortfolioAnswer.Decided(Decide(proposal, now));

            case PortfolioCall.Consume(var gateway, var reservation):
                return new PortfolioAnswer.Consumed(IsCurrent(gateway) ? State.Consume(reservation, now) : Refusal.Recovering);

            case PortfolioCall.SetAside(var gateway, var shares):
                State.Expire(now);
                return new PortfolioAnswer.HeldAside(IsCurrent(gateway) && State.SetAside(shares));

            case PortfolioCall.Announce(var announcement):
                return new PortfolioAnswer.Announced(Accept(announcement));

            case PortfolioCall.Check(var gateway, var signs):
                return new PortfolioAnswer.Checked(Check(gateway, signs, now));

            case PortfolioCall.Mark(var bids):
                State.Take(bids);
                _breakers.Hear(bids);
                return null;

            case PortfolioCall.Settle(var gateway, var settlements) when IsCurrent(gateway):
                foreach (var settlement in settlements) State.Settle(settlement);
                return null;

            case PortfolioCall.Release(var gateway, var reservations) when IsCurrent(gateway):
                foreach (var reservation in reservations) State.Release(reservation);
                return null;

            case PortfolioCall.FreeSlot(var gateway, var basket) when IsCurrent(gateway):
                State.FreeSlot(basket);
                return null;

            case PortfolioCall.TakeSlots(var gateway, var open) when IsCurrent(gateway):
                foreach (var slot in open) State.TakeSlot(slot);
                return null;

            case PortfolioCall.Move(var gateway, var state, var epoch) when IsCurrent(gateway):
                State.Move(state, epoch);
                return null;

            case PortfolioCall.Trip(var gateway, var why) when IsCurrent(gateway):
                State.TripOn(why);
                return null;

            case PortfolioCall.Settle or PortfolioCall.Release or PortfolioCall.FreeSlot or PortfolioCall.TakeSlots or PortfolioCall.Move or PortfolioCall.Trip:
                return null; // Of a gateway that has been replaced.

            default:
                throw new UnreachableException($"a portfolio is not asked {call}");
        }
    }

    private RiskDecision Decide(Proposal proposal, Instant now)
    {
        State.Expire(now);
        return RiskEngine.Decide(State, _limits, proposal, now) is { } refusal
            ? new RiskDecision.Refused(refusal)
            : new RiskDecision.Approved(State.Reserve(proposal, now, _limits.ReservationTtl));
    }

    private bool Accept(Announcement announcement)
    {
        if (announcement.Gateway < State.Gateway) return false;

        State.Accept(announcement);
        return true;
    }

    private PortfolioCheck Check(long gateway, GatewaySigns signs, Instant now)
    {
        EquityPoint? sample = null;
        if (IsCurrent(gateway))
        {
            State.Hear(signs);
            _breakers.Hear(signs, State);
            if (_breakers.Judge(State, now) is { } why) State.TripOn(why);
            sample = State.Sample(now);
        }

        return new PortfolioCheck(State.Gateway, State.Epoch, State.Trading, State.IsRecovering, State.Trip, sample, State.Trail.Credits);
    }

    private bool IsCurrent(long gateway) => gateway == State.Gateway;
}
