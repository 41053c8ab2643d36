using PolyArb.Polymarket;
using PolyArb.Polymarket.Signing;
using PolyArb.Polymarket.UserFeed;
using PolyArb.Simulator.Hosting;
using PolyArb.Tests.Simulator;
using Xunit;

namespace PolyArb.Tests.Polymarket;

/// <summary>The local exchange ends a user socket whose credentials are wrong, as the venue does.</summary>
public sealed class UserChannelProbeTests
{
    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Right_credentials_are_not_refused_and_wrong_ones_are()
    {
        await using var exchange = await ExchangeHost.StartAsync(new ExchangeOptions { Flow = false }, Stop);
        using var http = new HttpClient { BaseAddress = new Uri($"http://127.0.0.1:{exchange.Port}") };
        var wallet = new TestWallet(http);
        await wallet.LogInAsync(Stop);

        Assert.Null(await Ask(exchange, wallet.Passphrase));
        Assert.Contains("closed it after the credentials", await Ask(exchange, "wrong"), StringComparison.Ordinal);

        Task<string?> Ask(ExchangeHost host, string passphrase) => new UserChannelProbe(
            ScriptedVenue.Options with
            {
                WsUrl = new Uri($"ws://127.0.0.1:{host.Port}/ws"),
                Credentials = new Credentials(wallet.Key, wallet.Secret, passphrase),
            },
            TimeProvider.System).Refusal(Stop);
    }

    [Fact]
    public async Task Own_events_between_the_answers_are_no_answers()
    {
        await using var venue = await WebVenue.Start(Stop);
        var asking = new UserChannelProbe(venue.Options, TimeProvider.System).Refusal(Stop);
        var peer = await venue.Accept();

        Assert.StartsWith("{\"auth\":", await peer.Receive(), StringComparison.Ordinal);
        Assert.Equal("PING", await peer.Receive());
        await peer.Send("""{"event_type":"order"}""");
        await peer.Send("PONG");
        Assert.Equal("PING", await peer.Receive());
        Assert.False(asking.IsCompleted);
        await peer.Send("PONG");

        Assert.Null(await asking);
    }

    [Fact]
    public async Task A_socket_that_is_cut_a_while_after_the_credentials_was_refused()
    {
        await using var venue = await WebVenue.Start(Stop);
        var asking = new UserChannelProbe(venue.Options, TimeProvider.System).Refusal(Stop);
        var peer = await venue.Accept();

        await peer.Receive();
        await peer.Receive();
        await peer.Send("PONG");
        peer.Cut();

        Assert.Contains("cut", await asking, StringComparison.Ordinal);
    }
}
