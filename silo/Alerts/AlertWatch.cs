using System.Collections.Immutable;
using PolyArb.Config;
using PolyArb.Domain;
using PolyArb.Domain.Journal;
using PolyArb.Domain.Ports;
using PolyArb.Grains;
using PolyArb.Grains.Interfaces;
using PolyArb.Silo.Hosting;

namespace PolyArb.Silo.Alerts;

/// <summary>
/// Looks at the silo every few seconds, as a reader like any other: its status, what is new in the journal, its proofs, its disk, and the
/// errors in its log. Of a cluster, the silo with the gateway tells what is everybody's, and the others what is critical of it as well: the gateway's may
/// have lost its network, and have stopped for that. It comes before the trading and goes behind it, so that it sees both ends. A look that hangs or fails,
/// whatever it throws, keeps no other from being taken, and ends nothing.
/// </summary>
/// <param name="history">Read by connections of its own: a page that scans the journal holds up no alert.</param>
internal sealed partial class AlertWatch(
    IGrainFactory grains, [FromKeyedServices(nameof(AlertWatch))] IHistory history, AlertDesk desk, AlertSetup setup, LoggedErrors errors,
    GatewayPresence presence, StopOutcome outcome, TimeProvider time, ILogger<AlertWatch> logger) : BackgroundService
{
    public static readonly TimeSpan Period = TimeSpan.FromSeconds(5);

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(4);

    /// <summary>Proofs are read every so many rounds.</summary>
    private const int ProofRounds = 6;

    private readonly StatusAlerts _status = new(setup.FreeBytesMin);
    private readonly DiskLook<ImmutableArray<FactLine>> _facts = new(Patience, time);
    private readonly DiskLook<long> _free = new(Patience, time);
    private readonly HashSet<string> _failing = [];
    private long _factsSeen;
    private Instant _startedAt;
    private int _rounds;
    private bool _isUp;

    /// <summary>What the journal held before is no news.</summary>
    public override Task StartAsync(CancellationToken cancellationToken)
    {
        _startedAt = time.Now();
        return base.StartAsync(cancellationToken);
    }

    protected override Task ExecuteAsync(CancellationToken stoppingToken) => Rounds.Run(Period, time, Round, stoppingToken);

    /// <summary>The trading has stopped by now: what it left in the journal, and how it ended.</summary>
    public override async Task StopAsync(CancellationToken cancellationToken)
    {
        await base.StopAsync(cancellationToken);
        await Try("journal", ReadFacts, cancellationToken);
        await Try("log", ReadLog, cancellationToken);
        if (outcome.IsStopConfirmed) desk.Raise(AlertLevel.Info, null, $"The silo on {Environment.MachineName} has ended");
        else desk.Raise(AlertLevel.Critical, null, $"The silo on {Environment.MachineName} has ended and could NOT confirm its stop: look at the venue's open orders. `polyarb-client kill --direct` cancels them without a silo");
        desk.End();
    }

    private async Task Round(CancellationToken stopping)
    {
        await Try("gateway", LookAtStatus, stopping);
        await Try("journal", ReadFacts, stopping);
        if (_isUp && _rounds++ % ProofRounds == 0) await Try("books", LookAtProofs, stopping);
        await Try("disk", LookAtDisk, stopping);
        await Try("log", ReadLog, stopping);
        desk.Tick();
        stopping.ThrowIfCancellationRequested();
    }

    private async Task LookAtStatus(CancellationToken stopping)
    {
        Status status;
        try
        {
            status = await grains.GetGrain<IControl>(0).Status().WaitAsync(Patience, time, stopping);
        }
        catch (Exception e) when (e is not OutOfMemoryException && !stopping.IsCancellationRequested)
        {
            Raise(_status.See(e.Message, time.Now())); // Whatever it threw, that is news itself.
            return;
        }

        if (!_isUp) Started(status);
        _isUp = true;
        var alerts = _status.See(status, time.Now());
        if (presence.IsHere) Raise(alerts);
    }

    private void Started(Status status)
    {
        var state = $"{status.State.ToString().ToUpperInvariant()} ({status.Reason}), {status.Mode}{(status.DryRun ? ", dry run" : "")}";
        if (setup.DiedBefore is { } before) desk.Raise(AlertLevel.Critical, null, $"The silo on {Environment.MachineName} is back after one that died ({before}): {state}. `polyarb-client status` before you resume");
        else desk.Raise(AlertLevel.Info, null, $"The silo on {Environment.MachineName} has started: {state}");
    }

    private async Task ReadFacts(CancellationToken stopping)
    {
        foreach (var line in await _facts.Take(NewFacts, stopping))
        {
            _factsSeen = line.N;
            if (line.At < _startedAt || !FactAlerts.Kinds.Contains(line.Kind)) continue;

            var fact = DomainJson.Read<Fact>(line.Body)!;
            if (fact is Fact.StateChanged moved && !_status.IsNews(moved)) continue;
            if (FactAlerts.Of(fact) is not { } alert) continue;
            if (presence.IsHere) desk.Raise(alert);
            else if (alert.Level is AlertLevel.Critical) desk.Raise(alert with { Text = $"{alert.Text} (the silo on {Environment.MachineName} tells it too, in case the gateway's reaches nobody)" });
        }
    }

    /// <summary>Those behind the last one seen. Of more than one answer holds, which is the newest, at least the kinds that are told.</summary>
    private async Task<ImmutableArray<FactLine>> NewFacts()
    {
        var asked = _factsSeen == 0 ? new HistoryQuery(HistoryQuery.Most, Since: _startedAt) : new HistoryQuery(HistoryQuery.Most, After: _factsSeen);
        var newest = await history.Facts(asked);
        if (newest.Length < HistoryQuery.Most) return newest;

        var last = newest[^1];
        List<FactLine> told = [last];
        foreach (var kind in FactAlerts.Kinds) told.AddRange((await history.Facts(asked with { Kind = kind })).Where(line => line.N < last.N));
        return [.. told.OrderBy(line => line.N)];
    }

    private async Task LookAtProofs(CancellationToken stopping)
    {
        MarketTotals totals;
        try
        {
            totals = await grains.GetGrain<IClusterView>(0).Totals().WaitAsync(Patience, time, stopping);
        }
        catch (Exception e) when (NoAnswer.Is(e))
        {
            return; // Half a minute later again; a silo that hangs is told of by its gateway.
        }

        Raise(_status.See(totals.Proofs, time.Now()));
    }

    private async Task LookAtDisk(CancellationToken stopping) =>
        Raise(_status.See(await _free.Take(() => Task.FromResult(new DriveInfo(setup.DataDirectory).AvailableFreeSpace), stopping), time.Now()));

    private Task ReadLog(CancellationToken stopping)
    {
        foreach (var (topic, text) in errors.Collect()) desk.Raise(AlertLevel.Warning, topic, text);
        return Task.CompletedTask;
    }

    private void Raise(ImmutableArray<Alert> alerts)
    {
        foreach (var alert in alerts) desk.Raise(alert);
    }

    /// <summary>Whoever only looks must never end a silo, whatever he finds.</summary>
    private async Task Try(string what, Func<CancellationToken, Task> look, CancellationToken stopping)
    {
        try
        {
            await look(stopping);
            _failing.Remove(what);
        }
        catch (Exception e) when (e is not OutOfMemoryException)
        {
            if (!stopping.IsCancellationRequested && _failing.Add(what)) LogFailed(what, e.Message); // Once, and not every few seconds.
        }
    }

    [LoggerMessage(LogLevel.Warning, "A look at the {What} failed: {Why}")]
    private partial void LogFailed(string what, string why);
}
