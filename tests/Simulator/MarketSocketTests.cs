using PolyArb.Simulator.Hosting;
using Xunit;

namespace PolyArb.Tests.Simulator;

public sealed class MarketSocketTests
{
    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Who_asks_for_the_enhanced_events_and_no_token_hears_of_new_markets()
    {
        await using var host = await ExchangeHost.StartAsync(new ExchangeOptions { Quiet = true }, Stop);
        using var feed = await FeedClient.ConnectAsync(
            host.Port, "market", new { assets_ids = Array.Empty<string>(), type = "market", custom_feature_enabled = true }, Stop);
        await feed.SendAsync("PING", Stop);
        Assert.Equal("PONG", await feed.NextAsync(Stop)); // The frame before it was read, too.

        host.Exchange.Life.List(host.Exchange.World.Conditions[0] with { Id = "0x12", Tokens = ["1", "2"] });

        Assert.Contains("\"new_market\"", await feed.NextAsync(Stop), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_subscriber_that_wants_no_dump_gets_none_and_ended_tokens_are_passed_over()
    {
        await using var host = await ExchangeHost.StartAsync(new ExchangeOptions { Quiet = true }, Stop);
        var conditions = host.Exchange.World.Conditions;
        lock (host.Exchange.Gate) host.Exchange.MarketOf(conditions[2]).IsClosed = true;
        using var feed = await FeedClient.ConnectAsync(
            host.Port, "market", new { assets_ids = new[] { conditions[0].Tokens[0] }, type = "market", initial_dump = false }, Stop);

        // Nothing comes for the first frame nor for the ended token, so this is the first answer.
        await feed.SendAsync($$"""{"assets_ids":["{{conditions[2].Tokens[0]}}","12"],"operation":"subscribe"}""", Stop);
        await feed.SendAsync(
            $$"""{"type":"MARKET","operation":"subscribe","markets":[],"assets_ids":["{{conditions[1].Tokens[0]}}"],"initial_dump":true}""", Stop);
        var book = await feed.NextAsync(Stop).WaitAsync(TimeSpan.FromSeconds(10), Stop);
        await feed.SendAsync($$"""{"assets_ids":["{{conditions[0].Tokens[0]}}"],"operation":"subscribe"}""", Stop);

        Assert.Contains(conditions[1].Tokens[0], book, StringComparison.Ordinal);
        Assert.Equal("NO NEW ASSETS", await feed.NextAsync(Stop).WaitAsync(TimeSpan.FromSeconds(10), Stop));
    }
}
