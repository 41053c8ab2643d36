using System.Collections.Immutable;
using Microsoft.Extensions.Time.Testing;
using PolyArb.Config;
using PolyArb.Domain;
using PolyArb.Domain.Journal;
using PolyArb.Domain.Ports;
using PolyArb.Domain.Risk;
using PolyArb.Grains;
using PolyArb.Silo.Alerts;
using PolyArb.Silo.Hosting;
using PolyArb.Tests.Grains;
using Serilog.Events;
using Serilog.Parsing;
using Xunit;
using Delivery = PolyArb.Silo.Alerts.Delivery;

namespace PolyArb.Tests.Silo.Alerts;

public sealed class AlertWatchTests : IAsyncDisposable
{
    private readonly FakeTimeProvider _clock = new(DateTimeOffset.UtcNow);
    private readonly KeptAlerts _told = new();
    private readonly LogLines _log = new();
    private readonly LoggedErrors _errors = new();
    private readonly StopOutcome _outcome = new();
    private AlertWatch? _watch;
    private AlertSending? _sending;

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public async ValueTask DisposeAsync()
    {
        if (_watch is not null) await _watch.StopAsync(CancellationToken.None);
        if (_sending is not null) await _sending.StopAsync(new CancellationToken(canceled: true)); // What waits may go.
        _watch?.Dispose();
        _sending?.Dispose();
    }

    [Fact]
    public async Task What_happens_in_the_journal_is_told_and_what_was_there_before_is_not()
    {
        await using var cluster = await ScriptedCluster.Start();
        await cluster.Gateway.Pause("ann", "before");
        await Watch(cluster);
        await Told("INFO: The silo on");

        await cluster.Gateway.Kill("ann", "it burns");

        await Told("CRITICAL: SAFE by ann: it burns");
        Assert.DoesNotContain(_told.Texts, text => text.Contains("before", StringComparison.Ordinal) && !text.Contains("has started", StringComparison.Ordinal));
    }

    /// <summary>The silo with the gateway may have stopped because it lost its network: then it reaches nobody.</summary>
    [Fact]
    public async Task A_silo_without_the_gateway_tells_of_a_stop_as_well_and_of_nothing_else()
    {
        await using var cluster = await ScriptedCluster.Start();
        await Watch(cluster, presence: new GatewayPresence());
        await Told("INFO: The silo on");

        await cluster.Gateway.Pause("ann", "a look");
        await cluster.Gateway.Kill("ann", "it burns");

        await Told($"CRITICAL: SAFE by ann: it burns");
        Assert.Contains(_told.Texts, text => text.Contains($"the silo on {Environment.MachineName} tells it too", StringComparison.Ordinal));
        Assert.DoesNotContain(_told.Texts, text => text.Contains("a look", StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_start_after_a_death_says_so()
    {
        await using var cluster = await ScriptedCluster.Start();

        await Watch(cluster, diedBefore: "pid 12 since 2026-07-01T12:00:00Z");

        await Told($"CRITICAL: The silo on {Environment.MachineName} is back after one that died (pid 12 since 2026-07-01T12:00:00Z): RUNNING");
    }

    [Fact]
    public async Task A_gateway_that_does_not_answer_is_told_of()
    {
        await using var cluster = await ScriptedCluster.Start();
        await Watch(cluster);
        await Told("INFO: The silo on");

        cluster.Calls.Hold("Status");

        await Told("CRITICAL: The gateway does not answer");
        cluster.Calls.LetGo();
        await Told("INFO: gateway: well again (trading is RUNNING)");
    }

    public static TheoryData<Exception> Failures => new() { new InvalidOperationException("the disk is full"), new OperationCanceledException("the disk is full") };

    [Theory]
    [MemberData(nameof(Failures), DisableDiscoveryEnumeration = true)]
    public async Task A_gateway_that_cannot_begin_is_told_of_like_a_silent_one(Exception failure)
    {
        await using var cluster = await ScriptedCluster.Start();
        cluster.Calls.Fails = method => method is "Status" ? failure : null;

        await Watch(cluster);

        await Told("CRITICAL: The gateway does not answer (the disk is full)");
        cluster.Calls.Fails = _ => null;
        await Told("INFO: The silo on");
    }

    [Fact]
    public async Task A_kill_that_the_journal_does_not_take_is_told_all_the_same_and_once()
    {
        await using var cluster = await ScriptedCluster.Start();
        await Watch(cluster);
        await Told("INFO: The silo on");
        cluster.Journal.Fails = fact => fact is Fact.StateChanged;

        await cluster.Gateway.Kill("ann", "it burns");

        await Told("CRITICAL: SAFE: it burns (not in the journal yet)");
        cluster.Journal.Fails = _ => false;
        await cluster.Journal.Until(fact => fact is Fact.StateChanged { To: TradingState.Safe });
        await Told("INFO: journal: well again (trading is SAFE)");
        Assert.Single(_told.Texts, text => text.Contains("it burns", StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_pause_whose_fact_is_written_late_is_told()
    {
        await using var cluster = await ScriptedCluster.Start();
        await Watch(cluster);
        await Told("INFO: The silo on");
        cluster.Journal.Fails = fact => fact is Fact.StateChanged;
        cluster.Self.Complaint = "overload: 5 inputs waiting";
        await FaultDay.Until(async () => await cluster.Gateway.Status() is { State: TradingState.Paused, Journal.Length: > 0 });
        cluster.Journal.Fails = _ => false;
        await cluster.Journal.Until(fact => fact is Fact.StateChanged { From: TradingState.Paused, To: TradingState.Paused });

        await Told("WARNING: PAUSED by silo: overload: 5 inputs waiting");
    }

    [Fact]
    public async Task A_disk_that_hangs_silences_nothing_else_and_holds_up_no_end()
    {
        await using var cluster = await ScriptedCluster.Start();
        var history = new ScriptedHistory(cluster.Journal) { Hang = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously) };
        await Watch(cluster, history);
        await Told("INFO: The silo on");

        cluster.Calls.Hold("Status");
        await Told("CRITICAL: The gateway does not answer");
        Assert.Equal(1, history.Asked); // Not again before it has answered.

        _outcome.IsStopConfirmed = true;
        var ending = _watch!.StopAsync(Cancellation);
        await Passed(() => ending.IsCompleted);
        await Told($"INFO: The silo on {Environment.MachineName} has ended");
        history.Hang.SetResult();
    }

    [Fact]
    public async Task More_facts_than_one_answer_holds_hide_none_that_is_told()
    {
        await using var cluster = await ScriptedCluster.Start();
        await Watch(cluster);
        await Told("INFO: The silo on");
        var now = TimeProvider.System.Now();

        await cluster.Journal.Append(
            [new Fact.ErrorNoted(now, "basket b-1", "held"), .. Enumerable.Repeat(new Fact.EquitySampled(now, Usd.Zero, Usd.Zero), HistoryQuery.Most)], fence: 1);

        await Told("WARNING: basket b-1: held");
        await cluster.Gateway.Kill("ann", "it burns");
        await Told("CRITICAL: SAFE by ann: it burns");
        Assert.Single(_told.Texts, text => text.Contains("basket b-1", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Errors_of_the_log_are_told_once_for_each_sentence()
    {
        await using var cluster = await ScriptedCluster.Start();
        await Watch(cluster);
        foreach (var market in (string[])["m-1", "m-2"])
        {
            _errors.Emit(new LogEvent(
                _clock.GetUtcNow(), LogEventLevel.Error, new IOException("disk full"), new MessageTemplateParser().Parse("Not sent on {Market}: the journal did not take it"),
                [new LogEventProperty("Market", new ScalarValue(market))]));
        }

        _errors.Emit(new LogEvent(_clock.GetUtcNow(), LogEventLevel.Warning, null, new MessageTemplateParser().Parse("no error"), []));

        await Told("WARNING: Not sent on m-1: the journal did not take it (IOException: disk full)");
        await Passed(() => _told.Texts.Any(text => text.Contains("(1 times more since", StringComparison.Ordinal)));
        Assert.DoesNotContain(_told.Texts, text => text.Contains("no error", StringComparison.Ordinal));
    }

    [Fact]
    public async Task An_error_that_cannot_be_printed_ends_nothing()
    {
        await using var cluster = await ScriptedCluster.Start();
        await Watch(cluster);
        _errors.Emit(new LogEvent(
            _clock.GetUtcNow(), LogEventLevel.Error, null, new MessageTemplateParser().Parse("{What}"), [new LogEventProperty("What", new Unprintable())]));
        _errors.Emit(new LogEvent(_clock.GetUtcNow(), LogEventLevel.Error, null, new MessageTemplateParser().Parse("the next one"), []));

        await Told("WARNING: the next one");
        Assert.Equal(1, _log.Count("A look at the log failed: unprintable"));
    }

    [Fact]
    public void A_flood_of_errors_is_bounded_and_counted()
    {
        for (var i = 0; i < 1_000; i++) _errors.Emit(new LogEvent(_clock.GetUtcNow(), LogEventLevel.Error, null, new MessageTemplateParser().Parse($"error {i}"), []));

        var collected = _errors.Collect().ToArray();

        Assert.Equal(101, collected.Length);
        Assert.Equal("900 more errors are in the log", collected[^1].Text);
        Assert.Empty(_errors.Collect());
    }

    [Theory]
    [InlineData(true, "INFO: The silo on {host} has ended")]
    [InlineData(false, "CRITICAL: The silo on {host} has ended and could NOT confirm its stop")]
    public async Task The_end_is_told_behind_what_the_trading_left_in_the_journal(bool isConfirmed, string begin)
    {
        await using var cluster = await ScriptedCluster.Start();
        await Watch(cluster);
        await Told("INFO: The silo on");
        await cluster.Gateway.Kill("ann", "the last word");
        _outcome.IsStopConfirmed = isConfirmed;

        await _watch!.StopAsync(Cancellation);

        await Told(begin.Replace("{host}", Environment.MachineName, StringComparison.Ordinal));
        Assert.Contains(_told.Texts, text => text.StartsWith("CRITICAL: SAFE by ann: the last word", StringComparison.Ordinal));
    }

    [Fact]
    public async Task An_end_in_quiet_hours_tells_what_they_held()
    {
        await using var cluster = await ScriptedCluster.Start();
        var now = TimeOnly.FromDateTime(_clock.GetUtcNow().UtcDateTime);
        await Watch(cluster, quiet: new QuietHours(now.AddHours(-2), now.AddHours(2), TimeZoneInfo.Utc));
        _outcome.IsStopConfirmed = true;

        await _watch!.StopAsync(Cancellation);

        await Told("INFO: In the quiet hours:");
        Assert.Contains(_told.Texts, text => text.Contains($"The silo on {Environment.MachineName} has ended", StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_journal_that_cannot_be_read_is_said_once_and_ends_nothing()
    {
        await using var cluster = await ScriptedCluster.Start();
        var history = new ScriptedHistory(cluster.Journal) { IsBroken = true };
        await Watch(cluster, history);
        await Passed(() => history.Asked > 5);

        Assert.Equal(1, _log.Count("A look at the journal failed: unreadable"));
        history.IsBroken = false;
        await cluster.Gateway.Kill("ann", "it burns");
        await Told("CRITICAL: SAFE by ann: it burns");
    }

    private async Task Watch(ScriptedCluster cluster, ScriptedHistory? history = null, string? diedBefore = null, QuietHours? quiet = null, GatewayPresence? presence = null)
    {
        var written = await new ScriptedHistory(cluster.Journal).Facts(new HistoryQuery(HistoryQuery.Most));
        foreach (var line in written) DomainJson.Read<Fact>(line.Body); // The first time in a process takes longer than a look has, by a clock that runs so fast.
        _clock.SetUtcNow(DateTimeOffset.UtcNow); // What the cluster has done so far was before.
        _sending = new AlertSending([_told], _clock, _log.Of<AlertSending>());
        var desk = new AlertDesk(new AlertFilter(AlertLevel.Info, quiet), _sending, Redactor.Nothing, _clock);
        var setup = new AlertSetup { DataDirectory = Path.GetTempPath(), DiedBefore = diedBefore };
        _watch = new AlertWatch(cluster.Grains, history ?? new ScriptedHistory(cluster.Journal), desk, setup, _errors, presence ?? Here.Now, _outcome, _clock, _log.Of<AlertWatch>());
        await _sending.StartAsync(Cancellation);
        await _watch.StartAsync(Cancellation);
    }

    private async Task Told(string begin)
    {
        try
        {
            await Passed(() => _told.Texts.Any(text => text.StartsWith(begin, StringComparison.Ordinal)));
        }
        catch (OperationCanceledException)
        {
            Assert.Fail($"not told: {begin}; told: {string.Join(" | ", _told.Texts)}");
        }
    }

    private Task Passed(Func<bool> holds) => PassingTime.Until(_clock, TimeSpan.FromSeconds(1), holds);

    private sealed class KeptAlerts : IAlertChannel
    {
        private ImmutableArray<string> _texts = [];

        public ImmutableArray<string> Texts => _texts;

        public string Name => "kept";

        public int TriesMax => 1;

        public Task<Delivery> Send(Alert alert, CancellationToken cancellation)
        {
            ImmutableInterlocked.Update(ref _texts, texts => texts.Add($"{alert.Level.ToString().ToUpperInvariant()}: {alert.Text}"));
            return Task.FromResult<Delivery>(new Delivery.Done());
        }
    }

    private sealed class Unprintable : LogEventPropertyValue
    {
        public override void Render(TextWriter output, string? format = null, IFormatProvider? formatProvider = null) => throw new FormatException("unprintable");
    }

    /// <summary>The journal of a scripted cluster, read beside it.</summary>
    private sealed class ScriptedHistory(ScriptedJournal journal) : IHistory
    {
        private int _asked;

        public bool IsBroken { get; set; }

        /// <summary>Set: nothing is answered before it is.</summary>
        public TaskCompletionSource? Hang { get; init; }

        public int Asked => Volatile.Read(ref _asked);

        public async Task<ImmutableArray<FactLine>> Facts(HistoryQuery asked)
        {
            Interlocked.Increment(ref _asked);
            if (Hang is { } hang) await hang.Task;
            if (IsBroken) throw new IOException("unreadable");

            return journal.Facts
                .Select((fact, i) => (Fact: fact, N: i + 1, Kind: fact.GetType().Name))
                .Where(row => row.N > asked.After && row.Fact.At >= (asked.Since ?? row.Fact.At) && row.Kind == (asked.Kind ?? row.Kind))
                .TakeLast(asked.Last)
                .Select(row => new FactLine(row.N, row.Fact.At, row.Kind, null, null, DomainJson.Write(row.Fact)))
                .ToImmutableArray();
        }

        public Task<ImmutableArray<ErrorLine>> Errors(HistoryQuery asked) => throw new NotSupportedException();

        public Task<ImmutableArray<InputLine>> Inputs(HistoryQuery asked) => throw new NotSupportedException();

        public Task<ImmutableArray<OrderLine>> Orders(HistoryQuery asked) => throw new NotSupportedException();

        public Task<ImmutableArray<EquityLine>> Equity(HistoryQuery asked) => throw new NotSupportedException();
    }
}
