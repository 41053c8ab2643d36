using System.Net;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Time.Testing;
using PolyArb.Silo.Hosting;
using PolyArb.Silo.Web;
using PolyArb.Tests.Grains;
using Xunit;

namespace PolyArb.Tests.Silo;

public sealed class HealthPageTests : IAsyncDisposable
{
    private readonly FakeTimeProvider _clock = new();
    private readonly HttpClient _http = new();
    private WebServer? _server;

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public async ValueTask DisposeAsync()
    {
        _http.Dispose();
        if (_server is not null) await _server.DisposeAsync();
    }

    [Fact]
    public async Task However_often_it_is_asked_the_gateway_is_asked_once_a_second()
    {
        await using var cluster = await ScriptedCluster.Start();
        var page = await Start(cluster);
        var before = cluster.Calls.Count("Status");

        for (var i = 0; i < 20; i++) Assert.Equal((HttpStatusCode.OK, "RUNNING\n"), await Get(page));
        Assert.Equal(1, cluster.Calls.Count("Status") - before);

        await cluster.Gateway.Pause("ann", "lunch");
        _clock.Advance(TimeSpan.FromSeconds(1));
        Assert.Equal((HttpStatusCode.OK, "PAUSED\n"), await Get(page));
        Assert.Equal(2, cluster.Calls.Count("Status") - before);
    }

    [Fact]
    public async Task A_gateway_that_fails_is_unhealthy_in_the_same_words_as_one_that_is_silent()
    {
        await using var cluster = await ScriptedCluster.Start();
        var page = await Start(cluster);
        cluster.Calls.Fails = method => method is "Status" ? new InvalidOperationException("the disk is full") : null;

        Assert.Equal((HttpStatusCode.ServiceUnavailable, "the gateway does not answer\n"), await Get(page));

        cluster.Calls.Fails = _ => null;
        cluster.Calls.Hold("Status");
        _clock.Advance(TimeSpan.FromSeconds(1));
        var silent = Get(page);
        await PassingTime.Until(_clock, TimeSpan.FromSeconds(1), () => silent.IsCompleted);
        Assert.Equal((HttpStatusCode.ServiceUnavailable, "the gateway does not answer\n"), await silent);
    }

    private async Task<Uri> Start(ScriptedCluster cluster)
    {
        var setup = new WebSetup { Address = IPAddress.Loopback, Port = 0, AllowedHosts = [], Door = ControlDoor.Unlocked };
        _server = new WebServer(setup, [new HealthPage(cluster.Grains, _clock)], new ServiceCollection().BuildServiceProvider(), NullLoggerFactory.Instance);
        await _server.StartAsync(Cancellation);
        return new Uri(new Uri(_server.Url), WebDoor.Health);
    }

    private async Task<(HttpStatusCode Status, string Text)> Get(Uri page)
    {
        using var response = await _http.GetAsync(page, Cancellation);
        return (response.StatusCode, await response.Content.ReadAsStringAsync(Cancellation));
    }
}
