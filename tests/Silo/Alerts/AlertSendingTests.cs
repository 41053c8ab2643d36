using System.Collections.Immutable;
using Microsoft.Extensions.Time.Testing;
using PolyArb.Config;
using PolyArb.Grains;
using PolyArb.Silo.Alerts;
using Xunit;
using Delivery = PolyArb.Silo.Alerts.Delivery;

namespace PolyArb.Tests.Silo.Alerts;

public sealed class AlertSendingTests
{
    private readonly FakeTimeProvider _clock = new();
    private readonly LogLines _log = new();

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task An_end_lets_out_what_waits_without_the_rests_between()
    {
        var channel = new TimedChannel(_clock);
        using var sending = new AlertSending([channel], _clock, _log.Of<AlertSending>());
        for (var i = 0; i < 20; i++) sending.Post(Alert($"{i}"));
        await sending.StartAsync(Cancellation);

        await Passed(TimeSpan.FromMilliseconds(50), sending.StopAsync(Cancellation));

        Assert.Equal(Enumerable.Range(0, 20).Select(i => $"{i}"), channel.Came.Select(one => one.Text));
    }

    [Fact]
    public async Task An_end_waits_no_longer_than_three_seconds_for_a_channel_that_is_down()
    {
        var channel = new TimedChannel(_clock) { Answer = _ => new Delivery.Failed("down") };
        using var sending = new AlertSending([channel], _clock, _log.Of<AlertSending>());
        sending.Post(Alert("never"));
        await sending.StartAsync(Cancellation);
        var before = _clock.GetUtcNow();

        await Passed(TimeSpan.FromMilliseconds(50), sending.StopAsync(Cancellation));

        Assert.InRange((_clock.GetUtcNow() - before).TotalSeconds, 3, 20);
    }

    [Fact]
    public async Task A_channel_with_a_bug_loses_one_alert_and_nothing_else()
    {
        var broken = new TimedChannel(_clock) { Answer = text => text == "first" ? throw new InvalidOperationException("a bug") : new Delivery.Done() };
        var sound = new TimedChannel(_clock);
        using var sending = new AlertSending([broken, sound], _clock, _log.Of<AlertSending>());
        await sending.StartAsync(Cancellation);

        sending.Post(Alert("first"));
        sending.Post(Alert("second"));

        await PassingTime.Until(_clock, TimeSpan.FromSeconds(1), () => broken.Came.Length == 2 && sound.Came.Length == 2);
        Assert.Equal(1, _log.Count("Sending an alert failed"));
        await Passed(TimeSpan.FromMilliseconds(50), sending.StopAsync(Cancellation));
    }

    [Fact]
    public async Task Two_alerts_are_a_second_apart()
    {
        var channel = new TimedChannel(_clock);
        using var end = new CancellationTokenSource();
        var pump = Pump(channel, end.Token, "first", "second");

        await PassingTime.Until(_clock, TimeSpan.FromMilliseconds(200), () => channel.Came.Length == 2);

        Assert.True(channel.Came[1].At - channel.Came[0].At >= TimeSpan.FromSeconds(1));
        await End(end, pump);
    }

    [Fact]
    public async Task Rests_grow_to_a_minute_and_no_further()
    {
        var channel = new TimedChannel(_clock) { Answer = _ => new Delivery.Failed("down") };
        using var end = new CancellationTokenSource();
        var pump = Pump(channel, end.Token, "first");

        await PassingTime.Until(_clock, TimeSpan.FromSeconds(2), () => channel.Came.Length == 10);

        Assert.InRange((channel.Came[9].At - channel.Came[8].At).TotalSeconds, 60, 110); // 256 without an end to it.
        Assert.Equal(1, _log.Count("Alerts do not reach timed: down")); // Said once, however often it is tried.
        await End(end, pump);
    }

    [Fact]
    public async Task A_channel_may_ask_for_ten_minutes_and_no_more()
    {
        var channel = new TimedChannel(_clock) { Answer = _ => new Delivery.Failed("slow down", TimeSpan.FromDays(1)) };
        using var end = new CancellationTokenSource();
        var pump = Pump(channel, end.Token, "first");

        await PassingTime.Until(_clock, TimeSpan.FromSeconds(10), () => channel.Came.Length == 2);

        Assert.InRange((channel.Came[1].At - channel.Came[0].At).TotalMinutes, 10, 30);
        await End(end, pump);
    }

    private Task Pump(TimedChannel channel, CancellationToken end, params string[] texts)
    {
        var pump = new AlertPump(channel, _clock, _log.Of<AlertPump>());
        foreach (var text in texts) pump.Post(Alert(text));
        return pump.Run(end);
    }

    private static async Task End(CancellationTokenSource end, Task pump)
    {
        await end.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => pump);
    }

    private async Task Passed(TimeSpan step, Task ending)
    {
        await PassingTime.Until(_clock, step, () => ending.IsCompleted);
        await ending;
    }

    private Alert Alert(string text) => new(_clock.Now(), AlertLevel.Warning, null, text);

    private sealed class TimedChannel(TimeProvider clock) : IAlertChannel
    {
        private ImmutableArray<(string Text, DateTimeOffset At)> _came = [];

        public ImmutableArray<(string Text, DateTimeOffset At)> Came => _came;

        public Func<string, Delivery> Answer { get; init; } = _ => new Delivery.Done();

        public string Name => "timed";

        public int TriesMax => 1_000;

        public Task<Delivery> Send(Alert alert, CancellationToken cancellation)
        {
            ImmutableInterlocked.Update(ref _came, came => came.Add((alert.Text, clock.GetUtcNow())));
            return Task.FromResult(Answer(alert.Text));
        }
    }
}
