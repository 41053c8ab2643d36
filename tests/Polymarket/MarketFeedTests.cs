using System.Buffers.Binary;
using System.Collections.Immutable;
using System.Security.Cryptography;
using System.Text.Json;
using System.Threading.Channels;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Time.Testing;
using PolyArb.Domain;
using PolyArb.Domain.Books;
using PolyArb.Domain.Ports;
using PolyArb.Domain.Replay;
using PolyArb.Polymarket;
using PolyArb.Polymarket.MarketFeed;
using PolyArb.Tests.Grains;
using Xunit;

namespace PolyArb.Tests.Polymarket;

/// <summary>The market feed against a real websocket server.</summary>
public class MarketFeedTests
{
    private const string Book =
        """[{"market":"MARKET","asset_id":"YES","timestamp":"1782753357000","hash":"","bids":[],"asks":[],"event_type":"book"},{"market":"MARKET","asset_id":"NO_","timestamp":"1782753357000","hash":"","bids":[],"asks":[],"event_type":"book"}]""";

    private readonly Channel<FeedInput> _inputs = Channel.CreateUnbounded<FeedInput>();
    private readonly KeepingTap _tap = new();
    private readonly KeepingErrors _errors = new();
    private TimeProvider _clock = TimeProvider.System;
    private FeedAnswer _answer = FeedAnswer.Applied;

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_frame_comes_as_one_input_with_its_number_and_digest_after_the_loss_that_a_connection_is()
    {
        await using var venue = await WebVenue.Start(Stop);
        using var feed = Feed(venue.Options);
        feed.Follow(Given.Market(), Deliver);
        var peer = await venue.Accept();
        Assert.Equal($$"""{"assets_ids":["{{Given.Yes}}","{{Given.No}}"],"type":"market","custom_feature_enabled":true}""", await peer.Receive());

        await peer.Send(Given.Frame(Book));
        var lost = await Next();
        var book = await Next();

        Assert.Equal(("connected", 1L), (lost.Gap, lost.Sequence));
        Assert.Equal(InputKind.Timer, _tap.Taken[0].Kind);
        Assert.Equal(Given.Condition.Text, JsonElement.Parse(_tap.Taken[0].Text).GetProperty("market").GetString());
        Assert.Equal((null, 2L, 2), (book.Gap, book.Sequence, book.Updates.Length));
        Assert.Equal(BinaryPrimitives.ReadUInt64BigEndian(SHA256.HashData(Given.Frame(Book))), book.FrameDigest);
        Assert.Equal((InputKind.Market, "m1#1"), (_tap.Taken[1].Kind, _tap.Taken[1].Connection));
        Assert.Equal(StreamState.Live, feed.Health.State);
    }

    [Fact]
    public async Task A_socket_is_read_elsewhere_than_on_the_scheduler_of_the_market_that_came_first()
    {
        await using var venue = await WebVenue.Start(Stop);
        using var feed = Feed(venue.Options);
        await Task.Factory.StartNew(() => feed.Follow(Given.Market(), Deliver), Stop, TaskCreationOptions.None, new BusyEverAfter());

        var peer = await venue.Accept();
        Assert.Contains("\"type\":\"market\"", await peer.Receive().WaitAsync(TimeSpan.FromSeconds(60), Stop), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_name_that_the_venues_papers_do_not_have_is_counted_and_does_no_harm()
    {
        await using var venue = await WebVenue.Start(Stop);
        using var feed = Feed(venue.Options);
        feed.Follow(Given.Market(), Deliver);
        var peer = await venue.Accept();
        await peer.Receive();

        await peer.Send(Given.Frame(Book.Replace("\"hash\"", "\"color\":\"red\",\"hash\"", StringComparison.Ordinal)));
        await Next();
        Assert.Equal(2, (await Next()).Updates.Length);
        Assert.Equal([KeyValuePair.Create("field of the market channel: color", 2L)], feed.UnknownNames);
    }

    [Fact]
    public async Task A_cut_connection_comes_back_and_subscribes_everything()
    {
        await using var venue = await WebVenue.Start(Stop);
        using var feed = Feed(venue.Options);
        feed.Follow(Given.Market(), Deliver);
        var first = await venue.Accept();
        await first.Receive();
        await Next();

        first.Cut();
        var second = await venue.Accept();
        Assert.Contains("\"type\":\"market\"", await second.Receive(), StringComparison.Ordinal);
        var gap = (await Next()).Gap;
        if (gap == "disconnected") gap = (await Next()).Gap; // Which the second may have overtaken in the queue.
        Assert.Equal("connected", gap);
        Assert.Equal("m1#2", _tap.Taken[^1].Connection);
    }

    [Fact]
    public async Task An_unreadable_frame_is_a_loss_for_every_market_of_its_socket()
    {
        await using var venue = await WebVenue.Start(Stop);
        using var feed = Feed(venue.Options);
        feed.Follow(Given.Market(), Deliver);
        var peer = await venue.Accept();
        await peer.Receive();
        await Next();

        await peer.Send("{\"event_type\":\"book\"");
        Assert.Equal("unreadable frame", (await Next()).Gap);
        Assert.Equal([("market channel", "m1#1: a frame that is not in the venue's format", "{\"event_type\":\"book\"")], _errors.Kept);
        Assert.Contains("\"operation\":\"unsubscribe\"", await peer.Receive(), StringComparison.Ordinal);
        Assert.Contains("\"operation\":\"subscribe\"", await peer.Receive(), StringComparison.Ordinal);
        Assert.Contains("1 unreadable", feed.Health.Detail, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_market_that_wants_new_snapshots_is_subscribed_again()
    {
        _answer = FeedAnswer.Resync;
        await using var venue = await WebVenue.Start(Stop);
        using var feed = Feed(venue.Options);
        feed.Follow(Given.Market(), Deliver);
        var peer = await venue.Accept();
        await peer.Receive();
        await peer.Send(Given.Frame(Book));
        Assert.Contains("\"operation\":\"unsubscribe\"", await peer.Receive(), StringComparison.Ordinal);
        Assert.Contains("\"operation\":\"subscribe\"", await peer.Receive(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_market_that_stays_wrong_is_subscribed_again_less_and_less_often()
    {
        var clock = new FakeTimeProvider();
        (_clock, _answer) = (clock, FeedAnswer.Resync);
        await using var venue = await WebVenue.Start(Stop);
        using var feed = Feed(venue.Options with { BookWithin = TimeSpan.FromDays(1) });
        var session = feed.Follow(Given.Market(), Deliver);
        var peer = await venue.Accept();
        await peer.Receive();

        await Wrong();
        await Subscribed(); // At once.
        await Wrong();
        clock.Advance(TimeSpan.FromSeconds(2));
        await Subscribed();
        await Wrong();
        clock.Advance(TimeSpan.FromSeconds(3.9));
        feed.Resync(Given.Market().Id, session); // Nor by the clock.
        feed.Follow(Given.Market(2), (_, _) => Task.FromResult(FeedAnswer.Applied));
        Assert.Contains("\"21\",\"22\"", await peer.Receive(), StringComparison.Ordinal);
        clock.Advance(TimeSpan.FromSeconds(0.1));
        await Subscribed();

        async Task Wrong()
        {
            await peer.Send(Given.Frame(Book));
            while ((await Next()).Gap is not null)
            {
            }
        }

        async Task Subscribed()
        {
            Assert.Contains("\"operation\":\"unsubscribe\"", await peer.Receive(), StringComparison.Ordinal);
            Assert.Contains("\"operation\":\"subscribe\"", await peer.Receive(), StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task A_market_that_is_gone_is_unfollowed_and_its_empty_socket_closed()
    {
        _answer = FeedAnswer.Gone;
        await using var venue = await WebVenue.Start(Stop);
        using var feed = Feed(venue.Options);
        feed.Follow(Given.Market(), Deliver);
        await venue.Accept();
        await Next();
        feed.Follow(Given.Market(1), (_, _) => Task.FromResult(FeedAnswer.Applied));
        Assert.StartsWith("m", _tap.Taken[0].Connection, StringComparison.Ordinal);
        feed.Unfollow(Given.Market().Id, session: 1); // Gone already or now: the same.
        Assert.Contains(" 2 tokens", feed.Health.Detail, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_socket_holds_so_many_tokens_and_a_market_is_on_one_of_them()
    {
        await using var venue = await WebVenue.Start(Stop);
        using var feed = Feed(venue.Options with { TokensPerSocket = 5 });
        foreach (var number in (int[])[1, 2, 3]) feed.Follow(Given.Market(number), Deliver);
        await venue.Accept();
        await venue.Accept();
        Assert.Contains("of 2 sockets live, 6 tokens", feed.Health.Detail, StringComparison.Ordinal);
    }

    /// <summary>The venue tells every connection of each end. A replay must give it to the market as often as it got it.</summary>
    [Fact]
    public async Task What_a_socket_hears_of_markets_on_another_is_recorded_as_overheard()
    {
        await using var venue = await WebVenue.Start(Stop);
        using var feed = Feed(venue.Options with { TokensPerSocket = 2 });
        feed.Follow(Given.Market(1), Deliver);
        feed.Follow(Given.Market(2), Deliver);
        var peers = new[] { await venue.Accept(), await venue.Accept() };
        foreach (var peer in peers)
        {
            await peer.Receive();
            await peer.Send($$"""{"event_type":"market_resolved","market":"{{Given.Market(1).Id}}","assets_ids":["11","12"],"winning_asset_id":"11","timestamp":"5"}""");
        }

        await FaultDay.Until(() => Task.FromResult(_tap.Count(taken => taken.Kind is InputKind.Market) == 2));
        Assert.Equal(1, _tap.Count(taken => taken.Connection.EndsWith(CaptureLine.Overheard, StringComparison.Ordinal)));
    }

    [Fact]
    public async Task A_later_market_joins_a_socket_that_has_room()
    {
        await using var venue = await WebVenue.Start(Stop);
        using var feed = Feed(venue.Options);
        feed.Follow(Given.Market(1), Deliver);
        var peer = await venue.Accept();
        await peer.Receive();
        var session = feed.Follow(Given.Market(2), Deliver);
        Assert.Equal("""{"assets_ids":["21","22"],"operation":"subscribe","custom_feature_enabled":true}""", await peer.Receive());
        feed.Unfollow(Given.Market(2).Id, session);
        Assert.Equal("""{"assets_ids":["21","22"],"operation":"unsubscribe"}""", await peer.Receive());
    }

    [Fact]
    public async Task A_socket_that_does_not_answer_a_PING_is_left_though_data_flows()
    {
        var clock = new FakeTimeProvider();
        _clock = clock;
        await using var venue = await WebVenue.Start(Stop);
        using var feed = Feed(venue.Options with { ReconnectMin = TimeSpan.Zero, ReconnectMax = TimeSpan.Zero, BookWithin = TimeSpan.FromDays(1) });
        feed.Follow(Given.Market(), Deliver);
        var peer = await venue.Accept();
        await peer.Receive();
        await peer.Send(Given.Frame(Book));
        Assert.Equal("connected", (await Next()).Gap);
        Assert.Null((await Next()).Gap);
        clock.Advance(TimeSpan.FromSeconds(10));
        Assert.Equal("PING", await peer.Receive());
        clock.Advance(TimeSpan.FromSeconds(14));
        await peer.Send(Given.Frame(Book));
        Assert.Null((await Next()).Gap);

        clock.Advance(TimeSpan.FromSeconds(1));

        Assert.Contains((await Next()).Gap, (string[])["disconnected", "connected"]); // The second may overtake the first in the queue.
        await venue.Accept();
    }

    [Fact]
    public async Task A_book_that_does_not_come_is_asked_for_again_and_then_less_often()
    {
        var clock = new FakeTimeProvider();
        _clock = clock;
        await using var venue = await WebVenue.Start(Stop);
        using var feed = Feed(venue.Options with { BookWithin = TimeSpan.FromSeconds(1), TokenSilence = TimeSpan.FromDays(1) });
        feed.Follow(Given.Market(1), Deliver);
        var peer = await venue.Accept();
        await peer.Receive();
        Assert.Equal("connected", (await Next()).Gap);

        clock.Advance(TimeSpan.FromSeconds(1));
        Assert.Equal("""{"assets_ids":["11","12"],"operation":"unsubscribe"}""", await peer.Receive());
        Assert.Equal("""{"assets_ids":["11","12"],"operation":"subscribe","custom_feature_enabled":true}""", await peer.Receive());
        Assert.Null(feed.AgeOf(Given.Market(1).Id));

        await peer.Send($$"""{"event_type":"book","market":"{{Given.Market(1).Id}}","asset_id":"11","timestamp":"1","hash":"","bids":[],"asks":[]}""");
        Assert.Null((await Next()).Gap);
        Assert.Equal(TimeSpan.Zero, feed.AgeOf(Given.Market(1).Id));
        clock.Advance(TimeSpan.FromSeconds(1.5));
        feed.Follow(Given.Market(2), Deliver); // The next that is asked for would stand behind a question of now.
        Assert.Contains("\"21\",\"22\"", await peer.Receive(), StringComparison.Ordinal);
        clock.Advance(TimeSpan.FromSeconds(0.5));
        Assert.Equal("""{"assets_ids":["12"],"operation":"unsubscribe"}""", await peer.Receive());
    }

    [Fact]
    public async Task A_tick_change_that_no_book_follows_has_one_asked_for()
    {
        var clock = new FakeTimeProvider();
        _clock = clock;
        await using var venue = await WebVenue.Start(Stop);
        using var feed = Feed(venue.Options with { BookWithin = TimeSpan.FromSeconds(1), TokenSilence = TimeSpan.FromDays(1) });
        feed.Follow(Given.Market(1), Deliver);
        var peer = await venue.Accept();
        await peer.Receive();
        Assert.Equal("connected", (await Next()).Gap);
        foreach (var token in (string[])["11", "12"])
        {
            await peer.Send($$"""{"event_type":"book","market":"{{Given.Market(1).Id}}","asset_id":"{{token}}","timestamp":"1","hash":"","bids":[],"asks":[]}""");
            Assert.Null((await Next()).Gap);
        }

        Assert.True(feed.IsFresh(Given.Market(1).Id, [Given.Market(1).Conditions[0].Id]));
        await peer.Send($$"""{"event_type":"tick_size_change","market":"{{Given.Market(1).Id}}","asset_id":"11","old_tick_size":"0.01","new_tick_size":"0.001","timestamp":"2"}""");
        Assert.Null((await Next()).Gap);
        Assert.False(feed.IsFresh(Given.Market(1).Id, [Given.Market(1).Conditions[0].Id]));

        clock.Advance(TimeSpan.FromSeconds(1));
        Assert.Equal("""{"assets_ids":["11","12"],"operation":"unsubscribe"}""", await peer.Receive());
    }

    [Fact]
    public async Task Above_the_bound_of_all_queues_a_market_s_data_is_shed_as_a_loss_and_its_books_start_over()
    {
        await using var venue = await WebVenue.Start(Stop);
        using var feed = Feed(venue.Options with { WaitingMax = 2 });
        var (begun, release) = (new TaskCompletionSource(), new TaskCompletionSource());
        feed.Follow(Given.Market(), async (session, inputs) =>
        {
            begun.TrySetResult();
            await release.Task;
            return await Deliver(session, inputs);
        });
        var peer = await venue.Accept();
        await peer.Receive();
        await begun.Task.WaitAsync(Stop); // The loss that a connection is, being delivered by a slow grain.

        for (var i = 0; i < 4; i++) await peer.Send(Given.Frame(Book));
        await peer.Receive(); // It asks for its books again.
        Assert.InRange(feed.Waiting, 1, 4); // Two that were kept, and the news of each that was not.

        release.SetResult();
        Assert.Equal("connected", (await Next()).Gap);
        Assert.Equal("queue full", (await Next()).Gap); // And what was kept before it is worth nothing.
    }

    private PolymarketMarketFeed Feed(VenueOptions options) =>
        new(options, new BookProbe(new ScriptedVenue()), _tap, _errors, _clock, new Random(1), NullLogger<PolymarketMarketFeed>.Instance);

    private Task<FeedAnswer> Deliver(long session, ImmutableArray<FeedInput> inputs)
    {
        foreach (var input in inputs) _inputs.Writer.TryWrite(input);
        return Task.FromResult(_answer);
    }

    private async Task<FeedInput> Next() => await _inputs.Reader.ReadAsync(Stop);

    /// <summary>A grain's scheduler that gets no further than its first task.</summary>
    private sealed class BusyEverAfter : TaskScheduler
    {
        private int _tasks;

        protected override void QueueTask(Task task)
        {
            if (Interlocked.Increment(ref _tasks) == 1) ThreadPool.UnsafeQueueUserWorkItem(_ => TryExecuteTask(task), null);
        }

        protected override bool TryExecuteTaskInline(Task task, bool taskWasPreviouslyQueued) => false;

        protected override IEnumerable<Task> GetScheduledTasks() => [];
    }
}
