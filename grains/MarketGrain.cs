using System.Collections.Immutable;
using Microsoft.Extensions.Logging;
using PolyArb.Domain;
using PolyArb.Domain.Books;
using PolyArb.Domain.Edges;
using PolyArb.Domain.Orders;
using PolyArb.Domain.Ports;
using PolyArb.Domain.Risk;
using PolyArb.Grains.Interfaces;

namespace PolyArb.Grains;

/// <summary>
/// The shell around one market's desk: batches in, decisions out. Not reentrant on purpose: while it waits for portfolio and
/// gateway it decides nothing else, and updates arrive as one batch afterwards.
/// </summary>
[KeepAlive, HomePlacement]
public sealed partial class MarketGrain(
    IMarketFeed feed, TurnRecorder recorder, RulesInForce rules, LatencyBook latencies, ProposalCounts counts, MarketBoard board, Neighbours neighbours,
    TimeProvider time, ILogger<MarketGrain> logger)
    : Grain, IMarketGrain
{
    private static readonly TimeSpan TickPeriod = TimeSpan.FromMilliseconds(250);

    /// <summary>Of a market that waits for nothing: thousands of them would keep a core busy with looking at their clocks.</summary>
    private static readonly TimeSpan IdlePeriod = TimeSpan.FromSeconds(1);

    /// <summary>Longer than an ignition loop may go on with what the registry said before.</summary>
    private static readonly TimeSpan IgnitionPeriod = TimeSpan.FromSeconds(5);

    /// <summary>Between two looks at a desk that has moved, for the board.</summary>
    private static readonly TimeSpan ShowPeriod = TimeSpan.FromSeconds(1);

    private static readonly Task<FeedAnswer> Applied = Task.FromResult(FeedAnswer.Applied);
    private static readonly Task<FeedAnswer> Resync = Task.FromResult(FeedAnswer.Resync);
    private static readonly Task<FeedAnswer> Gone = Task.FromResult(FeedAnswer.Gone);

    private MarketDesk? _desk;
    private MarkKeeper? _marks; // Of that desk.
    private EdgePolicy? _policy; // It began with.
    private bool _drainsToRenew; // It opens nothing more until it has begun anew; not because its market is off.
    private bool _isEnabled; // As last heard.
    private Market? _listed; // The catalogue's last word.
    private long _opened; // The number of the desk's beginning in the recording.
    private long _session;
    private IGrainTimer? _timer;
    private bool _ticksFast;
    private Refusal? _refusal; // The last one said, until something is sent.
    private bool _isFrozen;
    private string? _switchOff; // Why the market gave itself up, until the registry knows.
    private Instant _offUntil;
    private long _turnsShown; // On the board.
    private long _shownAt;
    private bool _isUnanswered; // And it was said.

    /// <summary>Kept, as the two below: Orleans reads attributes by reflection for each reference it makes.</summary>
    private IPortfolioGrain Portfolio => field ??= GrainFactory.GetGrain<IPortfolioGrain>(0);

    private IRegistryGrain Registry => field ??= GrainFactory.GetGrain<IRegistryGrain>(0);

    private IOrderGatewayGrain Gateway => field ??= GrainFactory.GetGrain<IOrderGatewayGrain>(0);

    /// <summary>Nearly always nothing is decided, and then nothing is allocated here.</summary>
    public Task<FeedAnswer> Apply(long session, ImmutableArray<FeedInput> batch)
    {
        if (_desk is not { } desk || session != _session) return Gone;

        var now = time.Now();
        var decision = desk.Turn(batch.AsSpan(), now);
        recorder.Turn(desk, batch[0].Sequence, batch[^1].Sequence, now, decision);
        latencies.Record(LatencySeries.RecvToDecision, batch[0].ReceivedAt, time.Now()); // Of what waited longest.
        if (!_ticksFast && desk.MayWaitForTime) TickFast(true);

        return decision is null ? AnswerOf(desk) : Acted(desk, decision);
    }

    private async Task<FeedAnswer> Acted(MarketDesk desk, DeskDecision decision)
    {
        await Act(desk, decision);
        return await AnswerOf(desk);
    }

    private static Task<FeedAnswer> AnswerOf(MarketDesk desk) => desk.WantsSnapshot ? Resync : Applied;

    public async Task Open(Market market, bool isEnabled)
    {
        if (_isFrozen || Moves()) return;

        _isEnabled = isEnabled;
        if (!MayOpen) _drainsToRenew = false; // Once it is on again, it starts with a clean record.
        if (_desk is not { } desk)
        {
            _listed = market;
            await Start(market);
        }
        else if (desk.Renewed(_listed!, market) is not { } renewed)
        {
            _listed = market;
            if (HasOldRules || _drainsToRenew) await TakeRules(desk);
            else if (!desk.IsBusy && recorder.IsDue(_opened, time.Now())) await Start(desk.Current);
        }
        else if (!desk.IsBusy)
        {
            _listed = market;
            await Start(renewed);
        }
        else
        {
            await DrainToRenew(desk);
        }

        if (!_drainsToRenew && _desk!.IsDraining == MayOpen) await Act(_desk, Turn(_desk, new DeskInput.Drain(!MayOpen)));
    }

    public Task<bool> Shut()
    {
        var isShut = Closes();
        if (isShut) DeactivateOnIdle();
        return Task.FromResult(isShut);
    }

    /// <summary>Unless something of it is open.</summary>
    private bool Closes()
    {
        if (_isFrozen || _desk is { } desk && (desk.HasOpen || desk.IsAsking)) return false;

        Leave();
        if (_desk is not null) recorder.Input(_desk.Market.Id, new DeskInput.Shut(), time.Now());
        (_desk, _marks, _listed, _drainsToRenew) = (null, null, null, false);
        return true;
    }

    /// <summary>Another silo has joined, and this market belongs there: it is opened there the next time, once nothing of it is open here.</summary>
    private bool Moves()
    {
        if (neighbours.IsHome(this.GetGrainId()) || !Closes()) return false;

        MigrateOnIdle(); // Only deactivated it would come back here: whoever remembers it here asks here, and a silo that is asked makes one.
        LogMoved(new MarketId(this.GetPrimaryKeyString()));
        return true;
    }

    public Task<MarketView> Freeze()
    {
        _isFrozen = true;
        StopFollowing();
        if (_desk is { } desk) Show(desk);
        return View();
    }

    public Task Nudge() => _desk is { } desk && _session != 0 ? Poll(desk) : Task.CompletedTask;

    public Task<MarketView> View() =>
        Task.FromResult(_desk is { } desk ? MarketLook.Summary(desk, _session) : MarketView.Unfollowed(new MarketId(this.GetPrimaryKeyString())));

    public Task<MarketBooks> Books(int levels) =>
        Task.FromResult(MarketLook.At(new MarketId(this.GetPrimaryKeyString()), _desk, Math.Clamp(levels, 1, MarketBooks.LevelsMax), time.Now()));

    public override Task OnDeactivateAsync(DeactivationReason reason, CancellationToken cancellationToken)
    {
        Leave();
        return Task.CompletedTask;
    }

    /// <summary>The caller may not have heard yet that the market gave itself up.</summary>
    private bool MayOpen => _isEnabled && _switchOff is null && time.Now() >= _offUntil;

    private bool HasOldRules => _desk is not null && !ReferenceEquals(_policy, rules.Now.Edge);

    /// <summary>Other parameters hold now: what is open, and a stop, goes on by those it began with; the desk begins anew then.</summary>
    private async Task TakeRules(MarketDesk desk)
    {
        if (desk.IsBusy) await DrainToRenew(desk);
        else if (rules.TakesTurn(time.Now())) await Start(desk.Current);
    }

    /// <summary>A busy desk keeps its parameters: it finishes what is open, and begins anew then.</summary>
    private async Task DrainToRenew(MarketDesk desk)
    {
        if (desk.IsDraining) return;

        _drainsToRenew = true;
        await Act(desk, Turn(desk, new DeskInput.Drain(true)));
    }

    private async Task Start(Market market)
    {
        await Mark(); // What the desk before it has not told yet.
        var self = this.AsReference<IMarketGrain>();
        var memory = _desk?.Memory;
        if (_drainsToRenew) memory = memory! with { IsDraining = !MayOpen };
        _drainsToRenew = false;
        _policy = rules.Now.Edge;
        var opened = new DeskInput.Opened(market, _policy, memory);
        var desk = new MarketDesk(opened);
        (_opened, _) = recorder.Input(market.Id, opened, time.Now());
        _session = feed.Follow(market, self.Apply);
        (_desk, _marks) = (desk, new MarkKeeper(desk, _policy));
        _timer ??= this.RegisterGrainTimer(Tick, new GrainTimerCreationOptions(TickPeriod, TickPeriod) { KeepAlive = true });
        TickFast(true);
        Show(desk);
        LogOpened(market.Id, market.Title, market.Conditions.Length);
        await Poll(desk);
    }

    private void Leave()
    {
        board.Remove(new MarketId(this.GetPrimaryKeyString()), _session);
        StopFollowing();
    }

    private void StopFollowing()
    {
        if (_desk is not null && _session != 0) feed.Unfollow(_desk.Market.Id, _session);
        _timer?.Dispose();
        (_session, _timer, _ticksFast) = (0, null, false);
    }

    /// <summary>A clock that runs slowly while nothing waits for it; behind the market's own queue.</summary>
    private async Task Tick(CancellationToken cancellation)
    {
        try
        {
            await LookAround();
        }
        catch (Exception e) when (NoAnswer.Is(e))
        {
            if (!_isUnanswered) LogUnanswered(new MarketId(this.GetPrimaryKeyString()), e.Message); // The gateway's silo may be gone; another takes over.
            _isUnanswered = true;
        }
    }

    private async Task LookAround()
    {
        if (_desk is not { } desk || _session == 0) return;

        if (desk.Turns != _turnsShown && time.GetElapsedTime(_shownAt) >= ShowPeriod) Show(desk);
        if (Asks(desk)) await Poll(desk); // A nudge may have been lost.
        if (_switchOff is { } why) await Known(() => SwitchOff(desk, why), otherwise: new DeskInput.Drain(true));
        if (desk.WaitsForTime(time.Now())) await Act(desk, Turn(desk, new DeskInput.Tick()));
        if (desk.WantsSnapshot) feed.Resync(desk.Market.Id, _session); // A quiet market brings no batch to answer so.
        if (HasOldRules) await TakeRules(desk);
        await Mark();
        _isUnanswered = false;
        TickFast(desk != _desk || WaitsForTicks(desk));
    }

    private static bool Asks(MarketDesk desk) => desk.IsAsking || desk.HasOpen || desk.HasStock || desk.Flattening is not null;

    /// <summary>Something of it is looked after by the clock, or may be before the next batch comes.</summary>
    private bool WaitsForTicks(MarketDesk desk) =>
        Asks(desk) || desk.MayWaitForTime || desk.WantsSnapshot || desk.Turns != _turnsShown || _switchOff is not null || HasOldRules;

    private void TickFast(bool isFast)
    {
        if (isFast == _ticksFast || _timer is null) return;

        var period = isFast ? TickPeriod : IdlePeriod;
        _timer.Change(period, period);
        _ticksFast = isFast;
    }

    /// <summary>Readers look at the board, so that they take no time of the market's.</summary>
    private void Show(MarketDesk desk)
    {
        board.Put(MarketLook.Summary(desk, _session));
        (_turnsShown, _shownAt) = (desk.Turns, time.GetTimestamp());
    }

    private async Task<DeskInput.News> News(MarketDesk desk)
    {
        var news = await Gateway.News(desk.Market.Id);
        if (desk == _desk) _marks?.Hear(news);
        return news;
    }

    /// <summary>Tells the portfolio what it does not know yet of our bids; what was lost on the way is told again within seconds.</summary>
    private async Task Mark()
    {
        if (_marks?.Due(time.Now()) is not { } mark) return;

        try
        {
            await Portfolio.Mark(mark);
        }
        catch (Exception e) when (e is not OutOfMemoryException)
        {
            LogUnmarked(e, mark.Market);
        }
    }

    private async Task Poll(MarketDesk desk)
    {
        var news = await News(desk);
        if (news.Version != desk.Version || news.Flattening != desk.Flattening || desk.IsAsking) await Act(desk, Turn(desk, news));
    }

    /// <summary>Carries a decision out, and whatever the desk decides on hearing the answer.</summary>
    private async Task Act(MarketDesk desk, DeskDecision? decision)
    {
        if (decision is not null) TickFast(true);
        while (decision is not null)
        {
            var answer = decision switch
            {
                DeskDecision.Propose(var proposal) => await Known(() => Ask(proposal), otherwise: new DeskInput.Unknown(proposal.Id)),
                DeskDecision.Lock locked => await Known(() => Lock(desk, locked), otherwise: new DeskInput.Unknown(locked.Basket)),
                DeskDecision.Close closed => await Known(() => Close(desk, closed), otherwise: new DeskInput.Unknown(closed.Basket)),
                DeskDecision.Pull pull => await Known(() => Pull(desk, pull), otherwise: new DeskInput.Pulled([], pull.Orders)), // News will say if it went out.
                DeskDecision.SwitchOff(var why) => await Known(() => SwitchOff(desk, why), otherwise: new DeskInput.Drain(true)),
                _ => throw new System.Diagnostics.UnreachableException(),
            };
            decision = Turn(desk, answer);
            if (answer is not DeskInput.Sent) continue;

            decision ??= Turn(desk, await News(desk));
            await Mark(); // Before the fills, which would be without a bid.
        }
    }

    private async Task<DeskInput> Known(Func<Task<DeskInput>> call, DeskInput otherwise)
    {
        try
        {
            return await call();
        }
        catch (Exception e) when (e is not OutOfMemoryException)
        {
            LogUnknown(e, new MarketId(this.GetPrimaryKeyString()));
            return otherwise;
        }
    }

    private async Task<DeskInput> Lock(MarketDesk desk, DeskDecision.Lock locked)
    {
        await Gateway.Lock(locked.Basket, desk.Market.Id, desk.Version, locked.Quantity, locked.Payout);
        return await News(desk);
    }

    private async Task<DeskInput> Close(MarketDesk desk, DeskDecision.Close closed)
    {
        var result = closed.Result;
        await Gateway.CloseBasket(closed.Basket, desk.Market.Id, desk.Version, result);
        var news = await News(desk);
        if (news.Baskets.Any(open => open.Basket.Id == closed.Basket)) return news; // Something happened to it meanwhile.

        if (result.End is BasketEnd.Held) LogHeld(desk.Market.Id, result.Quantity, result.Earned, result.Note);
        else LogClosed(desk.Market.Id, result.End, result.Quantity, result.Earned, result.Note);
        return news;
    }

    private async Task<DeskInput> Pull(MarketDesk desk, DeskDecision.Pull pull) =>
        await Gateway.Pull(desk.Market.Id, pull.Orders, pull.Why, pull.IsUrgent);

    /// <summary>The desk has stopped already; the registry remembers it for the next life of this market.</summary>
    private async Task<DeskInput> SwitchOff(MarketDesk desk, string why)
    {
        if (_switchOff is null) LogSwitchedOff(desk.Market.Id, why);
        _switchOff = why;
        await Registry.Switch([desk.Market.Id.Text], on: false, why);
        (_switchOff, _offUntil) = (null, time.Now() + IgnitionPeriod);
        return new DeskInput.Drain(true);
    }

    private async Task<DeskInput> Ask(Proposal proposal)
    {
        using var span = Tracing.Basket(proposal);
        var answer = KeepsBack(proposal) is { } kept ? new DeskInput.Refused(proposal.Id, kept) : await Submit(proposal);
        var refusal = (answer as DeskInput.Refused)?.Reason;
        span.Answered(refusal);
        counts.Count(refusal);
        if (refusal is null) LogApproved(proposal.Market, proposal.Purpose, proposal.Outlay, proposal.Basket?.Edge.Executable ?? Usd.Zero);
        else if (refusal != _refusal) LogRefused(proposal.Market, proposal.Purpose, refusal.Value); // Once, not at every try.
        _refusal = refusal;
        return answer;
    }

    /// <summary>What is new only: what is open is finished, and undone, by what it began with.</summary>
    private Refusal? KeepsBack(Proposal proposal) => proposal.Purpose is not (Purpose.Open or Purpose.Quote) ? null
        : HasOldRules ? Refusal.NewRules
        : feed.IsFresh(proposal.Market, proposal.Orders.Select(order => order.Condition)) ? null
        : Refusal.OldBooks;

    private async Task<DeskInput> Submit(Proposal proposal)
    {
        RiskDecision decision;
        using (Tracing.Reserve()) decision = await Portfolio.Reserve(proposal);
        return decision switch
        {
            RiskDecision.Refused(var reason) => new DeskInput.Refused(proposal.Id, reason),
            RiskDecision.Approved(var reservation) => await Gateway.Submit(proposal, reservation),
            _ => throw new System.Diagnostics.UnreachableException(),
        };
    }

    private DeskDecision? Turn(MarketDesk desk, DeskInput input)
    {
        var now = time.Now();
        var (sequence, text) = recorder.Input(desk.Market.Id, input, now);
        var decision = desk.Turn(input, text, now);
        recorder.Turn(desk, sequence, sequence, now, decision);
        return decision;
    }

    [LoggerMessage(LogLevel.Information, "Following {Market} \"{Title}\", {Conditions} conditions")]
    private partial void LogOpened(MarketId market, string title, int conditions);

    [LoggerMessage(LogLevel.Information, "{Market} moves to the silo it belongs to now")]
    private partial void LogMoved(MarketId market);

    [LoggerMessage(LogLevel.Warning, "{Market} cannot reach the gateway, and asks again: {Why}")]
    private partial void LogUnanswered(MarketId market, string why);

    [LoggerMessage(LogLevel.Information, "{Purpose} on {Market}: {Outlay} dollars, edge {Edge} a basket")]
    private partial void LogApproved(MarketId market, Domain.Orders.Purpose purpose, Usd outlay, Usd edge);

    [LoggerMessage(LogLevel.Information, "Refused {Purpose} on {Market}: {Reason}")]
    private partial void LogRefused(MarketId market, Domain.Orders.Purpose purpose, Refusal reason);

    [LoggerMessage(LogLevel.Warning, "Basket on {Market} is held as it is: {Quantity} baskets, {Earned} dollars with the rest counted as nothing, {Note}")]
    private partial void LogHeld(MarketId market, Size quantity, Usd earned, string note);

    [LoggerMessage(LogLevel.Information, "Basket on {Market} {End}: {Quantity} baskets earned {Earned} {Note}")]
    private partial void LogClosed(MarketId market, BasketEnd end, Size quantity, Usd earned, string note);

    [LoggerMessage(LogLevel.Error, "{Market} is switched off: {Why}. `markets on` switches it on again")]
    private partial void LogSwitchedOff(MarketId market, string why);

    [LoggerMessage(LogLevel.Warning, "The portfolio did not take the bids of {Market}")]
    private partial void LogUnmarked(Exception exception, MarketId market);

    [LoggerMessage(LogLevel.Warning, "No answer about {Market}; its outcome is unknown until the gateway's news")]
    private partial void LogUnknown(Exception exception, MarketId market);
}
