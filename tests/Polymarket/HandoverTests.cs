using System.Collections.Concurrent;
using System.Collections.Immutable;
using System.Threading.Channels;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Time.Testing;
using PolyArb.Domain;
using PolyArb.Domain.Books;
using PolyArb.Domain.Ports;
using PolyArb.Polymarket;
using PolyArb.Polymarket.MarketFeed;
using Xunit;

namespace PolyArb.Tests.Polymarket;

/// <summary>
/// A connection that has grown old hands over to a younger one. The test is the venue on both, and says in which order they are heard:
/// a market that joins in the middle is heard over the younger one alone, so its book tells that everything before it has been taken.
/// </summary>
public sealed class HandoverTests : IAsyncDisposable
{
    private static readonly TimeSpan Age = TimeSpan.FromMinutes(10);

    /// <summary>The venue's times are milliseconds after this.</summary>
    private const long Epoch = 1_782_753_357_000;

    private readonly FakeTimeProvider _clock = new(DateTimeOffset.UtcNow);
    private readonly ConcurrentDictionary<MarketId, Channel<FeedInput>> _inputs = []; // Each market's by itself: two pumps keep no order between them.
    private readonly KeepingTap _tap = new();
    private readonly Dictionary<MarketId, long> _sessions = [];
    private WebVenue _venue = null!;
    private PolymarketMarketFeed _feed = null!;
    private WebVenue.Peer _old = null!;
    private WebVenue.Peer _young = null!;
    private FeedAnswer _answer = FeedAnswer.Applied;

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    public async ValueTask DisposeAsync()
    {
        _feed?.Dispose();
        if (_venue is not null) await _venue.DisposeAsync();
    }

    [Fact]
    public async Task A_market_moves_when_both_its_books_have_come_and_what_the_old_one_says_then_is_not_heard()
    {
        await Start(1);
        await HandOver();
        await Say(_young, 1, Book("YES", 2));
        await Say(_old, 1, Change(3)); // The young one lacks a book: the old one is heard.
        Assert.Equal("change 3", await Next(1));
        await Say(_young, 1, Book("NO_", 3), Change(4));

        Assert.Equal(["moved", "book 3", "change 4"], [await Next(1), await Next(1), await Next(1)]);
        Assert.Equal(["m1#1", "m1#2", "m1#2", "m1#2"], _tap.Taken[^4..].Select(taken => taken.Connection));
        await Closed(_old);
        await Say(_young, 1, Change(5));
        Assert.Equal("change 5", await Next(1));
        Assert.DoesNotContain(_tap.Taken, taken => taken.Connection == "m1#2" && taken.Text.Contains($"{Epoch + 2}", StringComparison.Ordinal));
    }

    [Fact]
    public async Task An_old_connection_that_lies_behind_is_heard_out_first()
    {
        await Start(1);
        await HandOver();
        await Say(_young, 1, Book("YES", 4), Book("NO_", 4), Change(5));
        await Barrier();

        await Say(_old, 1, Change(2));
        Assert.Equal("change 2", await Next(1));
        await Say(_old, 1, Change(3));
        Assert.Equal("change 3", await Next(1));
        await Say(_old, 1, Change(4), Change(5));

        Assert.Equal(["change 4", "moved", "book 4", "change 5"], [await Next(1), await Next(1), await Next(1), await Next(1)]);
        await Closed(_old);
    }

    [Fact]
    public async Task A_younger_connection_that_lies_behind_says_again_what_the_old_one_has_said()
    {
        await Start(1);
        await Say(_old, 1, Change(2), Change(3));
        Assert.Equal(["change 2", "change 3"], [await Next(1), await Next(1)]);
        await HandOver();
        await Say(_young, 1, Book("YES", 2), Book("NO_", 2), Change(3));

        Assert.Equal(["moved", "book 2", "change 3"], [await Next(1), await Next(1), await Next(1)]);
    }

    [Fact]
    public async Task An_old_connection_that_has_stopped_is_waited_for_a_second()
    {
        await Start(1);
        await HandOver();
        await Say(_young, 1, Book("YES", 4), Book("NO_", 4));
        await Barrier();
        _clock.Advance(TimeSpan.FromSeconds(1));

        Assert.Equal(["moved", "book 4"], [await Next(1), await Next(1)]);
    }

    [Fact]
    public async Task All_books_in_one_frame_move_each_market_by_itself()
    {
        await Start(1, 2);
        await HandOver();
        await _young.Send($"[{Frame(1, Book("YES", 1))},{Frame(2, Book("YES", 1))},{Frame(1, Book("NO_", 1))},{Frame(2, Book("NO_", 1))}]");

        Assert.Equal(["moved", "book 1"], [await Next(1), await Next(1)]);
        Assert.Equal(["moved", "book 1"], [await Next(2), await Next(2)]);
        await Closed(_old);
    }

    [Fact]
    public async Task A_book_that_does_not_come_on_the_new_connection_is_asked_for_again_there()
    {
        await Start(1);
        await HandOver();
        await Say(_young, 1, Book("YES", 1));
        await Barrier();
        _clock.Advance(_venue.Options.BookWithin);

        Assert.Equal("""{"assets_ids":["12"],"operation":"unsubscribe"}""", await _young.Receive());
        Assert.Equal("""{"assets_ids":["12"],"operation":"subscribe","custom_feature_enabled":true}""", await _young.Receive());
    }

    [Fact]
    public async Task What_has_moved_starts_over_on_the_old_connection_when_the_new_one_is_cut()
    {
        await Start(1, 2);
        await HandOver();
        await Say(_young, 1, Book("YES", 1), Book("NO_", 1));
        Assert.Equal(["moved", "book 1"], [await Next(1), await Next(1)]);

        _young.Cut();

        Assert.Equal("gap disconnected", await Next(1));
        Assert.Equal("""{"assets_ids":["11","12"],"operation":"unsubscribe"}""", await _old.Receive());
        Assert.Equal("""{"assets_ids":["11","12"],"operation":"subscribe","custom_feature_enabled":true}""", await _old.Receive());
        await Say(_old, 2, Change(2));
        Assert.Equal("change 2", await Next(2)); // Without a gap.

        _clock.Advance(Age / 4);
        _young = await _venue.Accept(); // And later again.
        Assert.Contains("\"11\",\"12\",\"21\",\"22\"", await _young.Receive(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_has_not_moved_starts_over_on_the_new_connection_when_the_old_one_is_cut()
    {
        await Start(1, 2);
        await HandOver();
        await Say(_young, 1, Book("YES", 1), Book("NO_", 1));
        Assert.Equal(["moved", "book 1"], [await Next(1), await Next(1)]);

        _old.Cut();

        Assert.Equal("gap disconnected", await Next(2));
        Assert.Equal("""{"assets_ids":["21","22"],"operation":"unsubscribe"}""", await _young.Receive());
        Assert.Equal("""{"assets_ids":["21","22"],"operation":"subscribe","custom_feature_enabled":true}""", await _young.Receive());
        await Say(_young, 1, Change(2));
        Assert.Equal("change 2", await Next(1)); // Without a gap.
        Assert.StartsWith("1 of 1 sockets live", _feed.Health.Detail, StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_unreadable_frame_of_the_new_connection_ends_the_handover_and_loses_nothing()
    {
        await Start(1);
        await HandOver();
        await _young.Send("{");
        await Closed(_young);

        await Say(_old, 1, Change(2));
        Assert.Equal("change 2", await Next(1));
        Assert.Contains("1 unreadable", _feed.Health.Detail, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_new_connection_that_brings_no_books_is_given_up()
    {
        await Start(1);
        await HandOver();
        _clock.Advance(TimeSpan.FromSeconds(30));
        await Closed(_young);

        await Say(_old, 1, Change(2));
        Assert.Equal("change 2", await Next(1));
    }

    [Fact]
    public async Task A_market_that_brings_no_book_among_others_that_did_starts_over_on_the_new_connection()
    {
        await Start(1, 2);
        await HandOver();
        await Say(_young, 1, Book("YES", 1), Book("NO_", 1));
        Assert.Equal(["moved", "book 1"], [await Next(1), await Next(1)]);
        _clock.Advance(TimeSpan.FromSeconds(30));

        Assert.Equal("gap no book on the new connection", await Next(2));
        await Closed(_old);
        await Say(_young, 1, Change(2));
        Assert.Equal("change 2", await Next(1));
    }

    [Fact]
    public async Task A_condition_that_had_no_book_is_not_waited_for()
    {
        await Start(1);
        Follow(2);
        await _old.Receive();
        await HandOver();
        await Say(_young, 1, Book("YES", 1), Book("NO_", 1));
        Assert.Equal(["moved", "book 1"], [await Next(1), await Next(1)]);
        await Closed(_old);

        await Say(_young, 2, Book("YES", 2)); // Should there be one after all.
        Assert.Equal("book 2", await Next(2));
    }

    [Fact]
    public async Task Who_leaves_in_the_middle_leaves_both_connections()
    {
        await Start(1, 2);
        await HandOver();
        await Say(_young, 1, Book("YES", 1), Book("NO_", 1));
        Assert.Equal(["moved", "book 1"], [await Next(1), await Next(1)]);

        _feed.Unfollow(Given.Market(2).Id, _sessions[Given.Market(2).Id]);

        Assert.Equal("""{"assets_ids":["21","22"],"operation":"unsubscribe"}""", await _young.Receive());
        await Closed(_old); // It was the last to wait for.
        await Say(_young, 1, Change(2));
        Assert.Equal("change 2", await Next(1));
    }

    [Fact]
    public async Task New_books_are_asked_for_where_the_market_is_heard()
    {
        await Start(1, 2);
        await HandOver();
        await Say(_young, 1, Book("YES", 1), Book("NO_", 1));
        Assert.Equal(["moved", "book 1"], [await Next(1), await Next(1)]);
        _answer = FeedAnswer.Resync;

        await Say(_old, 2, Change(2));
        Assert.Contains("\"21\",\"22\"],\"operation\":\"unsubscribe\"", await _old.Receive(), StringComparison.Ordinal);
        await Say(_young, 1, Change(2));
        Assert.Contains("\"11\",\"12\"],\"operation\":\"unsubscribe\"", await _young.Receive(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Without_an_age_there_is_no_handover()
    {
        await Start(TimeSpan.Zero, 1);
        _clock.Advance(TimeSpan.FromDays(1));
        foreach (var market in (int[])[2, 3])
        {
            Follow(market);
            await _old.Receive();
            _clock.Advance(_venue.Options.BookWithin);
            await _old.Receive(); // A tick has passed.
            await _old.Receive();
        }

        Assert.Equal(1, _venue.Accepted);
    }

    private Task Start(params int[] markets) => Start(Age, markets);

    /// <summary>Follows markets on one connection, each with its books of time 1.</summary>
    private async Task Start(TimeSpan age, params int[] markets)
    {
        _venue = await WebVenue.Start(Stop);
        var forever = TimeSpan.FromDays(10);
        _feed = new PolymarketMarketFeed(
            _venue.Options with { SocketAgeMax = age, PingEvery = forever, PongWithin = forever, StaleAfter = forever, TokenSilence = forever },
            new BookProbe(new ScriptedVenue()), _tap, new KeepingErrors(), _clock, new Random(1), NullLogger<PolymarketMarketFeed>.Instance);
        foreach (var market in markets)
        {
            Follow(market);
            if (market == markets[0]) _old = await _venue.Accept();
            await _old.Receive();
            await Say(_old, market, Book("YES", 1), Book("NO_", 1));
            if (market == markets[0]) Assert.Equal("gap connected", await Next(market));
            Assert.Equal(["book 1", "book 1"], [await Next(market), await Next(market)]);
        }
    }

    private async Task HandOver()
    {
        _clock.Advance(Age);
        _young = await _venue.Accept();
        Assert.Contains("\"type\":\"market\"", await _young.Receive(), StringComparison.Ordinal);
    }

    /// <summary>Everything that was said on the young connection has been taken.</summary>
    private async Task Barrier()
    {
        Follow(9);
        Assert.Contains("\"91\",\"92\"", await _young.Receive(), StringComparison.Ordinal);
        await Say(_young, 9, Book("YES", 1), Book("NO_", 1));
        Assert.Equal(["book 1", "book 1"], [await Next(9), await Next(9)]);
    }

    private void Follow(int number)
    {
        var market = Given.Market(number);
        _sessions[market.Id] = _feed.Follow(market, (_, inputs) =>
        {
            foreach (var input in inputs) InputsOf(market.Id).Writer.TryWrite(input);
            return Task.FromResult(_answer);
        });
    }

    private static string Book(string token, long ms) =>
        $$"""{"event_type":"book","market":"MARKET","asset_id":"{{token}}","timestamp":"{{Epoch + ms}}","hash":"{{ms:x40}}","bids":[],"asks":[]}""";

    private static string Change(long ms) =>
        $$"""{"event_type":"price_change","market":"MARKET","timestamp":"{{Epoch + ms}}","price_changes":[{"asset_id":"YES","price":"0.5","size":"1","side":"BUY","hash":"{{ms:x40}}"},{"asset_id":"NO_","price":"0.5","size":"1","side":"SELL","hash":"{{ms:x40}}"}]}""";

    private static string Frame(int market, string text) => text
        .Replace("MARKET", Given.Market(market).Id.Text, StringComparison.Ordinal)
        .Replace("YES", $"{market}1", StringComparison.Ordinal)
        .Replace("NO_", $"{market}2", StringComparison.Ordinal);

    private static async Task Say(WebVenue.Peer peer, int market, params string[] frames)
    {
        foreach (var frame in frames) await peer.Send(Frame(market, frame));
    }

    private static Task Closed(WebVenue.Peer peer) => peer.Ended.WaitAsync(Stop);

    private Channel<FeedInput> InputsOf(MarketId market) => _inputs.GetOrAdd(market, _ => Channel.CreateUnbounded<FeedInput>());

    /// <summary>The market's next input.</summary>
    private async Task<string> Next(int market)
    {
        var input = await InputsOf(Given.Market(market).Id).Reader.ReadAsync(Stop);
        return input switch
        {
            { Gap: { } cause } => $"gap {cause}",
            { Updates: [{ Kind: BookUpdateKind.Snapshot } book] } => $"book {book.VenueMs - Epoch}",
            { Updates: [{ Kind: BookUpdateKind.Changes } changes] } => $"change {changes.VenueMs - Epoch}",
            { Updates: [{ Kind: BookUpdateKind.Moved }] } => "moved",
            _ => input.ToString(),
        };
    }
}
