using System.Text.Json;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Time.Testing;
using PolyArb.Config;
using PolyArb.Domain;
using PolyArb.Silo.Alerts;
using Xunit;
using Delivery = PolyArb.Silo.Alerts.Delivery;

namespace PolyArb.Tests.Silo.Alerts;

public sealed class WebhookTests : IDisposable
{
    private static readonly Alert Alert = new(
        Instant.From(new DateTimeOffset(2026, 7, 1, 12, 0, 0, TimeSpan.Zero)), AlertLevel.Critical, "journal", "The journal cannot be written: \"disk full\"");

    private readonly HttpClient _http = Wires.Client();
    private readonly FakeTimeProvider _clock = new();

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public void Dispose() => _http.Dispose();

    [Fact]
    public async Task An_alert_is_posted_as_json()
    {
        await using var endpoint = await FakeEndpoint.Start();

        Assert.IsType<Delivery.Done>(await Channel(endpoint.Url).Send(Alert, Cancellation));

        var came = await endpoint.Next();
        var body = JsonDocument.Parse(came.Body).RootElement;
        Assert.Equal(("POST", "/hooks/planted-secret-path"), (came.Method, came.Path));
        Assert.Equal("polyarb", body.GetProperty("source").GetString());
        Assert.Equal("critical", body.GetProperty("level").GetString());
        Assert.Equal("journal", body.GetProperty("topic").GetString());
        Assert.Equal("2026-07-01T12:00:00.0000000+00:00", body.GetProperty("time").GetString());
        Assert.Equal(Environment.MachineName, body.GetProperty("host").GetString());
        Assert.Equal($"CRITICAL on {Environment.MachineName}: The journal cannot be written: \"disk full\"", body.GetProperty("text").GetString());
        Assert.Equal(body.GetProperty("text").GetString(), body.GetProperty("content").GetString());
    }

    [Theory]
    [InlineData(204, "done")]
    [InlineData(302, "refused HTTP 302")] // Whoever it leads to was not chosen.
    [InlineData(404, "refused HTTP 404")]
    [InlineData(429, "failed HTTP 429, rests 7")]
    [InlineData(503, "failed HTTP 503, rests ")]
    public async Task What_is_answered_says_whether_to_try_again(int status, string expected)
    {
        await using var endpoint = await FakeEndpoint.Start();
        endpoint.Answers.Enqueue(status);

        Assert.Equal(expected, Text(await Channel(endpoint.Url).Send(Alert, Cancellation)));
    }

    [Fact]
    public async Task An_alert_reaches_an_endpoint_that_was_away_for_minutes()
    {
        await using var endpoint = await FakeEndpoint.Start();
        for (var i = 0; i < 9; i++) endpoint.Answers.Enqueue(503); // With rests of 1, 2, 4, ... 60 s: four minutes.
        var pump = new AlertPump(Channel(endpoint.Url), _clock, NullLogger.Instance);
        using var end = new CancellationTokenSource();
        pump.Post(Alert);
        var running = pump.Run(end.Token);

        await PassingTime.Until(_clock, TimeSpan.FromSeconds(2), () => endpoint.Count == 10);

        for (var i = 0; i < 9; i++) await endpoint.Next();
        Assert.Contains($"CRITICAL on {Environment.MachineName}: The journal cannot be written", (await endpoint.Next()).Body, StringComparison.Ordinal);
        await end.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => running);
    }

    [Fact]
    public async Task What_is_too_long_for_a_chat_service_is_cut()
    {
        await using var endpoint = await FakeEndpoint.Start();

        await Channel(endpoint.Url).Send(Alert with { Text = new string('x', 10_000) }, Cancellation);

        var content = JsonDocument.Parse((await endpoint.Next()).Body).RootElement.GetProperty("content").GetString()!;
        Assert.Equal(1_903, content.Length);
        Assert.EndsWith("x...", content, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Nobody_there_is_a_failure_that_does_not_tell_the_address()
    {
        var failed = Assert.IsType<Delivery.Failed>(await Channel(new Uri($"http://127.0.0.1:{EndToEnd.Programs.FreePort()}/hooks/planted-secret-path")).Send(Alert, Cancellation));

        Assert.DoesNotContain("planted", failed.Why, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Silence_is_a_failure_after_fifteen_seconds()
    {
        await using var endpoint = await FakeEndpoint.Start();
        endpoint.Answers.Enqueue(0);
        var sending = Channel(endpoint.Url).Send(Alert, Cancellation);
        await endpoint.Next();

        _clock.Advance(TimeSpan.FromSeconds(14));
        Assert.False(sending.IsCompleted);
        _clock.Advance(TimeSpan.FromSeconds(1));

        Assert.Equal("failed no answer, rests ", Text(await sending));
    }

    private WebhookChannel Channel(Uri address) => new(address, _http, _clock);

    private static string Text(Delivery delivery) => delivery switch
    {
        Delivery.Done => "done",
        Delivery.Failed(var why, var rest) => $"failed {why}, rests {rest?.TotalSeconds}",
        Delivery.Refused(var why) => $"refused {why}",
        _ => throw new System.Diagnostics.UnreachableException(),
    };
}
