using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Time.Testing;
using PolyArb.Dashboard;
using PolyArb.Domain.Risk;
using PolyArb.Silo.Hosting;
using PolyArb.Tests.Domain;
using Xunit;

namespace PolyArb.Tests.Dashboard;

/// <summary>Who steers from a page.</summary>
public class ControlDeskTests
{
    private const string Token = "correct horse battery staple";

    private readonly FakeTimeProvider _time = new();
    private readonly ScriptedTrader _trader;
    private readonly Lines _lines = new();

    public ControlDeskTests() => _trader = new ScriptedTrader(_time);

    [Theory]
    [InlineData(ControlVerb.Pause, "", "pause on the dashboard")]
    [InlineData(ControlVerb.Resume, " looks good ", "looks good")]
    [InlineData(ControlVerb.Flatten, "", "flatten on the dashboard")]
    [InlineData(ControlVerb.Kill, "smoke", "smoke")]
    public async Task With_the_token_the_verb_is_done_and_says_who_and_why(ControlVerb verb, string reason, string written)
    {
        var outcome = Assert.IsType<ControlOutcome.Answered>(await Desk(Token).Act(verb, reason, Token));

        Assert.Equal((verb, "dashboard", written), Assert.Single(_trader.Acts));
        Assert.Equal("2 orders canceled, nothing is open", outcome.Answer.Text);
    }

    [Theory]
    [InlineData(Token, "correct horse battery stapler")]
    [InlineData(Token, "")]
    [InlineData(Token, "CORRECT HORSE BATTERY STAPLE")]
    [InlineData(null, "")]
    [InlineData(null, "anything")]
    public async Task Without_it_nothing_is_done_also_where_none_is_set(string? token, string carried)
    {
        var desk = Desk(token);
        Assert.Equal(token is not null, desk.IsOpen);

        foreach (var verb in Enum.GetValues<ControlVerb>()) Assert.IsType<ControlOutcome.Refused>(await desk.Act(verb, "because", carried));

        Assert.Empty(_trader.Acts);
    }

    [Fact]
    public async Task Nobody_tries_tokens_for_long()
    {
        var desk = Desk(Token);
        for (var i = 0; i < ControlDesk.WrongMax; i++) await desk.Act(ControlVerb.Pause, "", $"guess {i}");

        Assert.Contains("too many", Assert.IsType<ControlOutcome.Refused>(await desk.Act(ControlVerb.Pause, "", Token)).Why, StringComparison.Ordinal);
        Assert.Empty(_trader.Acts);

        _time.Advance(TimeSpan.FromSeconds(61));
        Assert.IsType<ControlOutcome.Answered>(await desk.Act(ControlVerb.Pause, "", Token));
    }

    [Fact]
    public async Task Resume_wants_a_reason_and_a_novel_is_none()
    {
        var desk = Desk(Token);
        Assert.IsType<ControlOutcome.Refused>(await desk.Act(ControlVerb.Resume, "  ", Token));
        Assert.IsType<ControlOutcome.Refused>(await desk.Act(ControlVerb.Kill, new string('x', 501), Token));

        Assert.Empty(_trader.Acts);
    }

    /// <summary>Also what the gateway could not begin with, as it reaches a caller: a disk that is full, a fence.</summary>
    [Theory]
    [InlineData(typeof(TimeoutException))]
    [InlineData(typeof(OrleansException))]
    [InlineData(typeof(IOException))]
    [InlineData(typeof(InvalidOperationException))]
    public async Task Neither_silence_nor_any_failure_is_taken_for_a_no(Type failure)
    {
        _trader.Fails = (Exception)Activator.CreateInstance(failure, "the disk is full")!;

        var unknown = Assert.IsType<ControlOutcome.Unknown>(await Desk(Token).Act(ControlVerb.Kill, "", Token));

        Assert.Contains("polyarb-client status", unknown.Why, StringComparison.Ordinal);
        Assert.Contains("the disk is full", unknown.Why, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_wrong_token_is_reported_and_no_token_is_ever_written_down()
    {
        var desk = Desk(Token);
        await desk.Act(ControlVerb.Kill, "", "a wrong one");
        await desk.Act(ControlVerb.Kill, "", Token);

        var line = Assert.Single(_lines.Written);
        Assert.Contains("Kill", line, StringComparison.Ordinal);
        Assert.DoesNotContain("wrong one", line, StringComparison.Ordinal);
    }

    private ControlDesk Desk(string? token) => new(
        new DashboardSetup
        {
            Trader = _trader,
            History = _trader,
            Time = _time,
            IsToken = new ControlDoor(token, isLoopback: true).IsToken,
            Limits = () => Given.Limits,
            Breakers = () => Given.Breakers,
            Reports = "",
        },
        _lines);

    private sealed class Lines : ILogger<ControlDesk>
    {
        public List<string> Written { get; } = [];

        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => true;

        public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter) =>
            Written.Add(formatter(state, exception));
    }
}
