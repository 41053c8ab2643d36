using System.Text.RegularExpressions;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Time.Testing;
using PolyArb.Config;
using PolyArb.Silo.Alerts;
using PolyArb.Silo.Hosting;
using PolyArb.Silo.Telegram;
using PolyArb.Tests.Grains;
using Xunit;

namespace PolyArb.Tests.Silo.Alerts;

/// <summary>Too much at once, and who shouts: beside <see cref="TelegramControlTests"/>.</summary>
public sealed partial class TelegramCrowdTests : IAsyncDisposable
{
    private const long Ann = 7_001;

    private readonly FakeTimeProvider _clock = new(DateTimeOffset.UtcNow);
    private readonly HttpClient _http = Wires.Client();
    private readonly ScriptedCommands _commands = new();
    private readonly List<IDisposable> _parts = [];
    private FakeBotApi _api = null!;
    private TelegramControl _control = null!;

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public async ValueTask DisposeAsync()
    {
        await _control.StopAsync(CancellationToken.None);
        foreach (var part in _parts) part.Dispose();
        await _api.DisposeAsync();
        _http.Dispose();
    }

    [Fact]
    public async Task Eight_are_worked_on_at_once_and_a_kill_besides_and_then_there_is_room_again()
    {
        await Listen();
        _commands.Flat = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        for (var i = 0; i < 8; i++)
        {
            _api.Write(Ann, FourDigits().Match(await Asked("flatten")).Value);
            Assert.Equal("flattening ...", (await _api.Next()).Text);
        }

        Assert.Equal("Too much at once: wait for the answers.", await Asked("status"));
        Assert.StartsWith("did kill", await Asked("kill"), StringComparison.Ordinal);

        _commands.Flat.SetResult();
        for (var i = 0; i < 8; i++) Assert.StartsWith("did flatten", (await _api.Next()).Text, StringComparison.Ordinal);
        Assert.Equal("did status", await Asked("status"));
    }

    [Fact]
    public async Task A_stranger_with_a_long_name_is_named_by_its_beginning()
    {
        await Listen();

        _api.Write(6_666, "hello", name: new string('e', 500));
        var said = new[] { await _api.Next(), await _api.Next() };

        Assert.Contains($"user 6666 {new string('e', 32)} in chat 6666", said.Single(words => words.Chat == Ann).Text, StringComparison.Ordinal);
    }

    private async Task Listen()
    {
        _api = await FakeBotApi.Start();
        var bot = new TelegramBot(FakeBotApi.Token, _api.Url, _http, Redactor.Nothing, _clock);
        var sending = new AlertSending([new TelegramChannel(bot, Ann)], _clock, NullLogger<AlertSending>.Instance);
        var desk = new AlertDesk(new AlertFilter(AlertLevel.Info, quiet: null), sending, Redactor.Nothing, _clock);
        _control = new TelegramControl(bot, [Ann], _commands, desk, Here.Now, _clock, NullLogger<TelegramControl>.Instance);
        _parts.AddRange([sending, _control]);
        await sending.StartAsync(Cancellation);
        await _control.StartAsync(Cancellation);
        await FaultDay.Until(() => Task.FromResult(_api.Polls > 1)); // The first one takes what waited.
    }

    /// <summary>Ann says it, and this is what she hears.</summary>
    private async Task<string> Asked(string text)
    {
        _api.Write(Ann, text);
        return (await _api.Next()).Text;
    }

    [GeneratedRegex(@"\b\d{4}\b")]
    private static partial Regex FourDigits();
}
