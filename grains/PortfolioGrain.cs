using System.Collections.Immutable;
using System.Diagnostics.CodeAnalysis;
using Microsoft.Extensions.Logging;
using PolyArb.Domain;
using PolyArb.Domain.Risk;
using PolyArb.Grains.Interfaces;

namespace PolyArb.Grains;

/// <summary>
/// The shell around the portfolio: one activation, in memory only, one turn a call. What it forgets the gateway's announcement tells it
/// again; until then it refuses.
/// </summary>
[KeepAlive, KeyHolderPlacement]
public sealed partial class PortfolioGrain : Grain, IPortfolioGrain
{
    private readonly RulesInForce _rules;
    private readonly PortfolioRecorder _recorder;
    private readonly TimeProvider _time;
    private readonly ILogger _logger;
    private Portfolio _portfolio;
    private TradingRules _begun; // What it began by.

    public PortfolioGrain(RulesInForce rules, PortfolioRecorder recorder, TimeProvider time, ILogger<PortfolioGrain> logger)
    {
        (_rules, _recorder, _time, _logger) = (rules, recorder, time, logger);
        _portfolio = Begin(memory: null);
    }

    private RiskState State => _portfolio.State;

    public Task<RiskDecision> Reserve(Proposal proposal) => Asked<PortfolioAnswer.Decided, RiskDecision>(new PortfolioCall.Reserve(proposal), answer => answer.Decision);

    public Task<Refusal?> Consume(long gateway, ReservationId reservation) =>
        Asked<PortfolioAnswer.Consumed, Refusal?>(new PortfolioCall.Consume(gateway, reservation), answer => answer.Refusal);

    public Task<bool> SetAside(long gateway, HeldReservation shares) =>
        Asked<PortfolioAnswer.HeldAside, bool>(new PortfolioCall.SetAside(gateway, shares), answer => answer.IsHeld);

    public Task Settle(long gateway, ImmutableArray<Settlement> settlements) => Told(new PortfolioCall.Settle(gateway, settlements));

    public Task Release(long gateway, ImmutableArray<ReservationId> reservations) => Told(new PortfolioCall.Release(gateway, reservations));

    public Task FreeSlot(long gateway, BasketId basket) => Told(new PortfolioCall.FreeSlot(gateway, basket));

    public Task TakeSlots(long gateway, ImmutableArray<OpenSlot> open) => Told(new PortfolioCall.TakeSlots(gateway, open));

    public Task Move(long gateway, TradingState state, long epoch) => Told(new PortfolioCall.Move(gateway, state, epoch));

    public Task<bool> Announce(Announcement announcement)
    {
        var isHeard = Asked<PortfolioAnswer.Announced, bool>(new PortfolioCall.Announce(announcement), answer => answer.IsHeard);
        if (isHeard.Result) LogAnnounced(announcement.Gateway, announcement.Trading, announcement.Epoch, announcement.IsRecovering);
        return isHeard;
    }

    public Task<PortfolioCheck> Check(long gateway, GatewaySigns signs)
    {
        var check = Asked<PortfolioAnswer.Checked, PortfolioCheck>(new PortfolioCall.Check(gateway, signs), answer => answer.Check);
        if (_recorder.IsDue && State is { Trip: null, IsRecovering: false, Trading: not TradingState.Flattening }) _portfolio = Begin(_portfolio.Memory); // The gateway hears of it in the next answer, and announces itself.
        return check;
    }

    public Task Trip(long gateway, string why) => Told(new PortfolioCall.Trip(gateway, why));

    public Task Mark(MarketMark mark) => Told(new PortfolioCall.Mark(mark));

    public Task Freeze()
    {
        _recorder.Freeze();
        return Task.CompletedTask;
    }

    public Task<PortfolioView> View() => Task.FromResult(new PortfolioView(
        State.Trading, State.Epoch, State.IsRecovering, State.Cash, State.Reserved, State.Exposure, State.Realized, [.. State.Positions])
    {
        Performance = Performance.Of(State, _time.Now()),
    });

    [MemberNotNull(nameof(_begun))]
    private Portfolio Begin(PortfolioMemory? memory)
    {
        var now = _time.Now();
        _begun = _rules.Now;
        var opened = new PortfolioOpened(now.Micros, _begun.Risk, _begun.Breakers, memory);
        _recorder.Opened(opened, now);
        return new Portfolio(opened);
    }

    private Task<TResult> Asked<TAnswer, TResult>(PortfolioCall call, Func<TAnswer, TResult> said)
        where TAnswer : PortfolioAnswer => Task.FromResult(said((TAnswer)Serve(call)!));

    private Task Told(PortfolioCall call)
    {
        Serve(call);
        return Task.CompletedTask;
    }

    /// <summary>Nothing is judged by limits that were replaced. What has tripped is heard of first: a new life would not know of it.</summary>
    private void TakeRules()
    {
        var rules = _rules.Now;
        if (ReferenceEquals(rules, _begun) || State.Trip is not null) return;

        if ((rules.Risk, rules.Breakers) == (_begun.Risk, _begun.Breakers)) _begun = rules;
        else _portfolio = Begin(_portfolio.Memory); // Until the gateway has announced itself, which it does at once, it refuses.
    }

    private PortfolioAnswer? Serve(PortfolioCall call)
    {
        TakeRules();
        var (now, tripped) = (_time.Now(), State.Trip);
        PortfolioAnswer? answer;
        try
        {
            answer = _portfolio.Serve(call, now);
        }
        catch (Exception e)
        {
            _recorder.Turn(call, PortfolioAnswer.Broken.By(e), now); // Half of it may have been done: a replay breaks at the same place.
            throw;
        }

        _recorder.Turn(call, answer, now);
        if (tripped is null && State.Trip is { } why) LogTripped(why);
        return answer;
    }

    [LoggerMessage(LogLevel.Error, "A breaker tripped: {Why}")]
    private partial void LogTripped(string why);

    [LoggerMessage(LogLevel.Information, "Gateway {Gateway} announced itself: {State}, epoch {Epoch}, recovering {Recovering}")]
    private partial void LogAnnounced(long gateway, TradingState state, long epoch, bool recovering);
}
