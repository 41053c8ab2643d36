using System.Collections.Immutable;
using System.Security.Cryptography;
using System.Text;
using PolyArb.Domain.Edges;
using PolyArb.Domain.Journal;
using PolyArb.Domain.Orders;
using PolyArb.Domain.Ports;
using PolyArb.Domain.Risk;
using PolyArb.Domain.Simulation;

namespace PolyArb.Domain.Replay;

/// <summary>What the gateway of a simulated day needs of the day around it.</summary>
/// <param name="Nudge">The market looks at its news.</param>
/// <param name="MarketOf">As the recording has told it so far; null for one that is not followed.</param>
internal sealed record SimulatedGatewayLinks(Action<MarketId, Instant> Nudge, Func<MarketId, Market?> MarketOf);

/// <summary>
/// Portfolio and gateway of a simulated day in one: the same limits, reservations and facts as live, with a journal that always takes
/// them and a venue that is reached through latencies.
/// </summary>
internal sealed class SimulatedGateway
{
    /// <summary>From one look at breakers and resting orders to the next, as live.</summary>
    private static readonly TimeSpan BeatEvery = TimeSpan.FromMilliseconds(250);

    private const long Generation = 1;

    private readonly DayRules _rules;
    private readonly SimulatedLine _line;
    private readonly Agenda<Action<Instant>> _agenda;
    private readonly DayTally _tally;
    private readonly SimulatedGatewayLinks _links;
    private readonly GatewayState _state = new();
    private readonly RiskState _risk = new(Generation);
    private readonly Breakers _breakers;
    private readonly RestingClocks _resting;
    private readonly SimulatedSettlement _settlement;
    private readonly SimulatedStop _stop;
    private readonly ImmutableArray<Answered>.Builder _answers = ImmutableArray.CreateBuilder<Answered>();
    private bool _isBeating;

    public SimulatedGateway(DayRules rules, SimulatedVenue venue, Agenda<Action<Instant>> agenda, DayTally tally, SimulatedGatewayLinks links)
    {
        (_rules, _agenda, _tally, _links) = (rules, agenda, tally, links);
        _line = new SimulatedLine(venue, agenda, Observe);
        _breakers = new Breakers(rules.Breakers);
        _resting = new RestingClocks(() => rules.Resting, _state.Blotter.Find);
        _settlement = new SimulatedSettlement(_state, _risk, venue, rules.SettleMin, Generation);
        _stop = new SimulatedStop(_state, _risk, rules, links.MarketOf);
    }

    public GatewayState State => _state;

    public RiskState Risk => _risk;

    /// <summary>Why a breaker stopped the day's trading, and when; null when none did.</summary>
    public DayStop? Stop => _stop.Why;

    /// <summary>The first moment: an account that runs, with its capital and nothing else.</summary>
    public void Begin(Instant now)
    {
        _state.Apply(new Fact.OpeningBalanceTaken(now, _rules.Capital, ImmutableDictionary<TokenId, Size>.Empty));
        _state.Apply(new Fact.StateChanged(now, TradingState.Paused, TradingState.Running, 1, "backtest", "the day begins"));
        Announce();
        Sample(now);
    }

    public DeskInput.News News(MarketId market) => _state.News(market, () => _stop.Excess());

    /// <summary>Refused, or on its way to the venue.</summary>
    public DeskInput Submit(Proposal proposal, Instant now)
    {
        _risk.Expire(now);
        if (RiskEngine.Decide(_risk, _rules.Risk, proposal, now) is { } broken) return Refuse(proposal, broken);

        var reservation = _risk.Reserve(proposal, now, _rules.Risk.ReservationTtl);
        if (Kept(proposal) is { } kept)
        {
            _risk.Release(reservation.Id);
            return Refuse(proposal, kept);
        }

        if (_risk.Consume(reservation.Id, now) is { } refusal)
        {
            _risk.Release(reservation.Id);
            return Refuse(proposal, refusal);
        }

        var placed = proposal.Orders.Select(order => Placed(proposal, order, now)).ToImmutableArray();
        _state.Apply(proposal.Basket is { } basket
            ? new Fact.BasketOpened(now, basket, reservation.Id, placed)
            : new Fact.ClosingOrderPlaced(now, reservation.Id, placed[0]));
        _tally.Took(DayTally.RecvToDecision, proposal.SeenAt - proposal.ReceivedAt);
        _tally.Took(DayTally.DecisionToSend, now - proposal.SeenAt);
        _line.Send(placed, now, (answers, at) => Answer(proposal.Market, answers, now, at));
        Beat(now);
        return new DeskInput.Sent(proposal.Id);
    }

    public void Lock(DeskDecision.Lock locked, MarketId market, long version, Instant now)
    {
        if (_state.Blotter.Basket(locked.Basket) is not { IsOpen: true, LockedAt: null } || _state.Blotter.Version(market) != version) return;

        _state.Apply(new Fact.BasketLocked(now, locked.Basket, market, locked.Quantity, locked.Payout));
        _risk.FreeSlot(locked.Basket);
    }

    public void Close(DeskDecision.Close closed, MarketId market, long version, Instant now)
    {
        if (_state.Blotter.Basket(closed.Basket) is not { IsOpen: true } || _state.Blotter.Version(market) != version) return;

        _state.Apply(new Fact.BasketClosed(now, closed.Basket, market, closed.Result));
        _risk.FreeSlot(closed.Basket);
        if (_links.MarketOf(market) is { } known) _settlement.Settle(known, now);
        Note(now);
    }

    public DeskInput.Pulled Pull(MarketId market, ImmutableArray<OrderId> orders, string why, bool isUrgent, Instant now)
    {
        var plan = _resting.Plan(orders, isUrgent, now);
        SendCancels(plan.Again, why, now);
        Cancel(market, plan.Canceling, why, isUrgent, now);
        return new DeskInput.Pulled([.. plan.Canceling, .. plan.Again, .. plan.Gone], plan.Kept);
    }

    /// <summary>What a market's bids are worth to us, and what its guards counted.</summary>
    public void Mark(MarketMark mark, Instant now)
    {
        _risk.Take(mark);
        _breakers.Hear(mark);
        Beat(now);
    }

    /// <summary>The venue may have said something on the user channel.</summary>
    public void ListenToVenue(Instant now) => _line.Listen(now);

    /// <summary>The venue has said how a question ended.</summary>
    public void Resolve(Condition condition, TokenId winner, Instant now)
    {
        _settlement.Resolve(condition, winner, now);
        Note(now);
    }

    /// <summary>What all is worth now goes into the curve.</summary>
    public void Note(Instant now) => _tally.Equity.Add(now, _risk.Equity);

    private DeskInput.Refused Refuse(Proposal proposal, Refusal reason)
    {
        if (proposal.Purpose is Purpose.Open) _tally.Refused(reason.ToString());
        return new DeskInput.Refused(proposal.Id, reason);
    }

    private Refusal? Kept(Proposal proposal)
    {
        if (proposal.Orders.Any(order => _state.Blotter.HasPlaced(proposal.Id, order.Leg, order.Attempt))) return Refusal.AlreadyPlaced;

        var isDuplicate = proposal.Purpose is Purpose.Open && _state.Blotter.OpenBaskets(proposal.Market).Any(open => open.Basket.Id != proposal.Id
            && _state.Blotter.OrdersOf(open).Any(order => !order.IsClosed)
            && _rules.SameIntent.IsSame(open.Basket.Legs, proposal.Orders));
        return isDuplicate ? Refusal.Duplicate : null;
    }

    /// <summary>Nobody signs here: the id is made of what a retry would have in common.</summary>
    private OrderPlaced Placed(Proposal proposal, LegOrder order, Instant now)
    {
        var id = SHA256.HashData(Encoding.UTF8.GetBytes($"{proposal.Id}/{order.Leg}/{order.Attempt}"));
        return new OrderPlaced(new OrderId("0x" + Convert.ToHexStringLower(id)), proposal.IntentOf(order, _rules.Resting, now));
    }

    private void Answer(MarketId market, ImmutableArray<OrderEvent> answers, Instant sentAt, Instant now)
    {
        _tally.Took(DayTally.SendToAck, now - sentAt);
        foreach (var answer in answers.Where(answer => _state.Blotter.Find(answer.Order) is { Fills.IsEmpty: true })) _tally.Acked(answer.Order, now);
        _answers.Add(new Answered(market, sentAt, now, answers.Length, answers.Count(IsFault)));
        Observe(answers, now);
    }

    /// <summary>An order that found nothing to match, or would have crossed, was good: the book was faster.</summary>
    private static bool IsFault(OrderEvent news) => news is OrderEvent.Rejected rejected
        && rejected.Code is not (RejectCode.FokNotFilled or RejectCode.FakNotFilled or RejectCode.PostOnlyWouldCross);

    /// <summary>News from the answer and the user channel alike; they race and may repeat.</summary>
    private void Observe(ImmutableArray<OrderEvent> news, Instant now)
    {
        ImmutableArray<BlotterChange> changes = [.. _state.FactsOf(news, now).Select(fact => Apply(fact, now)).OfType<BlotterChange>()];
        if (changes.IsEmpty) return;

        foreach (var reservation in _state.Releasable(changes)) _risk.Release(reservation);
        foreach (var reopened in changes.Select(change => change.Reopened).OfType<Basket>()) _risk.TakeSlot(new OpenSlot(reopened.Id, reopened.Slot));
        if (changes.Any(change => change.Before.IsDone && !change.After.IsDone)) Announce(); // Its money is to be set aside again.
        Note(now);
        foreach (var market in changes.Select(change => change.Market).Distinct()) _links.Nudge(market, now);
    }

    private BlotterChange? Apply(Fact fact, Instant now)
    {
        if (_state.Apply(fact) is not { } change) return null;

        if (change is { Before.Fills.IsEmpty: true, After.Fills.IsEmpty: false }) _tally.Filled(change.After.Id, now);
        if (change.Settlement is { } settlement)
        {
            _risk.Settle(settlement);
            _settlement.Hear(settlement.Condition, now);
        }

        return change;
    }

    private void Cancel(MarketId market, ImmutableArray<OrderId> orders, string why, bool isUrgent, Instant now)
    {
        if (orders.IsEmpty) return;

        _state.Apply(new Fact.CancelRequested(now, market, orders, why, isUrgent));
        SendCancels(orders, why, now);
    }

    private void SendCancels(ImmutableArray<OrderId> orders, string why, Instant now)
    {
        if (orders.IsEmpty) return;

        _resting.Leave(orders, why, now);
        _line.Cancel(orders, why, now);
    }

    /// <summary>While something is held, open or to be told, breakers and clocks are looked at.</summary>
    private void Beat(Instant now)
    {
        if (_isBeating) return;

        _isBeating = true;
        _agenda.Enter(now + BeatEvery, OnBeat);
    }

    private void OnBeat(Instant now)
    {
        _isBeating = false;
        foreach (var orders in _resting.Over(_state.Blotter.Unfinished.Where(order => order.MayRest), now).GroupBy(order => order.Intent.Market).ToArray())
            Cancel(orders.Key, [.. orders.Select(order => order.Id)], "its time is over", isUrgent: false, now);
        foreach (var (why, orders) in _resting.AskAgain(now)) SendCancels(orders, why, now);

        var signs = new GatewaySigns(StreamState.Live, StreamState.Live, _state.Unresolved, _answers.DrainToImmutable());
        _risk.Hear(signs);
        _breakers.Hear(signs, _risk);
        Sample(now);
        if (_breakers.Judge(_risk, now) is { } tripped) Halt(tripped, now);
        if (_state.Trading is TradingState.Flattening)
        {
            _stop.Look(now);
            NudgeHolders(now);
        }

        if (_state.Blotter.Unfinished.Any() || _risk.Positions.Count > 0 || _state.Trading is TradingState.Flattening) Beat(now);
    }

    private void Sample(Instant now)
    {
        Note(now);
        if (_risk.Sample(now) is { } sample) _state.Apply(new Fact.EquitySampled(sample.At, sample.Equity, sample.Profit));
    }

    /// <summary>A breaker tripped: everything that rests is cancelled, and markets hear that trading stops.</summary>
    private void Halt(string why, Instant now)
    {
        _stop.Begin(why, now);
        SendCancels([.. _state.Blotter.Unfinished.Where(order => order.MayRest).Select(order => order.Id)], "trading has stopped", now);
        NudgeHolders(now);
    }

    private void NudgeHolders(Instant now)
    {
        foreach (var market in _state.BusyMarkets()) _links.Nudge(market, now);
    }

    private void Announce() => _risk.Accept(_state.Announcement(Generation, isRecovering: false, []));
}
