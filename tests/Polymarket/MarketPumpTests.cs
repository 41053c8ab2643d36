using System.Collections.Immutable;
using Microsoft.Extensions.Logging.Abstractions;
using PolyArb.Domain;
using PolyArb.Domain.Books;
using PolyArb.Domain.Ports;
using PolyArb.Polymarket.MarketFeed;
using PolyArb.Polymarket.Sockets;
using Xunit;

namespace PolyArb.Tests.Polymarket;

public class MarketPumpTests
{
    private readonly List<MarketPump> _gone = [];
    private readonly KeepingTap _tap = new();

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public async Task One_call_is_in_flight_and_the_next_takes_all_that_came_meanwhile()
    {
        var calls = new List<int>();
        var inFlight = 0;
        var started = new TaskCompletionSource();
        var release = new TaskCompletionSource();
        var done = new TaskCompletionSource();
        using var socket = Socket();
        using var pump = Pump(socket, async (_, inputs) =>
        {
            Assert.Equal(1, Interlocked.Increment(ref inFlight));
            calls.Add(inputs.Length);
            started.TrySetResult();
            await release.Task;
            Interlocked.Decrement(ref inFlight);
            if (calls.Sum() == 301) done.SetResult();
            return FeedAnswer.Applied;
        });
        var running = pump.Run();

        pump.TryPost(Input(0));
        await started.Task.WaitAsync(Stop);
        for (var i = 1; i <= 300; i++) Assert.True(pump.TryPost(Input(i)));
        release.SetResult();
        await done.Task.WaitAsync(Stop);

        Assert.Equal([1, MarketPump.BatchMax, 44], calls);
        pump.End();
        await running.WaitAsync(Stop);
    }

    [Fact]
    public async Task Gone_ends_it()
    {
        using var socket = Socket();
        using var pump = Pump(socket, (_, _) => Task.FromResult(FeedAnswer.Gone));
        socket.Follow(pump);
        pump.TryPost(Input(0));
        await pump.Run().WaitAsync(Stop);
        Assert.Equal([pump], _gone);
    }

    [Fact]
    public async Task A_full_queue_becomes_one_loss()
    {
        var heard = new List<FeedInput>();
        var release = new TaskCompletionSource();
        var started = new TaskCompletionSource();
        var done = new TaskCompletionSource();
        using var socket = Socket();
        using var pump = Pump(socket, async (_, inputs) =>
        {
            started.TrySetResult();
            await release.Task;
            heard.AddRange(inputs);
            if (heard.Any(input => input.Gap is not null)) done.TrySetResult();
            return FeedAnswer.Applied;
        });
        socket.Follow(pump);
        var running = pump.Run();
        var frame = Given.Frame("""{"event_type":"new_market","market":"MARKET"}""");

        socket.Received(socket.Active, new SocketFrame("m1#1", frame, default));
        await started.Task.WaitAsync(Stop);
        for (var i = 0; i <= MarketPump.WaitingMax; i++) socket.Received(socket.Active, new SocketFrame("m1#1", frame, default));
        release.SetResult();
        await done.Task.WaitAsync(Stop);

        Assert.Equal([1L, MarketPump.WaitingMax + 3L], heard.Select(input => input.Sequence)); // The frame, then the loss; between them all is gone.
        Assert.Equal("queue full", heard[1].Gap);
        pump.End();
        await running.WaitAsync(Stop);
    }

    [Fact]
    public async Task What_stands_before_a_gap_is_not_delivered()
    {
        var heard = new List<long>();
        using var socket = Socket();
        using var pump = Pump(socket, (_, inputs) =>
        {
            heard.AddRange(inputs.Select(input => input.Sequence));
            return Task.FromResult(FeedAnswer.Gone);
        });
        foreach (var input in (FeedInput[])[Input(0), FeedInput.Lost(1, default, "a"), Input(2), FeedInput.Lost(3, default, "b"), Input(4)]) pump.TryPost(input);

        await pump.Run().WaitAsync(Stop);

        Assert.Equal([3L, 4L], heard);
    }

    /// <summary>The socket reads every frame into the same buffer.</summary>
    [Fact]
    public async Task What_waits_is_not_written_over_by_the_next_frame()
    {
        var heard = new List<FeedInput>();
        using var socket = Socket();
        using var pump = Pump(socket, (_, inputs) =>
        {
            heard.AddRange(inputs);
            return Task.FromResult(FeedAnswer.Gone);
        });
        socket.Follow(pump);
        foreach (var cents in (int[])[10, 20])
        {
            var book = $$"""{"event_type":"book","market":"MARKET","asset_id":"YES","bids":[{"price":"0.{{cents}}","size":"1"}],"asks":[{"price":"0.{{cents + 30}}","size":"1"}]}""";
            var change = $$"""{"event_type":"price_change","market":"MARKET","price_changes":[{"asset_id":"YES","price":"0.{{cents + 1}}","size":"1","side":"BUY"}]}""";
            socket.Received(socket.Active, new SocketFrame("m1#1", Given.Frame(book), default));
            socket.Received(socket.Active, new SocketFrame("m1#1", Given.Frame($"[{book},{change}]"), default));
        }

        await pump.Run().WaitAsync(Stop);

        var updates = heard.SelectMany(input => input.Updates).ToArray();
        Assert.Equal([10, 10, 20, 20], updates.Where(update => update.Bids.Length > 0).Select(update => update.Bids.Span[0].Price.Ticks / 100));
        Assert.Equal([40, 40, 50, 50], updates.Where(update => update.Asks.Length > 0).Select(update => update.Asks.Span[0].Price.Ticks / 100));
        Assert.Equal([11, 21], updates.Where(update => update.Entries.Length > 0).Select(update => update.Entries.Span[0].Level.Price.Ticks / 100));
        pump.End();
    }

    [Fact]
    public async Task A_delivery_that_throws_becomes_a_loss()
    {
        var heard = new List<FeedInput>();
        var calls = 0;
        using var socket = Socket();
        using var pump = Pump(socket, (_, inputs) =>
        {
            if (calls++ == 0) throw new TimeoutException("no answer");
            heard.AddRange(inputs);
            return Task.FromResult(FeedAnswer.Gone);
        });
        socket.Follow(pump);
        pump.TryPost(Input(0));
        await pump.Run().WaitAsync(Stop);
        Assert.Equal("delivery failed", Assert.Single(heard).Gap);
        Assert.Contains("delivery failed", _tap.Taken[^1].Text, StringComparison.Ordinal);
    }

    private MarketSocket Socket() =>
        new("m1", new FeedParts(ScriptedVenue.Options, _tap, new KeepingErrors(), TimeProvider.System, new Random(1), NullLogger.Instance), _gone.Add);

    [Fact]
    public async Task All_queues_together_have_a_bound_and_the_news_of_a_loss_passes_it()
    {
        var load = new FeedLoad(max: 3);
        using var socket = Socket();
        using var one = Pump(socket, (_, _) => Task.FromResult(FeedAnswer.Applied), load);
        using var other = Pump(socket, (_, _) => Task.FromResult(FeedAnswer.Applied), load);

        Assert.True(one.TryPost(Input(1)) && one.TryPost(Input(2)) && other.TryPost(Input(3)));
        Assert.False(other.TryPost(Input(4)));
        Assert.Equal(3, load.Waiting);
        Assert.True(other.TryPost(FeedInput.Lost(5, default, "overload")));
        Assert.Equal(4, load.Waiting);

        one.Drain();
        Assert.Equal(2, load.Waiting);
        Assert.True(other.TryPost(Input(6)));
        one.End();
        other.End();
        Assert.Equal(0, load.Waiting);
        await one.Run().WaitAsync(Stop);
    }

    [Fact]
    public async Task What_was_delivered_waits_no_more()
    {
        var load = new FeedLoad(max: 2);
        var delivered = new SemaphoreSlim(0);
        using var socket = Socket();
        using var pump = Pump(
            socket,
            (_, _) =>
            {
                delivered.Release();
                return Task.FromResult(FeedAnswer.Applied);
            },
            load);
        var running = pump.Run();
        for (var i = 0; i < 10; i++)
        {
            Assert.True(pump.TryPost(Input(i)));
            await delivered.WaitAsync(Stop);
        }

        pump.End();
        await running.WaitAsync(Stop);
        Assert.Equal(0, load.Waiting);
    }

    private static MarketPump Pump(MarketSocket socket, Func<long, ImmutableArray<FeedInput>, Task<FeedAnswer>> deliver, FeedLoad? load = null) =>
        new(Given.Market(), 1, deliver, socket, load ?? new FeedLoad(50_000), NullLogger.Instance);

    private static FeedInput Input(long sequence) => new(sequence, default, 0, [BookUpdate.Listed(Given.Condition)], null);
}
