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
/// errors in its log. It comes before the trading and goes behind it, so that it sees both ends.
/// </summary>
internal sealed partial class AlertWatch(
    IGrainFactory grains, IHistory history, AlertDesk desk, AlertSetup setup, LoggedErrors errors, StopOutcome outcome, TimeProvider time, ILogger<AlertWatch> logger)
    : BackgroundService
{
    public static readonly TimeSpan Period = TimeSpan.FromSeconds(5);

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(4);

    /// <summary>Proofs are read every so many rounds.</summary>
    private const int ProofRounds = 6;

    private readonly StatusAlerts _status = new(setup.FreeBytesMin);
    private long _factsSeen;
    private Instant _startedAt;
    private int _rounds;
    private bool _isUp;
    private string? _problem;

    /// <summary>What the journal held before is no news.</summary>
    public override async Task StartAsync(CancellationToken cancellationToken)
    {
        _startedAt = time.Now();
        try
        {
            _factsSeen = (await history.Facts(new HistoryQuery(Last: 1))) is [.., var last] ? last.N : 0;
        }
        catch (IOException e)
        {
            LogRound(e.Message);
        }

        await base.StartAsync(cancellationToken);
    }

    protected override Task ExecuteAsync(CancellationToken stoppingToken) => Rounds.Run(Period, time, Round, stoppingToken);

    /// <summary>The trading has stopped by now: what it left in the journal, and how it ended.</summary>
    public override async Task StopAsync(CancellationToken cancellationToken)
    {
        await base.StopAsync(cancellationToken);
        await Try(ReadFacts);
        if (outcome.IsStopConfirmed) desk.Raise(AlertLevel.Info, null, $"The silo on {Environment.MachineName} has ended");
        else desk.Raise(AlertLevel.Critical, null, $"The silo on {Environment.MachineName} has ended and could NOT confirm its stop: look at the venue's open orders");
    }

    private async Task Round(CancellationToken stopping)
    {
        await Try(() => LookAtStatus(stopping));
        await Try(ReadFacts);
        if (_isUp && _rounds++ % ProofRounds == 0) await Try(() => LookAtProofs(stopping));
        await Try(LookAtDisk);
        foreach (var (topic, text) in errors.Collect()) desk.Raise(AlertLevel.Warning, topic, text);
        desk.Tick();
        stopping.ThrowIfCancellationRequested();
    }

    private async Task LookAtStatus(CancellationToken stopping)
    {
        Status? status = null;
        try
        {
            status = await grains.GetGrain<IControl>(0).Status().WaitAsync(Patience, time, stopping);
        }
        catch (Exception e) when (e is TimeoutException or OrleansException)
        {
            // That is news itself.
        }

        if (status is not null && !_isUp)
        {
            _isUp = true;
            Started(status);
        }

        Raise(_status.See(status, time.Now()));
    }

    private void Started(Status status)
    {
        var state = $"{status.State.ToString().ToUpperInvariant()} ({status.Reason}), {status.Mode}{(status.DryRun ? ", dry run" : "")}";
        if (setup.DiedBefore is { } before) desk.Raise(AlertLevel.Critical, null, $"The silo on {Environment.MachineName} is back after one that died ({before}): {state}");
        else desk.Raise(AlertLevel.Info, null, $"The silo on {Environment.MachineName} has started: {state}");
    }

    /// <summary>What is older than this process is no news, even where its end was not found at the start.</summary>
    private async Task ReadFacts()
    {
        foreach (var line in await history.Facts(new HistoryQuery(HistoryQuery.Most, After: _factsSeen)))
        {
            _factsSeen = line.N;
            if (line.At >= _startedAt && FactAlerts.Kinds.Contains(line.Kind) && FactAlerts.Of(DomainJson.Read<Fact>(line.Body)!) is { } alert) desk.Raise(alert.Level, alert.Topic, alert.Text);
        }
    }

    private async Task LookAtProofs(CancellationToken stopping)
    {
        MarketTotals totals;
        try
        {
            totals = await grains.GetGrain<IClusterView>(0).Totals().WaitAsync(Patience, time, stopping);
        }
        catch (Exception e) when (e is TimeoutException or OrleansException)
        {
            return; // Half a minute later again; a silo that hangs is told of by its gateway.
        }

        Raise(_status.See(totals.Proofs, time.Now()));
    }

    private Task LookAtDisk()
    {
        Raise(_status.See(new DriveInfo(setup.DataDirectory).AvailableFreeSpace, time.Now()));
        return Task.CompletedTask;
    }

    private void Raise(ImmutableArray<Alert> alerts)
    {
        foreach (var alert in alerts) desk.Raise(alert.Level, alert.Topic, alert.Text);
    }

    /// <summary>Whoever only looks must never end a silo, whatever he finds.</summary>
    private async Task Try(Func<Task> look)
    {
        try
        {
            await look();
        }
        catch (Exception e) when (e is not OperationCanceledException)
        {
            if (e.Message != _problem) LogRound(e.Message); // Once, and not every few seconds.
            _problem = e.Message;
        }
    }

    [LoggerMessage(LogLevel.Warning, "A look at the silo failed: {Why}")]
    private partial void LogRound(string why);
}
