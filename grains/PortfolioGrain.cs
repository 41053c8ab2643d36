using System.Collections.Immutable;
using Microsoft.Extensions.Logging;
using Orleans.Placement;
using PolyArb.Domain;
using PolyArb.Domain.Risk;
using PolyArb.Grains.Interfaces;

namespace PolyArb.Grains;

/// <summary>
/// Guards the money: one activation, in memory only, one turn a call. What it forgets the gateway's announcement tells it again;
/// until then it refuses. Calls of an older gateway than the one it listens to change nothing.
/// </summary>
[KeepAlive, PreferLocalPlacement]
public sealed partial class PortfolioGrain(TradingRules rules, TimeProvider time, ILogger<PortfolioGrain> logger) : Grain, IPortfolioGrain
{
    private readonly RiskState _state = new(generation: time.Now().Micros);
    private readonly Breakers _breakers = new(rules.Breakers);

    public Task<RiskDecision> Reserve(Proposal proposal)
    {
        var now = time.Now();
        _state.Expire(now);
        return Task.FromResult<RiskDecision>(RiskEngine.Decide(_state, rules.Risk, proposal, now) is { } refusal
            ? new RiskDecision.Refused(refusal)
            : new RiskDecision.Approved(_state.Reserve(proposal, now, rules.Risk.ReservationTtl)));
    }

    public Task<Refusal?> Consume(long gateway, ReservationId reservation) =>
        Task.FromResult(IsCurrent(gateway) ? _state.Consume(reservation, time.Now()) : Refusal.Recovering);

    public Task<bool> SetAside(long gateway, HeldReservation shares)
    {
        _state.Expire(time.Now());
        return Task.FromResult(IsCurrent(gateway) && _state.SetAside(shares));
    }

    public Task Settle(long gateway, ImmutableArray<Settlement> settlements)
    {
        if (!IsCurrent(gateway)) return Task.CompletedTask;

        foreach (var settlement in settlements) _state.Settle(settlement);
        return Task.CompletedTask;
    }

    public Task Release(long gateway, ImmutableArray<ReservationId> reservations)
    {
        if (!IsCurrent(gateway)) return Task.CompletedTask;

        foreach (var reservation in reservations) _state.Release(reservation);
        return Task.CompletedTask;
    }

    public Task FreeSlot(long gateway, BasketId basket)
    {
        if (IsCurrent(gateway)) _state.FreeSlot(basket);
        return Task.CompletedTask;
    }

    public Task TakeSlots(long gateway, ImmutableArray<OpenSlot> open)
    {
        if (!IsCurrent(gateway)) return Task.CompletedTask;

        foreach (var slot in open) _state.TakeSlot(slot);
        return Task.CompletedTask;
    }

    public Task Move(long gateway, TradingState state, long epoch)
    {
        if (IsCurrent(gateway)) _state.Move(state, epoch);
        return Task.CompletedTask;
    }

    public Task<bool> Announce(Announcement announcement)
    {
        if (announcement.Gateway < _state.Gateway) return Task.FromResult(false);

        _state.Accept(announcement);
        LogAnnounced(announcement.Gateway, announcement.Trading, announcement.Epoch, announcement.IsRecovering);
        return Task.FromResult(true);
    }

    public Task<PortfolioCheck> Check(long gateway, GatewaySigns signs)
    {
        EquityPoint? sample = null;
        if (IsCurrent(gateway))
        {
            var now = time.Now();
            _state.Hear(signs);
            _breakers.Hear(signs, _state);
            if (_breakers.Judge(_state, now) is { } why) TripOn(why);
            sample = _state.Sample(now);
        }

        return Task.FromResult(new PortfolioCheck(
            _state.Gateway, _state.Epoch, _state.Trading, _state.IsRecovering, _state.Trip, sample, _state.Trail.Credits));
    }

    public Task Trip(long gateway, string why)
    {
        if (IsCurrent(gateway)) TripOn(why);
        return Task.CompletedTask;
    }

    public Task Mark(MarketMark mark)
    {
        _state.Take(mark);
        _breakers.Hear(mark);
        return Task.CompletedTask;
    }

    public Task<PortfolioView> View() => Task.FromResult(new PortfolioView(
        _state.Trading, _state.Epoch, _state.IsRecovering, _state.Cash, _state.Reserved, _state.Exposure, _state.Realized, [.. _state.Positions])
    {
        Performance = Performance.Of(_state, time.Now()),
    });

    private void TripOn(string why)
    {
        if (_state.Trip is null) LogTripped(why);
        _state.TripOn(why);
    }

    private bool IsCurrent(long gateway) => gateway == _state.Gateway;

    [LoggerMessage(LogLevel.Error, "A breaker tripped: {Why}")]
    private partial void LogTripped(string why);

    [LoggerMessage(LogLevel.Information, "Gateway {Gateway} announced itself: {State}, epoch {Epoch}, recovering {Recovering}")]
    private partial void LogAnnounced(long gateway, TradingState state, long epoch, bool recovering);
}
