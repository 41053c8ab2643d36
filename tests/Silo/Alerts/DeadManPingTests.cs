using Microsoft.Extensions.Time.Testing;
using PolyArb.Domain.Journal;
using PolyArb.Silo.Alerts;
using PolyArb.Tests.Grains;
using Xunit;

namespace PolyArb.Tests.Silo.Alerts;

public sealed class DeadManPingTests : IDisposable
{
    private readonly FakeTimeProvider _clock = new();
    private readonly HttpClient _http = Wires.Client();
    private readonly LogLines _log = new();

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public void Dispose() => _http.Dispose();

    [Fact]
    public async Task A_silo_that_lives_asks_for_the_address_once_a_minute()
    {
        await using var endpoint = await FakeEndpoint.Start();
        await using var cluster = await ScriptedCluster.Start();
        using var ping = Ping(endpoint, cluster);
        await ping.StartAsync(Cancellation);

        for (var minute = 1; minute <= 3; minute++)
        {
            await Sent(minute);
            var came = await endpoint.Next();
            Assert.Equal(("GET", "/hooks/planted-secret-path"), (came.Method, came.Path));
            _clock.Advance(TimeSpan.FromSeconds(59));
            Assert.Equal(minute, endpoint.Count);
            _clock.Advance(TimeSpan.FromSeconds(1));
        }

        await Sent(4);
        await ping.StopAsync(Cancellation);
    }

    [Fact]
    public async Task A_gateway_that_does_not_answer_gives_no_life_sign_until_it_does()
    {
        await using var endpoint = await FakeEndpoint.Start();
        await using var cluster = await ScriptedCluster.Start();
        using var ping = Ping(endpoint, cluster);
        await ping.StartAsync(Cancellation);
        await Sent(1);

        cluster.Calls.Hold("Status");
        _clock.Advance(DeadManPing.Period);
        await cluster.Calls.Held.WaitAsync(TimeSpan.FromSeconds(30), Cancellation);
        await Passed(() => _log.Count("the gateway does not answer") > 0);
        Assert.Equal(1, endpoint.Count);

        cluster.Calls.LetGo();
        await Passed(() => endpoint.Count > 1);
        await Passed(() => _log.Count("Life signs reach") > 0);
        await ping.StopAsync(Cancellation);
    }

    [Fact]
    public async Task One_that_recovers_may_take_its_time_but_not_for_ever()
    {
        await using var endpoint = await FakeEndpoint.Start();
        await using var cluster = await ScriptedCluster.Start(isBlackHoled: true);
        await FaultDay.Until(async () => (await cluster.Gateway.Status()).Recovering);
        using var ping = Ping(endpoint, cluster);
        await ping.StartAsync(Cancellation);
        for (var minute = 0; minute <= 10; minute++)
        {
            await Sent(minute + 1);
            _clock.Advance(DeadManPing.Period);
        }

        await FaultDay.Until(() => Task.FromResult(_log.Count("No life sign to the dead-man address: the gateway has been recovering since") > 0));

        Assert.Equal(11, endpoint.Count);
        await ping.StopAsync(Cancellation);
    }

    [Fact]
    public async Task A_journal_that_is_refused_for_minutes_is_no_life()
    {
        await using var endpoint = await FakeEndpoint.Start();
        await using var cluster = await ScriptedCluster.Start();
        cluster.Journal.Fails = _ => true;
        await cluster.Gateway.Pause("ann", "lunch");
        using var ping = Ping(endpoint, cluster);
        await ping.StartAsync(Cancellation);
        for (var minute = 0; minute <= 5; minute++)
        {
            await Sent(minute + 1);
            _clock.Advance(DeadManPing.Period);
        }

        await FaultDay.Until(() => Task.FromResult(_log.Count("No life sign to the dead-man address: the journal has not been written since") > 0));
        Assert.Equal(6, endpoint.Count);

        cluster.Journal.Fails = _ => false;
        await Passed(() => _log.Count("Life signs reach") > 0);
        await ping.StopAsync(Cancellation);
    }

    [Fact]
    public async Task Whatever_a_look_at_the_gateway_or_the_way_to_the_address_throws_ends_no_silo()
    {
        await using var cluster = await ScriptedCluster.Start();
        using var ping = new DeadManPing(new Uri("gopher://127.0.0.1/"), _http, cluster.Grains, _clock, _log.Of<DeadManPing>());
        cluster.Calls.Fails = method => method is "Status" ? new OperationCanceledException("canceled elsewhere") : null;
        await ping.StartAsync(Cancellation);
        await FaultDay.Until(() => Task.FromResult(_log.Count("Life sign: the gateway does not answer: canceled elsewhere") == 1));

        cluster.Calls.Fails = _ => null;
        _clock.Advance(DeadManPing.Period);
        await FaultDay.Until(() => Task.FromResult(_log.Count("gopher") > 0));

        Assert.False(ping.ExecuteTask!.IsCompleted);
        await ping.StopAsync(Cancellation);
        await ping.ExecuteTask;
    }

    [Theory]
    [InlineData(500, "HTTP 500")]
    [InlineData(0, "no answer")]
    public async Task An_address_that_fails_is_said_once_without_naming_it_and_is_asked_again(int status, string why)
    {
        await using var endpoint = await FakeEndpoint.Start();
        await using var cluster = await ScriptedCluster.Start();
        for (var i = 0; i < 3; i++) endpoint.Answers.Enqueue(status);
        using var ping = Ping(endpoint, cluster);
        await ping.StartAsync(Cancellation);

        for (var minute = 1; minute <= 3; minute++)
        {
            await endpoint.Next();
            if (status == 0) _clock.Advance(TimeSpan.FromSeconds(10));
            await FaultDay.Until(() => Task.FromResult(_log.Count($"Life sign: {why}") == minute));
            _clock.Advance(DeadManPing.Period);
        }

        await FaultDay.Until(() => Task.FromResult(_log.Count("Life signs reach") > 0));

        Assert.Equal(1, _log.Count($"No life sign to the dead-man address: {why}"));
        Assert.DoesNotContain("planted", _log.Text, StringComparison.Ordinal);
        Assert.Equal(4, endpoint.Count);
        Assert.Empty(cluster.Journal.Facts.OfType<Fact.ErrorNoted>());
        await ping.StopAsync(Cancellation);
    }

    private DeadManPing Ping(FakeEndpoint endpoint, ScriptedCluster cluster) => new(endpoint.Url, _http, cluster.Grains, _clock, _log.Of<DeadManPing>());

    /// <summary>So many life signs went out, and were heard.</summary>
    private Task Sent(int count) => FaultDay.Until(() => Task.FromResult(_log.Count("Life sign: sent") == count));

    /// <summary>Time goes by until it holds, slower than what it wakes.</summary>
    private Task Passed(Func<bool> holds) => PassingTime.Until(_clock, TimeSpan.FromSeconds(1), holds);
}
