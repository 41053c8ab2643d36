using Microsoft.Extensions.Time.Testing;
using PolyArb.Silo.Alerts;
using PolyArb.Silo.Hosting;
using PolyArb.Silo.Telegram;
using Xunit;
using Delivery = PolyArb.Silo.Alerts.Delivery;

namespace PolyArb.Tests.Silo.Alerts;

/// <summary>What the Bot API answers, as values.</summary>
public sealed class TelegramBotTests : IAsyncDisposable
{
    private readonly HttpClient _http = Wires.Client();
    private FakeBotApi? _api;

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public async ValueTask DisposeAsync()
    {
        if (_api is not null) await _api.DisposeAsync();
        _http.Dispose();
    }

    [Fact]
    public async Task A_text_that_Telegram_would_refuse_for_its_length_is_cut()
    {
        var bot = await Bot();

        Assert.IsType<Delivery.Done>(await bot.Say(7, new string('x', 10_000), Cancellation));

        var said = (await _api!.Next()).Text;
        Assert.InRange(said.Length, 2_000, 4_096);
        Assert.EndsWith("x...", said, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_chat_that_does_not_want_us_is_not_tried_again()
    {
        var bot = await Bot();
        _api!.Blocked.Add(7);

        Assert.Contains("403", Assert.IsType<Delivery.Refused>(await bot.Say(7, "hello", Cancellation)).Why, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_patience_that_is_asked_for_is_handed_on()
    {
        var bot = await Bot();
        _api!.RetryAfter = 30;

        Assert.Equal(TimeSpan.FromSeconds(30), Assert.IsType<Delivery.Failed>(await bot.Say(7, "hello", Cancellation)).RestFor);
        Assert.Equal(TimeSpan.FromSeconds(30), Assert.IsType<Polled.Failed>(await bot.Poll(0, waits: false, Cancellation)).RestFor);
    }

    [Fact]
    public async Task A_token_that_was_revoked_is_tried_again_and_not_named()
    {
        var bot = await Bot();
        _api!.IsForgetful = true;

        var failed = Assert.IsType<Polled.Failed>(await bot.Poll(0, waits: false, Cancellation));

        Assert.StartsWith("401 ", failed.Why, StringComparison.Ordinal);
        Assert.DoesNotContain("planted", failed.Why, StringComparison.Ordinal);
        Assert.IsType<Delivery.Failed>(await bot.Say(7, "hello", Cancellation));
    }

    private async Task<TelegramBot> Bot()
    {
        _api = await FakeBotApi.Start();
        return new TelegramBot(FakeBotApi.Token, _api.Url, _http, Redactor.Nothing, new FakeTimeProvider());
    }
}
