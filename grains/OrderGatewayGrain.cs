using System.Collections.Immutable;
using Microsoft.Extensions.Logging;
using Orleans.Concurrency;
using PolyArb.Domain;
using PolyArb.Domain.Edges;
using PolyArb.Domain.Journal;
using PolyArb.Domain.Orders;
using PolyArb.Domain.Ports;
using PolyArb.Domain.Risk;
using PolyArb.Grains.Interfaces;

namespace PolyArb.Grains;

/// <summary>
/// The only road to the venue. Reentrant, so that one slow answer holds up nobody: safe because what it knows changes only
/// where facts are applied, behind one gate, and because nothing is awaited between the fence check and the start of a send.
/// </summary>
[KeepAlive, Reentrant, KeyHolderPlacement]
public sealed partial class OrderGatewayGrain(
    IVenue venue,
    IUserFeed userFeed,
    IMarketFeed marketFeed,
    IJournal journal,
    IGatewayLease lease,
    GatewayPresence presence,
    Neighbours neighbours,
    ISettlement settlement,
    ICatalog catalog,
    RulesInForce rules,
    IParameters parameters,
    ProcessLife life,
    IShutdown shutdown,
    IStopFile stopFile,
    ISelfCheck selfCheck,
    IFrameTap tap,
    LatencyBook latencies,
    ProposalCounts counts,
    TimeProvider time,
    ILogger<OrderGatewayGrain> logger) : Grain, IOrderGatewayGrain, IDisposable
{
    private static readonly TimeSpan TickPeriod = TimeSpan.FromMilliseconds(250);

    private readonly CancellationTokenSource _stopping = new();
    private readonly InFlight _inFlight = new(logger);
    private readonly JournalWatch _journal = new(journal, time);
    private MeteredVenue _metered = null!;
    private GatewayBooks _books = null!;
    private Recovery _recovery = null!;
    private TradingSwitch _switch = null!;
    private FlattenPath _flatten = null!;
    private SendGate _gate = null!;
    private Sender _sender = null!;
    private DeadManSwitch _deadMan = null!;
    private Settler _settler = null!;
    private WrittenStop _writtenStop = null!;
    private SelfStop _selfStop = null!;
    private RestingOrders _resting = null!;
    private QuarantineRounds _quarantine = null!;
    private MissedEndRounds _missedEnds = null!;
    private CancelOnConnect _connect = null!;
    private Reconciler _reconciler = null!;
    private Tuning _tuning = null!;
    private Tenure _tenure = null!;
    private Task _keeping = Task.CompletedTask;
    private FillTimes _fillTimes = null!;
    private readonly ClusterFeeds _feeds = new();
    private readonly HashSet<string> _woken = []; // The silos that have.
    private long _fence;
    private bool _isStopping;
    private bool _mustAnnounce; // The portfolio missed something: tell it everything.
    private Task<ControlAnswer>? _stopped;
    private Task _sampled = Task.CompletedTask;

    /// <summary>Each on a timer of its own: one that waits holds up no other.</summary>
    private Func<CancellationToken, Task>[] Ticks =>
    [
        SafetyTick, SwitchTick, _ => _writtenStop.Tick(), _ => _selfStop.Tick(), VenueTick, SettleTick, _ => _resting.Tick(), QuarantineTick, _ => _reconciler.Tick(), BeatTick,
        HeartbeatTick,
    ];

    private IPortfolioGrain Portfolio => field ??= GrainFactory.GetGrain<IPortfolioGrain>(0);

    private IRegistryGrain Registry => field ??= GrainFactory.GetGrain<IRegistryGrain>(0);

    private IMarketGrain Market(MarketId market) => GrainFactory.GetGrain<IMarketGrain>(market.Text);

    /// <summary>From the local journal alone; the venue is asked later, on a timer, while every verb already answers.</summary>
    public override async Task OnActivateAsync(CancellationToken cancellationToken)
    {
        _fence = await _journal.RaiseFence();
        _tenure = new Tenure(lease, $"{neighbours.Self}", _fence, time, logger);
        _books = await GatewayBooks.Load(_journal, _fence, cancellationToken);
        var isStart = await lease.IsStart();
        _tuning = new Tuning(_books, parameters, () => Tell(Announce()), Fenced, time, logger);
        await _tuning.Restore();
        Assemble(takesOver: !isStart && _books.Trading is TradingState.Running);
        if (isStart) await BeginAnew();
        await _tenure.Renew();
        _keeping = Task.Run(() => _tenure.Keep(_stopping.Token), CancellationToken.None);
        var self = this.AsReference<IOrderGatewayGrain>();
        _ = Task.Run(() => userFeed.Run(news => self.Observe(news), () => self.CatchUp(), _stopping.Token), CancellationToken.None);
        foreach (var tick in Ticks) this.RegisterGrainTimer(tick, new GrainTimerCreationOptions(TimeSpan.Zero, TickPeriod) { KeepAlive = true });
        presence.Come(_fence);
        LogActivated(_fence, _books.Trading, _books.Epoch, _books.Blotter.Orders.Count);
    }

    /// <summary>What a gateway is made of, once its journal is read; nothing of it has begun to work.</summary>
    private void Assemble(bool takesOver)
    {
        _recovery = new Recovery(venue, order => _missedEnds.Suspect(order), time);
        _fillTimes = new FillTimes(latencies);
        var pacer = new Pacer(rules.Now.Pace);
        _deadMan = new DeadManSwitch(venue, pacer, time, logger) { Reread = () => _resting.Reread("the venue heard no heartbeat"), Drift = () => selfCheck.Moved };
        _gate = new SendGate(venue, pacer, _deadMan, counts, time, logger);
        _metered = new MeteredVenue(venue, time);
        _sender = new Sender(
            _books, _fence, _metered, _gate, _inFlight,
            new SenderLinks(
                Portfolio, Tell, Observe, () => _isStopping || stopFile.IsPresent || !_tenure.IsHeld, () => _reconciler.MustPause, () => _reconciler.NeedsQuiet,
                () => _mustAnnounce = true, Fenced),
            rules, latencies, time, logger);
        _resting = new RestingOrders(_books, venue, _recovery, pacer, Observe, rules, time, logger);
        _connect = new CancelOnConnect(_books, venue, _resting.PullAll, rules.Now.CancelsOnConnect, time, logger);
        _quarantine = new QuarantineRounds(
            _books, venue, new QuarantineLinks(() => userFeed.Health.State is StreamState.Live, _sender.IsOnTheWire, Observe), rules, time, logger);
        _missedEnds = new MissedEndRounds(_books, venue, _sender.IsOnTheWire, Observe, time, logger);
        _switch = new TradingSwitch(
            _books, venue, _inFlight, _tenure, (state, epoch) => Tell(Portfolio.Move(_fence, state, epoch)), _resting.Chase, rules, time, logger);
        _flatten = new FlattenPath(_books, _switch, Excess, NudgeHolders, rules, time, logger);
        _settler = new Settler(
            _books, _fence, settlement, venue, catalog, _inFlight,
            new SettlerLinks(
                () => _recovery.IsDone && !_isStopping && RiskEngine.MaySettle(_books.Trading), held => Portfolio.SetAside(_fence, held),
                () => _mustAnnounce = true, market => Market(market).Nudge()),
            rules, time, logger);
        _writtenStop = new WrittenStop(stopFile, _books, Kill, time, logger);
        _selfStop = new SelfStop(selfCheck, _journal, _books, _switch, Pause, time, logger);
        _reconciler = new Reconciler(
            _books, _fence, takesOver, venue, catalog,
            new ReconcilerLinks(
                Observe, _missedEnds.Suspect, () => _mustAnnounce = true, why => Tell(Portfolio.Trip(_fence, why)), market => Market(market).Nudge(),
                () => selfCheck.Moved, Fenced),
            rules, time, logger);
    }

    /// <summary>The first gateway since all silos were down: trading begins paused where that is wished, and SAFE where it was or where a stop file lies.</summary>
    private async Task BeginAnew()
    {
        var was = _books.HasState ? $"process start, was {_books.Trading}" : "first start";
        var (state, by, why) = stopFile.Read() is { } stop
            ? (TradingState.Safe, stop.By, stop.Reason)
            : (KillSwitch.AtStart(_books.HasState ? _books.Trading : null, rules.Now.StartPaused), "start", was);
        await _books.Record(new Fact.StateChanged(time.Now(), _books.Trading, state, _books.Epoch + 1, by, why));
        await lease.ClearStart(_fence); // Only now: a start that could not be written is not a failover the next time.
    }

    /// <summary>Nothing new goes out; what is on the wire is waited for, and only then another gateway may send.</summary>
    public override async Task OnDeactivateAsync(DeactivationReason reason, CancellationToken cancellationToken)
    {
        _isStopping = true;
        presence.Leave(_fence);
        await _stopping.CancelAsync();
        await _keeping;
        await Task.WhenAny(_inFlight.Drained(), Task.Delay(Tenure.Length, time, cancellationToken)); // After which it runs out by itself.
        if (_inFlight.Drained().IsCompleted) await _tenure.Release();
    }

    public void Dispose()
    {
        _stopping.Dispose();
        _tuning?.Dispose();
        _books?.Dispose();
    }

    /// <summary>Whoever asked for the status first may have made this gateway before any silo knew that the cluster starts.</summary>
    public async Task<GatewayWord> Wake(string silo, StreamHealth market)
    {
        _feeds.Hear(silo, market, time.Now());
        if (!_woken.Contains(silo))
        {
            if (await lease.IsStart()) await BeginAnew();
            _woken.Add(silo); // Once that is known and written.
        }

        return new GatewayWord(_fence, _tuning.Changes);
    }

    public Task<ImmutableArray<ParameterWish>> Parameters() => Task.FromResult(parameters.Settable());

    public async Task<DeskInput> Submit(Proposal proposal, Reservation reservation) =>
        _recovery.IsDone && _tenure.IsHeld && !_reconciler.MustPause ? await _sender.Submit(proposal, reservation) : new DeskInput.Refused(proposal.Id, Refusal.Recovering);

    /// <summary>Takes news from the answer, the user channel and reconciliation alike; they race and may repeat.</summary>
    public async Task Observe(ImmutableArray<OrderEvent> news)
    {
        ImmutableArray<BlotterChange> changes;
        try
        {
            changes = await _books.Record(news, time.Now());
        }
        catch (FencedException e)
        {
            Fenced(e);
            throw;
        }

        if (changes.IsEmpty) return;

        foreach (var change in changes) _fillTimes.Hear(change, time.Now());
        if (changes.Any(change => change.Before.IsDone && !change.After.IsDone || !change.Before.MaySpend && change.After.MaySpend))
            _mustAnnounce = true; // Its money is to be set aside again.
        var settlements = changes.Where(change => change.Settlement is not null).Select(change => change.Settlement!).ToImmutableArray();
        if (settlements.Length > 0) await Tell(Portfolio.Settle(_fence, settlements));
        if (_books.Releasable(changes) is { Length: > 0 } done) await Tell(Portfolio.Release(_fence, done));
        var reopened = changes.Select(change => change.Reopened).OfType<Basket>().Select(basket => new OpenSlot(basket.Id, basket.Slot)).Distinct().ToImmutableArray();
        if (reopened.Length > 0) await Tell(Portfolio.TakeSlots(_fence, reopened));
        foreach (var market in changes.Select(change => change.Market).Distinct()) await Market(market).Nudge();
    }

    public Task<DeskInput.News> News(MarketId market) => Task.FromResult(_books.News(market, () => _flatten.Sells ? Excess() : []));

    public async Task Lock(BasketId basket, MarketId market, long version, Size quantity, Usd payout)
    {
        if (_books.Blotter.Basket(basket) is not { IsOpen: true, LockedAt: null }) return;
        if (!await _books.RecordAt(version, market, [new Fact.BasketLocked(time.Now(), basket, market, quantity, payout)])) return;

        await Tell(Portfolio.FreeSlot(_fence, basket));
    }

    public Task<DeskInput.Pulled> Pull(MarketId market, ImmutableArray<OrderId> orders, string why, bool isUrgent) =>
        _resting.Pull(market, orders, why, isUrgent);

    public async Task CloseBasket(BasketId basket, MarketId market, long version, BasketResult result)
    {
        if (_books.Blotter.Basket(basket) is not { IsOpen: true }) return;

        var now = time.Now();
        Fact[] alarm = result.End is BasketEnd.Held ? [new Fact.ErrorNoted(now, $"basket {basket}", $"held as it is: {result.Note}")] : [];
        if (!await _books.RecordAt(version, market, [new Fact.BasketClosed(now, basket, market, result), .. alarm])) return;

        await Tell(Portfolio.FreeSlot(_fence, basket));
    }

    public Task CatchUp()
    {
        _recovery.ReadTradesSoon();
        _quarantine.Break();
        _connect.Connected();
        return Task.CompletedTask;
    }

    public Task<ImmutableArray<MarketId>> BusyMarkets() => Task.FromResult(_books.BusyMarkets());

    public Task<ImmutableArray<MarketId>> KeptMarkets() => Task.FromResult(_books.KeptMarkets());

    public async Task<ControlAnswer> Pause(string by, string reason)
    {
        var answer = await _switch.Pause(by, reason);
        if (rules.Now.PauseCancels && answer.State is TradingState.Paused) await _resting.PullAll("paused");
        return answer;
    }

    public Task<ControlAnswer> Resume(string by, string reason) => _isStopping
        ? Task.FromResult(new ControlAnswer(false, "the silo is stopping", _books.Trading, _books.Epoch))
        : _reconciler.Riddle is { Length: > 0 } riddle
        ? Task.FromResult(new ControlAnswer(false, $"the ledger differs from the venue's: {riddle}; see `reconcile`", _books.Trading, _books.Epoch))
        : _switch.Resume(by, reason);

    public Task<ControlAnswer> Flatten(string by, string reason) => _flatten.Flatten(by, reason);

    public Task<ControlAnswer> Kill(string by, string reason) => _switch.Halt(TradingState.Safe, "stopped", by, reason);

    /// <summary>Once: a second stop hears what the first one came to.</summary>
    public async Task<ControlAnswer> Stop(string by, string reason)
    {
        _isStopping = true;
        var state = _books.Trading is TradingState.Safe or TradingState.Flattening ? TradingState.Safe : TradingState.Paused;
        _stopped ??= _switch.Halt(state, "stopped, the silo ends", by, reason);
        try
        {
            return await _stopped;
        }
        catch
        {
            _stopped = null; // Whoever asks again is not told the same fault again.
            throw;
        }
        finally
        {
            shutdown.Request();
        }
    }

    /// <summary>Written down once it is so: what nobody lists switches nothing.</summary>
    public async Task<SwitchAnswer> SwitchMarkets(ImmutableArray<string> ids, bool on, string by)
    {
        var answer = await Registry.Switch(ids, on, by);
        if (answer.Switched.IsEmpty) return answer;

        try
        {
            await _books.Record(new Fact.OperatorActed(time.Now(), by, $"markets {(on ? "on" : "off")} {string.Join(',', answer.Switched)}"));
            return answer;
        }
        catch (Exception e) when (e is not OutOfMemoryException)
        {
            return answer with { Unwritten = e.Message };
        }
    }

    public Task<ParametersAnswer> SetParameters(ImmutableArray<ParameterWish> wishes, string by) => _tuning.Set(wishes, by);

    public Task<ParametersAnswer> Reload(string by) => _tuning.Reload(by);

    public Task<ReconcileAnswer> Reconcile(string by, string? accept) => _reconciler.Run(by, accept);

    public async Task<Status> Status()
    {
        var portfolio = await Portfolio.View();
        var venueLine = string.Join("; ", new[] { _gate.Trouble, _recovery.Trouble, _reconciler.Trouble }.Where(trouble => trouble.Length > 0));
        return _books.Status(
            rules.Now, portfolio, !_recovery.IsDone || !_tenure.IsHeld || _reconciler.MustPause, venueLine, (long)(time.Now() - life.StartedAt).TotalSeconds,
            _feeds.Health(marketFeed.Health, time.Now()), userFeed.Health) with
        {
            Journal = _journal.Trouble,
            InputsLost = tap.Lost,
        };
    }

    public Task<ImmutableArray<OrderView>> Orders(long before, int last) => Task.FromResult(_books.Blotter.Orders(before, last));

    public Task<ImmutableArray<OrderView>> OpenOrders() => Task.FromResult(_books.Blotter.OpenOrders());

    public Task<ImmutableArray<FillView>> Fills(long before, int last) => Task.FromResult(_books.Blotter.Fills(before, last));

    public Task<PositionsView> Positions() => Task.FromResult(_books.Positions(_settler));

    public Task<ImmutableArray<BasketView>> Baskets(long before, int last) => Task.FromResult(_books.Baskets(before, last));

    public Task<ImmutableArray<BasketView>> OpenBaskets() => Task.FromResult(_books.OpenBaskets());

    public Task<ImmutableArray<Earnings>> Earned() => Task.FromResult<ImmutableArray<Earnings>>([.. _books.Blotter.Earnings]);

    /// <summary>A newer gateway has taken over: this one sends nothing more.</summary>
    private void Fenced(Exception e)
    {
        if (e is not FencedException) return;

        _isStopping = true;
        DeactivateOnIdle();
    }

    /// <summary>A call the portfolio did not answer may or may not have reached it: the next tick tells it everything again.</summary>
    private async Task Tell(Task told)
    {
        try
        {
            await told;
        }
        catch (Exception e) when (NoAnswer.Is(e))
        {
            LogUntold(e);
            _mustAnnounce = true;
        }
    }

    /// <summary>The portfolio's word: whether it knows us, and whether a breaker tripped.</summary>
    private async Task SafetyTick(CancellationToken cancellation)
    {
        if (_stopped is { IsCompleted: true }) return; // On the way out: the portfolio may be gone already.

        var check = await Portfolio.Check(
            _fence, new GatewaySigns(_feeds.State(marketFeed.State, time.Now()), userFeed.Health.State, _books.Unresolved, _metered.Drain()));
        var isKnown = check.Gateway == _fence && check.Epoch == _books.Epoch && check.Trading == _books.Trading && check.IsRecovering != _recovery.IsDone;
        if (!isKnown || _mustAnnounce)
        {
            _mustAnnounce = false;
            await Tell(Announce());
        }

        if (check.Trip is { } why && _books.Trading is TradingState.Running) _ = _flatten.Flatten("breaker", why); // Takes its time; the ticks go on.
        if (check.Sample is { } sample && _sampled.IsCompleted) _sampled = Sampled(sample, check.Credits); // A slow disk holds up no stop.
    }

    /// <summary>Asks nobody but the venue: a portfolio that hangs holds up no cancel.</summary>
    private Task SwitchTick(CancellationToken cancellation)
    {
        _switch.Tick();
        if (_recovery.IsDone) _flatten.Tick();
        return Task.CompletedTask;
    }

    /// <summary>A sample that does not know of the last credit would take it for profit: the next one does.</summary>
    private async Task Sampled(EquityPoint sample, long credits)
    {
        try
        {
            await _books.RecordUnless(() => _books.Trail.Credits != credits, new Fact.EquitySampled(sample.At, sample.Equity, sample.Profit));
        }
        catch (FencedException e)
        {
            Fenced(e);
        }
        catch (Exception e) when (e is not OutOfMemoryException)
        {
            LogUnsampled(e.Message);
        }
    }

    /// <summary>The venue's word: all of it at a start, then about orders that nothing was heard of.</summary>
    private async Task VenueTick(CancellationToken cancellation)
    {
        if (!_tenure.Begun.IsCompleted || !await _connect.Tick()) return; // What another still sends would be news after the venue was asked.

        if (!_recovery.IsDone && await _recovery.Start(_books) is { } found)
        {
            await Observe(found.News);
            if (!await _reconciler.Start()) return;

            _recovery.Finish();
            await Tell(Announce());
            LogRecovered(_books.Ledger.Cash, found.News.Length);
        }

        if (_recovery.IsDone && await _recovery.FollowUp(_books) is { Length: > 0 } news) await Observe(news);
        if (_recovery.Complaint is { } complaint) LogVenue(complaint);
    }

    /// <summary>Shares we bought that complete no basket; what was held before us is not ours to sell.</summary>
    private ImmutableArray<Position> Excess() => Equity.Excess(_books.Ledger.Positions.Where(position => position.Market is not null), _settler.Exhaustive);

    private async Task NudgeHolders()
    {
        foreach (var market in _books.BusyMarkets()) await Market(market).Nudge();
    }

    private async Task QuarantineTick(CancellationToken cancellation)
    {
        if (!_recovery.IsDone) return;

        await _quarantine.Tick();
        await _missedEnds.Tick();
    }

    private Task BeatTick(CancellationToken cancellation)
    {
        _reconciler.Beat();
        return Task.CompletedTask;
    }

    private Task HeartbeatTick(CancellationToken cancellation) =>
        _deadMan.Tick(isOn: _recovery.IsDone && !_isStopping && _books.Trading is not TradingState.Safe);

    private async Task SettleTick(CancellationToken cancellation)
    {
        try
        {
            if (_recovery.IsDone) await _settler.Tick();
        }
        catch (FencedException e)
        {
            Fenced(e);
        }
    }

    private Task<bool> Announce() => Portfolio.Announce(_books.Announcement(
        _fence, isRecovering: !_recovery.IsDone,
        _sender.Unwritten.Concat(_settler.Unwritten)));

    [LoggerMessage(LogLevel.Information, "Gateway {Fence} is up: {State}, epoch {Epoch}, {Orders} orders in the journal")]
    private partial void LogActivated(long fence, TradingState state, long epoch, int orders);

    [LoggerMessage(LogLevel.Information, "Recovered: cash {Cash}, {News} pieces of news from the venue")]
    private partial void LogRecovered(Usd cash, int news);

    [LoggerMessage(LogLevel.Warning, "What all is worth was not written: {Why}")]
    private partial void LogUnsampled(string why);

    [LoggerMessage(LogLevel.Error, "The portfolio did not answer; it is told everything again")]
    private partial void LogUntold(Exception exception);

    [LoggerMessage(LogLevel.Warning, "Venue: {Complaint}")]
    private partial void LogVenue(string complaint);
}
