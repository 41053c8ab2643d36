using System.Diagnostics.Metrics;
using PolyArb.Domain;
using PolyArb.Domain.Guards;
using PolyArb.Domain.Ports;
using PolyArb.Domain.Risk;
using PolyArb.Grains;
using PolyArb.Grains.Interfaces;
using PolyArb.Silo.Hosting;
using PolyArb.Storage;

namespace PolyArb.Silo.Metrics;

/// <summary>What is read only when somebody asks: counters that are kept anyway, and the last snapshot. Asking costs the trader nothing.</summary>
internal sealed class ObservedMeters : ISnapshotReader
{
    private const double Micros = 1e6;

    private static readonly string[] States = Words.Snakes<TradingState>();
    private static readonly string[] Refusals = Words.Snakes<Refusal>();

    private static readonly string[] Causes =
        [.. new[] { PhantomLog.Crossed, PhantomLog.Skew, PhantomLog.FailedProof, PhantomLog.Unproven, PhantomLog.Implausible }.Select(Cause)];

    private readonly Meter _meter;
    private readonly TimeProvider _time;
    private readonly Instant _startedAt;
    private readonly SteadyCounts _market = new();
    private readonly SteadyCounts _proofs = new("ok", "failed", "unknown");
    private readonly SteadyCounts _phantoms = new(Causes);
    private readonly SteadyCounts _phantomMicros = new(Causes);
    private volatile SiloSnapshot? _last;

    public ObservedMeters(
        TradingMeters meters, CountingTap tap, SqliteRecorder recorder, SqlJournal journal, SnapshotWriter snapshots, IMarketFeed feed, IUserFeed user,
        ProposalCounts proposals, ISelfCheck self, RulesInForce rules, TimeProvider time)
    {
        (_meter, _time, _startedAt) = (meters.Meter, time, time.Now());
        ObserveFeed(tap, recorder, feed, user, self);
        ObserveMarkets();
        ObserveOrders(proposals);
        ObserveMoney();
        ObserveLimits(rules);
        Counter("polyarb.journal.commits", "Transactions of the journal; each may hold several appends.", () => journal.Commits);
        Counter("polyarb.snapshots.dropped", "Rows of snapshots that were not written: no room in the queue, or no disk.", () => snapshots.Dropped);
    }

    public void Take(SiloSnapshot snapshot)
    {
        var markets = snapshot.Markets;
        _market.Take(markets.SelectMany(market => new[]
        {
            (market.Id.Text, "events", market.Events), (market.Id.Text, "turns", market.Turns), (market.Id.Text, "detected", market.Detected),
            (market.Id.Text, "late", market.LateSnapshots), (market.Id.Text, "picked", market.Guards.PickedOff),
        }));
        _proofs.Take(markets.SelectMany(market => new[]
        {
            (market.Id.Text, "ok", market.Proofs.Ok), (market.Id.Text, "failed", market.Proofs.Failed), (market.Id.Text, "unknown", market.Proofs.Unknown),
        }));
        _phantoms.Take(markets.SelectMany(market => market.Phantoms.Select(cause => (market.Id.Text, Cause(cause.Key), cause.Value))));
        _phantomMicros.Take(markets.SelectMany(market =>
            market.Guards.PhantomSeconds.Select(cause => (market.Id.Text, Cause(cause.Key), (long)(cause.Value * Micros)))));
        _last = snapshot;
    }

    private void ObserveFeed(CountingTap tap, SqliteRecorder recorder, IMarketFeed feed, IUserFeed user, ISelfCheck self)
    {
        Counter("polyarb.frames", "Frames of the market channel received.", () => tap.MarketFrames);
        Counter("polyarb.recorder.written", "Inputs the recorder has put on disk.", () => recorder.Written);
        Counter("polyarb.recorder.lost", "Inputs the recorder could not keep: a replay misses them.", () => recorder.Lost);
        _meter.CreateObservableGauge(
            "polyarb.queue.waiting",
            () => new Measurement<long>[]
            {
                new(feed.Waiting, Tag("queue", "market")), new(recorder.Waiting, Tag("queue", "recorder")),
                new(ThreadPool.PendingWorkItemCount, Tag("queue", "thread_pool")),
            },
            null, "What waits to be worked on now, by queue.");
        _meter.CreateObservableGauge(
            "polyarb.stream.up",
            () => new Measurement<long>[] { new(Up(feed.State), Tag("stream", "market")), new(Up(user.Health.State), Tag("stream", "user")) },
            null, "1 while a stream is live or has nothing to follow, by stream.");
        _meter.CreateObservableGauge("polyarb.clock.moved", () => self.Moved.TotalSeconds, "s", "How far the machine's clock was set ahead of time that passed.");
    }

    private void ObserveMarkets()
    {
        Counter("polyarb.events", "Book updates that desks took.", () => _market.Sums.GetValueOrDefault("events"));
        Counter("polyarb.turns", "Batches that desks worked on.", () => _market.Sums.GetValueOrDefault("turns"));
        Counter("polyarb.edges.detected", "Baskets that desks found worth buying.", () => _market.Sums.GetValueOrDefault("detected"));
        Counter("polyarb.snapshots.late", "Snapshots older than the books they would have replaced.", () => _market.Sums.GetValueOrDefault("late"));
        Counter("polyarb.picked.off", "Fills the price ran away from at once.", () => _market.Sums.GetValueOrDefault("picked"));
        Counters("polyarb.proofs", "Books compared with the venue's hash, by result.", "result", () => _proofs.Sums);
        Counters("polyarb.phantoms", "Edges on books that cannot be trusted, never traded, by cause.", "cause", () => _phantoms.Sums);
        _meter.CreateObservableCounter(
            "polyarb.phantom.duration", () => _phantomMicros.Sums.Select(sum => new Measurement<double>(sum.Value / Micros, Tag("cause", sum.Key))), "s",
            "How long phantoms lasted, together, by cause.");
        Gauge("polyarb.markets.enabled", "Markets that are enabled.", snapshot => snapshot.Markets.Length);
        Gauge("polyarb.books.synced", "Books that are whole.", snapshot => snapshot.Markets.Sum(market => market.Synced));
        Gauge("polyarb.books.stale", "Books of open questions that wait for a snapshot.", snapshot => snapshot.Markets.Sum(market => market.Stale));
    }

    private void ObserveOrders(ProposalCounts proposals)
    {
        _meter.CreateObservableCounter("polyarb.proposals", () => Answers(proposals), null, "What desks asked for and were answered: passed, or why not.");
        Counter("polyarb.rate.limit.waits", "Proposals that waited for their turn by our own rate limits.", () => proposals.Waits);
        _meter.CreateObservableCounter("polyarb.rate.limit.wait", () => proposals.Waited.TotalSeconds, "s", "How long they waited, together.");
        Gauge("polyarb.orders.open", "Orders that may still match.", snapshot => snapshot.Status.OpenOrders);
        Gauge("polyarb.orders.unresolved", "Orders of unknown outcome: their money is kept aside.", snapshot => snapshot.Status.UnresolvedOrders);
    }

    private void ObserveMoney()
    {
        Dollars("polyarb.equity.dollars", "Cash and what is held; absent while it is not known.", status => status.Equity);
        Dollars("polyarb.cash.dollars", "Cash by our ledger.", status => status.Cash);
        Dollars("polyarb.exposure.dollars", "At risk, reservations included.", status => status.Exposure);
        Dollars("polyarb.pnl.realized.dollars", "Profit of what is over.", status => status.RealizedPnl);
        Dollars("polyarb.pnl.hourly.dollars", "Profit within the last hour.", status => status.HourlyPnl);
        Dollars("polyarb.pnl.daily.dollars", "Profit within the last 24 hours.", status => status.DailyPnl);
        Dollars("polyarb.drawdown.dollars", "Below the highest equity.", status => status.Drawdown);
        Gauge("polyarb.recovering", "1 while the venue has to be read before anything is sent.", snapshot => snapshot.Status.Recovering ? 1 : 0);
        Gauge("polyarb.journal.up", "1 while facts can be written.", snapshot => snapshot.Status.Journal.Length == 0 ? 1 : 0);
        Gauge("polyarb.venue.up", "1 while orders may go to the venue, as far as is known.", snapshot => snapshot.Status.Venue.Length == 0 ? 1 : 0);
        Gauge("polyarb.dry.run", "1 when orders go to the paper venue.", snapshot => snapshot.Status.DryRun ? 1 : 0);
        Gauge("polyarb.epoch", "Raised by every stop.", snapshot => snapshot.Status.Epoch);
        _meter.CreateObservableGauge(
            "polyarb.state", () => _last is { } last ? States.Select((word, state) => new Measurement<long>((int)last.Status.State == state ? 1 : 0, Tag("state", word))) : [],
            null, "1 for the state of the kill switch, 0 for the others.");
        _meter.CreateObservableGauge(
            "polyarb.snapshot.age", () => (_time.Now() - (_last?.At ?? _startedAt)).TotalSeconds, "s",
            "How old the figures are that grains were asked for, or the silo while there are none. They are asked every few seconds, unless one does not answer.");
    }

    /// <summary>What alerts compare with, so that they follow a limit that is changed.</summary>
    private void ObserveLimits(RulesInForce rules)
    {
        _meter.CreateObservableGauge(
            "polyarb.drawdown.limit.dollars", () => rules.Now.Breakers.MaxDrawdown.Micros / Micros, null, "Below the highest equity at which trading stops.");
        _meter.CreateObservableGauge(
            "polyarb.latency.limit", () => rules.Now.Breakers.MaxLatency.TotalSeconds, "s", "From send to answer, p95, at which trading stops.");
    }

    private static IEnumerable<Measurement<long>> Answers(ProposalCounts proposals)
    {
        yield return new Measurement<long>(proposals.Passed, Tag("answer", "passed"));
        for (var reason = 0; reason < Refusals.Length; reason++) yield return new Measurement<long>(proposals.Refused((Refusal)reason), Tag("answer", Refusals[reason]));
    }

    private void Counter(string name, string help, Func<long> read) => _meter.CreateObservableCounter(name, read, null, help);

    private void Counters(string name, string help, string tag, Func<IReadOnlyDictionary<string, long>> read) =>
        _meter.CreateObservableCounter(name, () => read().Select(sum => new Measurement<long>(sum.Value, Tag(tag, sum.Key))), null, help);

    private void Gauge(string name, string help, Func<SiloSnapshot, long> read) =>
        _meter.CreateObservableGauge(name, () => _last is { } last ? [new Measurement<long>(read(last))] : Array.Empty<Measurement<long>>(), null, help);

    private void Dollars(string name, string help, Func<Status, Usd?> read) => _meter.CreateObservableGauge(
        name, () => _last is { } last && read(last.Status) is { } dollars ? [new Measurement<double>(dollars.Micros / Micros)] : Array.Empty<Measurement<double>>(), null, help);

    /// <summary>A stream that has nothing to follow is no trouble.</summary>
    private static int Up(StreamState state) => state is StreamState.Live or StreamState.Idle ? 1 : 0;

    private static string Cause(string cause) => cause.Replace(' ', '_');

    private static KeyValuePair<string, object?> Tag(string name, string value) => new(name, value);
}
