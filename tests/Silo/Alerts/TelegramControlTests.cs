using System.Text.RegularExpressions;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Time.Testing;
using PolyArb.Config;
using PolyArb.Domain.Journal;
using PolyArb.Domain.Risk;
using PolyArb.Silo.Alerts;
using PolyArb.Silo.Commands;
using PolyArb.Silo.Hosting;
using PolyArb.Silo.Telegram;
using PolyArb.Tests.Grains;
using Xunit;

namespace PolyArb.Tests.Silo.Alerts;

/// <summary>The bot on a Bot API of our own, over real HTTP.</summary>
public sealed partial class TelegramControlTests : IAsyncDisposable
{
    private const long Ann = 7_001;
    private const long Bob = 7_002;
    private const long Eve = 6_666;

    private readonly FakeTimeProvider _clock = new(DateTimeOffset.UtcNow);
    private readonly HttpClient _http = Wires.Client();
    private readonly List<IDisposable> _parts = [];
    private readonly LogLines _log = new();
    private FakeBotApi _api = null!;
    private AlertDesk? _desk;
    private TelegramControl? _control;
    private AlertSending? _sending;

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public async ValueTask DisposeAsync()
    {
        if (_control is not null) await _control.StopAsync(CancellationToken.None);
        if (_sending is not null) await Ended(_sending.StopAsync(CancellationToken.None));
        foreach (var part in _parts) part.Dispose();
        await _api.DisposeAsync();
        _http.Dispose();
        Assert.DoesNotContain("planted", _log.Text, StringComparison.OrdinalIgnoreCase); // Whatever a test did, the token is in no line.
    }

    [Fact]
    public async Task A_chat_on_the_list_controls_the_silo()
    {
        await using var cluster = await ScriptedCluster.Start();
        await Listen(new CommandApi(cluster.Grains, TimeProvider.System));

        Assert.StartsWith("RUNNING", await Asked("status"), StringComparison.Ordinal);
        Assert.StartsWith("paused (PAUSED", await Asked("/pause for lunch"), StringComparison.Ordinal);
        Assert.StartsWith("running (RUNNING", await Asked("resume after lunch"), StringComparison.Ordinal);
        Assert.StartsWith("cash ", await Asked("pnl"), StringComparison.Ordinal);
        Assert.Equal("no market is on", await Asked("markets"));
        var code = FourDigits().Match(await Asked("flatten it is late")).Value;
        _api.Write(Ann, code);
        Assert.Equal("flattening ...", (await _api.Next()).Text);
        Assert.Contains("(SAFE, ", (await _api.Next()).Text, StringComparison.Ordinal);
        await Asked("pause");
        await Asked("resume once more");
        Assert.Contains("(SAFE, ", await Asked("kill good night"), StringComparison.Ordinal);

        var moves = cluster.Journal.Facts.OfType<Fact.StateChanged>().Where(fact => fact.By == $"telegram:{Ann}").Select(fact => (fact.To, fact.Reason)).ToArray();
        Assert.Equal(
            [
                (TradingState.Paused, "for lunch"), (TradingState.Running, "after lunch"), (TradingState.Flattening, "it is late"), (TradingState.Safe, "it is late"),
                (TradingState.Paused, "no reason given"), (TradingState.Running, "once more"), (TradingState.Safe, "good night"),
            ],
            moves);
    }

    [Fact]
    public async Task Whoever_asks_is_answered_also_when_it_fails_in_a_way_nobody_expected()
    {
        var commands = await Listen();
        commands.Failure = new InvalidOperationException("the disk is full");

        Assert.StartsWith("This failed (the disk is full): it may or may not have been done", await Asked("kill"), StringComparison.Ordinal);
        commands.Failure = null;
        Assert.StartsWith("did kill", await Asked("kill"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task No_answer_holds_a_secret()
    {
        await Listen(new ScriptedCommands(), new Redactor(["planted-api-secret"]));

        Assert.Equal("did pause telegram:7001 the venue said (not shown)", await Asked("pause the venue said planted-api-secret"));
    }

    [Fact]
    public async Task A_stranger_is_refused_told_nothing_and_reported_to_all_on_the_list()
    {
        var commands = await Listen();

        _api.Write(Eve, "status", name: "eve<script>");
        _api.Write(Eve, "kill them");
        var said = new[] { await _api.Next(), await _api.Next(), await _api.Next(), await _api.Next() };

        Assert.All(said.Where(words => words.Chat == Eve), words => Assert.Equal("This bot answers nobody it does not know.", words.Text));
        Assert.Equal(2, said.Count(words => words.Chat == Eve));
        Assert.Equal(
            [$"WARNING: Telegram: user {Eve} evescript in chat {Eve} is not on control.telegram_allowlist, wrote to this bot and was refused"],
            said.Where(words => words.Chat != Eve).Select(words => words.Text).Distinct());
        Assert.Equal([Ann, Bob], said.Where(words => words.Chat != Eve).Select(words => words.Chat).Order());
        Assert.Contains($"user {Eve} evescript", _log.Text, StringComparison.Ordinal);
        Assert.Empty(commands.Done);
    }

    [Fact]
    public async Task Somebody_on_the_list_is_a_stranger_in_a_group_where_others_read()
    {
        var commands = await Listen();

        _api.Write(Ann, "status", chatType: "group");
        var said = new[] { await _api.Next(), await _api.Next() };

        Assert.Equal([Ann, Bob], said.Select(words => words.Chat).Order());
        Assert.All(said, words => Assert.Contains("in chat -4000 is not on", words.Text, StringComparison.Ordinal));
        Assert.Empty(commands.Done);
    }

    [Fact]
    public async Task A_stranger_with_patience_fills_neither_log_nor_chats()
    {
        await Listen();

        for (var i = 0; i < 200; i++) _api.Write(Eve + i, "status");
        _api.Write(Ann, "status");
        while ((await _api.Next()).Text != "did status")
        {
            // What strangers are told.
        }

        Assert.Equal(5, _log.Count("refused"));
    }

    [Fact]
    public async Task What_waited_from_before_the_start_is_not_done_but_for_kill()
    {
        _api = await FakeBotApi.Start();
        foreach (var said in (string[])["resume quickly", "kill now"]) _api.Write(Ann, said);
        var commands = await Listen();

        var answers = new[] { await _api.Next(), await _api.Next() };
        Assert.Equal("did status", await Asked("status"));

        Assert.Contains(answers, answer => answer.Text.StartsWith("\"resume\" came while nobody listened here, and was NOT done", StringComparison.Ordinal));
        Assert.Equal([$"kill telegram:{Ann} now", "status"], commands.Done);
    }

    [Fact]
    public async Task A_kill_does_not_wait_for_a_flatten()
    {
        var commands = await Listen();
        commands.Flat = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        _api.Write(Ann, FourDigits().Match(await Asked("flatten")).Value);
        Assert.Equal("flattening ...", (await _api.Next()).Text);

        Assert.StartsWith("did kill", await Asked("kill"), StringComparison.Ordinal);

        commands.Flat.SetResult();
        Assert.StartsWith("did flatten", (await _api.Next()).Text, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("refused")]
    [InlineData("silent")]
    [InlineData("429")]
    [InlineData("token")]
    public async Task A_bot_api_that_is_gone_disturbs_nothing_and_is_listened_to_again(string how)
    {
        await using var cluster = await ScriptedCluster.Start();
        await Listen(new CommandApi(cluster.Grains, TimeProvider.System));
        Assert.StartsWith("RUNNING", await Asked("status"), StringComparison.Ordinal);

        if (how is "refused") await _api.Close();
        if (how is "silent") _api.IsSilent = true;
        if (how is "429") _api.RetryAfter = 30;
        if (how is "token") _api.IsForgetful = true;
        _desk!.Raise(AlertLevel.Warning, null, "during the outage");
        await Passed(() => _log.Count("Telegram does not answer") > 0);
        var (rounds, polls) = (0, _api.Polls);
        await Passed(() => ++rounds > 500);
        Assert.Equal(1, _log.Count("Telegram does not answer")); // Said once, however often it is asked.
        Assert.InRange(_api.Polls - polls, 0, 10); // And not asked without a rest.

        cluster.Venue.Answer.SetResult(true); // It trades all the same.
        var proposal = ScriptedCluster.Proposal();
        await cluster.Gateway.Submit(proposal, await cluster.Reserved(proposal));
        Assert.Equal(1, cluster.Venue.Sends);

        if (how is "refused") await _api.Open();
        (_api.IsSilent, _api.RetryAfter, _api.IsForgetful) = (false, null, false);
        await Passed(() => _log.Count("Telegram answers again") > 0);
        await Passed(() => _log.Count("reach Telegram chat 7001 again") + _log.Count("reach Telegram chat 7002 again") == 2);
        Assert.Equal([Ann, Bob], _api.Rest().Where(said => said.Text == "WARNING: during the outage").Select(said => said.Chat).Distinct().Order());
        Assert.StartsWith("RUNNING", await Asked("status"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_comes_after_a_long_silence_may_be_old_and_is_not_done()
    {
        var commands = await Listen();
        await Asked("status");
        await _api.Close();
        await Passed(() => _log.Count("Telegram does not answer") > 0);
        _clock.Advance(TimeSpan.FromMinutes(3));
        _api.Write(Ann, "resume please");
        await _api.Open();
        await Passed(() => _log.Count("Telegram answers again") > 0);

        Assert.Contains("NOT done", (await _api.Next()).Text, StringComparison.Ordinal);
        Assert.Equal("did resume telegram:7001 please", await Asked("resume please"));
        Assert.Equal(2, commands.Done.Length);
    }

    [Fact]
    public async Task An_end_does_not_wait_for_a_bot_api_that_is_silent()
    {
        await Listen();
        _api.IsSilent = true;
        var polls = _api.Polls;
        await FaultDay.Until(() => Task.FromResult(_api.Polls > polls)); // And that one is held for ever.

        await _control!.StopAsync(Cancellation).WaitAsync(TimeSpan.FromSeconds(30), Cancellation);
    }

    [Fact]
    public async Task A_chat_that_has_blocked_the_bot_holds_up_nobody_else()
    {
        await Listen();
        _api.Blocked.Add(Ann);

        _desk!.Raise(AlertLevel.Critical, null, "wake up");

        Assert.Equal(new Said(Bob, "CRITICAL: wake up"), await _api.Next());
    }

    private async Task<ScriptedCommands> Listen()
    {
        var commands = new ScriptedCommands();
        await Listen(commands);
        return commands;
    }

    private async Task Listen(ICommandApi commands, Redactor? redactor = null)
    {
        _api ??= await FakeBotApi.Start();
        var bot = new TelegramBot(FakeBotApi.Token, _api.Url, _http, redactor ?? Redactor.Nothing, _clock);
        _parts.Add(_sending = new AlertSending([new TelegramChannel(bot, Ann), new TelegramChannel(bot, Bob)], _clock, _log.Of<AlertSending>()));
        _desk = new AlertDesk(new AlertFilter(AlertLevel.Info, quiet: null), _sending, Redactor.Nothing, _clock);
        _parts.Add(_control = new TelegramControl(bot, [Ann, Bob], commands, _desk, Here.Now, _clock, _log.Of<TelegramControl>()));
        await _sending.StartAsync(Cancellation);
        await _control.StartAsync(Cancellation);
        await FaultDay.Until(() => Task.FromResult(_api.Polls > 1)); // What waited was taken, the second poll is held.
    }

    /// <summary>Ann says it, and this is what she hears.</summary>
    private async Task<string> Asked(string text)
    {
        _api.Write(Ann, text);
        var said = await _api.Next();
        Assert.Equal(Ann, said.Chat);
        return said.Text;
    }

    /// <summary>Time goes by until it holds.</summary>
    private Task Passed(Func<bool> holds) => PassingTime.Until(_clock, TimeSpan.FromMilliseconds(200), holds);

    /// <summary>An end takes three seconds of this clock at most.</summary>
    private async Task Ended(Task ending)
    {
        while (!ending.IsCompleted)
        {
            _clock.Advance(TimeSpan.FromMilliseconds(100));
            await Task.Yield();
        }
    }

    [GeneratedRegex(@"\b\d{4}\b")]
    private static partial Regex FourDigits();
}

/// <summary>What was logged, exceptions and all.</summary>
internal sealed class LogLines
{
    private readonly List<string> _lines = [];

    public string Text
    {
        get
        {
            lock (_lines) return string.Join('\n', _lines);
        }
    }

    public int Count(string part)
    {
        lock (_lines) return _lines.Count(line => line.Contains(part, StringComparison.Ordinal));
    }

    public ILogger<T> Of<T>() => new Writer<T>(this);

    private sealed class Writer<T>(LogLines lines) : ILogger<T>
    {
        public IDisposable? BeginScope<TState>(TState state) where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => true;

        public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
        {
            lock (lines._lines) lines._lines.Add($"{logLevel} {formatter(state, exception)} {exception}");
        }
    }
}
