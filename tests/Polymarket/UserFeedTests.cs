using System.Threading.Channels;
using Microsoft.Extensions.Logging.Abstractions;
using PolyArb.Domain;
using PolyArb.Domain.Orders;
using PolyArb.Domain.Ports;
using PolyArb.Polymarket.UserFeed;
using Xunit;

namespace PolyArb.Tests.Polymarket;

/// <summary>The user feed against a real websocket server.</summary>
public class UserFeedTests
{
    private readonly Channel<string> _heard = Channel.CreateUnbounded<string>();
    private readonly KeepingTap _tap = new();
    private readonly KeepingErrors _errors = new();

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public async Task It_logs_in_and_tells_of_each_connection_before_its_news()
    {
        await using var venue = await WebVenue.Start(Stop);
        using var ending = CancellationTokenSource.CreateLinkedTokenSource(Stop);
        var running = Feed(venue).Run(Deliver, Reconnected, ending.Token);

        var peer = await venue.Accept();
        Assert.Equal(
            $$$"""{"auth":{"apiKey":"{{{Given.ApiKey}}}","secret":"{{{Given.Secret}}}","passphrase":"passphrase"},"type":"user","markets":[]}""",
            await peer.Receive());
        await peer.Send("PONG");
        await peer.Send(Given.Frame("""{"event_type":"order","type":"PLACEMENT","id":"0xA1","status":"LIVE"}"""));
        Assert.Equal("connected", await Next());
        Assert.Equal(new OrderEvent.Placed(new OrderId("0xa1")).ToString(), await Next());

        await ending.CancelAsync();
        await running.WaitAsync(Stop);
        Assert.Equal(2, _tap.Taken.Count);
        Assert.All(_tap.Taken, taken => Assert.Equal((InputKind.User, "u1#1"), (taken.Kind, taken.Connection)));
        Assert.DoesNotContain(_tap.Taken, taken => taken.Text.Contains(Given.Secret, StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_name_that_the_venues_papers_do_not_have_is_counted_and_does_no_harm()
    {
        await using var venue = await WebVenue.Start(Stop);
        using var ending = CancellationTokenSource.CreateLinkedTokenSource(Stop);
        var feed = Feed(venue);
        var running = feed.Run(Deliver, Reconnected, ending.Token);

        var peer = await venue.Accept();
        await peer.Receive();
        await peer.Send(Given.Frame("""{"event_type":"order","type":"PLACEMENT","id":"0xA1","status":"LIVE","mood":"good"}"""));
        await Next();
        await Next();
        Assert.Equal([KeyValuePair.Create("field of an order: mood", 1L)], feed.UnknownNames);

        await ending.CancelAsync();
        await running.WaitAsync(Stop);
    }

    [Theory]
    [InlineData("""{"event_type":"order","type":"PLACEMENT"}""", true)]
    [InlineData("""{"event_type":"order","type":"PLACEMENT","id":"0xbad","status":"LIVE"}""", false)]
    public async Task News_that_cannot_be_read_or_delivered_starts_the_connection_over(string frame, bool isUnreadable)
    {
        await using var venue = await WebVenue.Start(Stop);
        using var ending = CancellationTokenSource.CreateLinkedTokenSource(Stop);
        var running = Feed(venue).Run(Deliver, Reconnected, ending.Token);

        var first = await venue.Accept();
        await first.Receive();
        await first.Send(Given.Frame(frame));
        await venue.Accept();
        Assert.Equal("connected", await Next());
        Assert.Equal("connected", await Next());
        Assert.Equal(isUnreadable ? [frame] : [], _errors.Kept.Select(error => error.Bytes));

        await ending.CancelAsync();
        await running.WaitAsync(Stop);
    }

    private PolymarketUserFeed Feed(WebVenue venue) => new(
        venue.Options, new ScriptedVenue().Terms, _tap, _errors, TimeProvider.System, new Random(1), NullLogger<PolymarketUserFeed>.Instance);

    private Task Deliver(System.Collections.Immutable.ImmutableArray<OrderEvent> news)
    {
        if (news.Any(item => item.Order.Text == "0xbad")) throw new InvalidOperationException("the gateway is away");
        foreach (var item in news) _heard.Writer.TryWrite(item.ToString());
        return Task.CompletedTask;
    }

    private Task Reconnected()
    {
        _heard.Writer.TryWrite("connected");
        return Task.CompletedTask;
    }

    private async Task<string> Next() => await _heard.Reader.ReadAsync(Stop);
}
