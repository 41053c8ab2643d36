using Microsoft.Extensions.Time.Testing;
using PolyArb.Domain;
using PolyArb.Domain.Ports;
using PolyArb.Polymarket;
using PolyArb.Simulator.Engine;
using PolyArb.Simulator.Faults;
using PolyArb.Simulator.Hosting;
using PolyArb.Simulator.World;
using Xunit;
using Condition = PolyArb.Simulator.World.Condition;
using VenueOptions = PolyArb.Polymarket.VenueOptions;

namespace PolyArb.Tests.Polymarket;

/// <summary>Silence on the exchange, where nothing moves but what a test moves. The feed's time is the test's: a second is a PING and its PONG.</summary>
public sealed class FrozenTokenTests
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(20);

    private readonly FakeTimeProvider _clock = new(DateTimeOffset.UtcNow);

    [Fact]
    public async Task A_frozen_token_is_noticed_within_its_limit_while_PONGs_go_on_and_a_quiet_one_is_not_called_frozen()
    {
        await using var feed = await Feed();
        var (frozen, quiet, busy) = await Three(feed);
        feed.Goes(FaultKind.TokenFreeze, frozen, durationMs: 3_600_000);
        await feed.Until(() => feed.HasFired(FaultKind.TokenFreeze));
        var pongs = feed.Tap.Pongs;
        feed.Move(frozen);

        var seconds = await Pass(feed, busy, () => feed.Gaps.Contains((feed.MarketOf(frozen).Id, "frozen token")));

        Assert.InRange(seconds, Limit.TotalSeconds / 2, Limit.TotalSeconds);
        Assert.True(feed.Tap.Pongs - pongs >= seconds);
        Assert.Equal([feed.MarketOf(frozen).Id], feed.Gaps.Where(gap => gap.Cause == "frozen token").Select(gap => gap.Market));
        Assert.DoesNotContain(feed.Gaps, gap => gap.Cause == "disconnected");
        Assert.True(feed.Under(() => feed.IsLevel(quiet)));
        Assert.InRange(feed.Feed.AgeOf(feed.MarketOf(quiet).Id)!.Value.TotalSeconds, 0, Limit.TotalSeconds / 2);
        Assert.Null(feed.Feed.AgeOf(feed.MarketOf(frozen).Id)); // Its book is gone and has not come again.
        Assert.Equal((true, false), (IsFresh(feed, quiet), IsFresh(feed, frozen)));
        Assert.Contains(" 1 frozen", feed.Feed.Health.Detail, StringComparison.Ordinal);
        Assert.DoesNotContain(" 0 quiet", feed.Feed.Health.Detail, StringComparison.Ordinal);
        Assert.DoesNotContain('\n', feed.Feed.Health.Detail);

        // It stays frozen: at the second look its socket starts over, and all its markets with it.
        await Pass(feed, busy, () => feed.Gaps.Contains((feed.MarketOf(busy).Id, "disconnected")));
        await feed.Until(() => feed.Log.Any(line => line.Contains("m1#1 is down: frozen token", StringComparison.Ordinal)));
        await feed.Until(() => feed.IsLevel(quiet) && feed.IsLevel(busy));
    }

    [Fact]
    public async Task When_nothing_at_all_comes_the_socket_starts_over_at_the_first_look()
    {
        await using var feed = await Feed();
        var (moved, _, _) = await Three(feed);
        feed.Goes(FaultKind.WsFreeze, durationMs: 3_600_000);
        await feed.Until(() => feed.HasFired(FaultKind.WsFreeze));
        feed.Move(moved);

        var seconds = await Pass(feed, busy: null, () => feed.Log.Any(line => line.Contains("m1#1 is down: frozen token", StringComparison.Ordinal)));

        Assert.InRange(seconds, Limit.TotalSeconds / 2, Limit.TotalSeconds);
        Assert.Single(feed.Gaps, gap => gap.Cause == "frozen token");
    }

    [Fact]
    public async Task A_stale_REST_book_says_nothing_and_is_asked_again()
    {
        await using var feed = await Feed();
        var (moved, quiet, busy) = await Three(feed);
        feed.Goes(FaultKind.StaleRestBook, durationMs: 3_600_000);
        await feed.Until(() => feed.HasFired(FaultKind.StaleRestBook));
        feed.Move(moved);
        await feed.Until(() => feed.IsLevel(moved));

        await Pass(feed, busy, () => feed.Log.Count(line => line.Contains(" 1 where REST is stale", StringComparison.Ordinal)) == 2);

        Assert.DoesNotContain(feed.Gaps, gap => gap.Cause == "frozen token");
        Assert.InRange(feed.Feed.AgeOf(feed.MarketOf(moved).Id)!.Value.TotalSeconds, Limit.TotalSeconds / 2, Limit.TotalSeconds); // Nobody has confirmed it.
        Assert.InRange(feed.Feed.AgeOf(feed.MarketOf(quiet).Id)!.Value.TotalSeconds, 0, Limit.TotalSeconds / 2);
    }

    [Fact]
    public async Task A_book_that_REST_no_longer_knows_has_ended_and_nothing_else()
    {
        await using var feed = await Feed();
        var (unknown, _, busy) = await Three(feed);
        feed.Goes(FaultKind.Hydration404, unknown, durationMs: 3_600_000);
        await feed.Until(() => feed.HasFired(FaultKind.Hydration404));

        await Pass(feed, busy, () => feed.Log.Any(line => line.Contains(" 1 without a book", StringComparison.Ordinal)));

        Assert.All(feed.Gaps, gap => Assert.Equal("connected", gap.Cause));
        Assert.Contains(" 1 ended", feed.Feed.Health.Detail, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Without_REST_nothing_is_said_of_a_silent_token_but_that_nobody_knows()
    {
        await using var feed = await Feed(options => options with { RestUrl = new Uri("http://127.0.0.1:1") });
        var (quiet, _, busy) = await Three(feed);

        await Pass(feed, busy, () => feed.Log.Any(line => line.Contains("REST does not say", StringComparison.Ordinal)));
        await Second(feed);

        Assert.All(feed.Gaps, gap => Assert.Equal("connected", gap.Cause));
        Assert.True(feed.Feed.AgeOf(feed.MarketOf(quiet).Id) > Limit / 2);
        Assert.True(IsFresh(feed, quiet));

        await Pass(feed, busy, () => feed.Feed.AgeOf(feed.MarketOf(quiet).Id) > Limit);
        Assert.False(IsFresh(feed, quiet)); // Nothing new is begun on it.
        Assert.True(IsFresh(feed, busy));
    }

    [Fact]
    public async Task When_REST_wants_to_be_left_alone_it_is()
    {
        await using var feed = await Feed();
        var (_, _, busy) = await Three(feed);
        feed.RestRestsFor = TimeSpan.FromSeconds(60);
        await Pass(feed, busy, () => feed.Log.Any(line => line.Contains("REST does not say", StringComparison.Ordinal)));

        for (var second = 0; second < 15; second++) await Second(feed);

        Assert.Equal(1, feed.Asked);
    }

    private Task<ExchangeFeed> Feed(Func<VenueOptions, VenueOptions>? with = null) => ExchangeFeed.Start(
        new ExchangeOptions { Seed = 5, Quiet = true },
        options => options with
        {
            TokenSilence = Limit,
            PingEvery = TimeSpan.FromSeconds(1),
            BookWithin = TimeSpan.FromDays(1),
            ReconnectMin = TimeSpan.Zero,
            ReconnectMax = TimeSpan.Zero,
        },
        _clock,
        with);

    /// <summary>Conditions of three markets, all followed and level.</summary>
    private static async Task<(Condition First, Condition Second, Condition Third)> Three(ExchangeFeed feed)
    {
        await feed.FollowAll();
        Condition[] one = [.. feed.Exchange.World.Conditions.GroupBy(condition => feed.MarketOf(condition).Id).Select(market => market.First()).Take(3)];
        return (one[0], one[1], one[2]);
    }

    /// <summary>Second by second until it holds; returns how many. The busy one changes every second, so that its socket is not deaf.</summary>
    private async Task<int> Pass(ExchangeFeed feed, Condition? busy, Func<bool> holds)
    {
        for (var second = 1; ; second++)
        {
            Assert.True(second <= 10 * Limit.TotalSeconds, string.Join('\n', feed.Log));
            await Second(feed);
            if (busy is not null)
            {
                feed.Move(busy);
                await feed.Until(() => feed.IsLevel(busy));
            }

            if (feed.Under(holds)) return second;
        }
    }

    private static bool IsFresh(ExchangeFeed feed, Condition condition)
    {
        var market = feed.MarketOf(condition);
        return feed.Feed.IsFresh(market.Id, market.Conditions.Select(one => one.Id));
    }

    /// <summary>A second with its PONG, or with a new connection; and with the answer of REST if it was asked.</summary>
    private async Task Second(ExchangeFeed feed)
    {
        var (pongs, lives) = (feed.Tap.Pongs, feed.Lives);
        _clock.Advance(TimeSpan.FromSeconds(1));
        await feed.Until(() => (feed.Tap.Pongs > pongs || feed.Lives > lives) && feed.IsAnswered);
    }
}
