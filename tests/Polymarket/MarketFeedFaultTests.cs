using PolyArb.Domain;
using PolyArb.Simulator.Faults;
using PolyArb.Simulator.Hosting;
using PolyArb.Simulator.World;
using Xunit;

namespace PolyArb.Tests.Polymarket;

/// <summary>What goes wrong on the venue's market channel (docs/exchange.md), and that every book is right again by itself.</summary>
public sealed class MarketFeedFaultTests
{
    private static readonly TimeSpan Forever = TimeSpan.FromMinutes(10);

    /// <summary>Nothing is lost: what is unsettled for a moment settles, and no proof fails.</summary>
    [Theory]
    [InlineData("reorder-same-timestamp")]
    [InlineData("crossed-transient")]
    [InlineData("duplicate-frame")]
    public async Task Frames_in_an_odd_order_fail_no_proof(string kind)
    {
        await using var feed = await PatientFeed();
        await feed.FollowAll();
        var fault = KindOf(kind);
        feed.Goes(fault, count: 20);
        await feed.Until(() => Fired(feed, fault) == 20);

        await Settles(feed);

        Assert.Equal(0, feed.Under(() => feed.Proofs.Failed));
        Assert.All(feed.Gaps, gap => Assert.Equal("connected", gap.Cause));
    }

    /// <summary>A book that comes a second late may meet newer changes on a busy machine: then its proof fails, and it starts over.</summary>
    [Fact]
    public async Task Books_that_come_late_leave_no_book_wrong()
    {
        await using var feed = await Feed(flow: true); // A patient one would wait for ever for a proof that no message brings.
        await feed.FollowAll();
        feed.Goes(FaultKind.LateBook, count: 20);
        await feed.Until(() => Fired(feed, FaultKind.LateBook) == 20);

        await Settles(feed);
    }

    [Theory]
    [InlineData("ws-freeze")]
    [InlineData("token-freeze")]
    public async Task What_was_silent_is_right_again_when_it_thaws(string kind)
    {
        await using var feed = await Feed(flow: true);
        await feed.FollowAll();
        var fault = KindOf(kind);
        feed.Goes(fault, durationMs: 1_500);
        await feed.Until(() => feed.HasFired(fault, "is over"));

        await Settles(feed);
    }

    /// <summary>Nothing more happens to a quiet condition, so no message will ever show that one is missing: REST does.</summary>
    [Fact]
    public async Task What_was_silent_and_then_quiet_is_found_by_asking_REST()
    {
        await using var feed = await Feed(flow: false);
        await feed.FollowAll();
        var condition = feed.Exchange.World.Conditions[0];
        feed.Goes(FaultKind.TokenFreeze, condition, durationMs: 300);
        await feed.Until(() => feed.HasFired(FaultKind.TokenFreeze));
        feed.Move(condition);
        await feed.Until(() => feed.HasFired(FaultKind.TokenFreeze, "is over"));
        Assert.False(feed.Under(() => feed.IsLevel(condition)));

        await feed.Until(() => feed.IsLevel(condition));

        Assert.Contains((feed.MarketOf(condition).Id, "frozen token"), feed.Gaps);
    }

    [Fact]
    public async Task A_dropped_book_of_a_subscription_is_asked_for_again()
    {
        await using var feed = await Feed(flow: false);
        var condition = feed.Exchange.World.Conditions[0];
        feed.Goes(FaultKind.DropBook, condition, count: 2);

        await feed.FollowAll(); // Ends when every condition has a book.

        Assert.Equal(2, Fired(feed, FaultKind.DropBook));
        await feed.Until(() => condition.Tokens.All(token => feed.States.Any(state => state.Token.Text == token)));
    }

    [Fact]
    public async Task A_dropped_book_of_a_match_costs_nothing()
    {
        await using var feed = await PatientFeed();
        await feed.FollowAll();
        feed.Goes(FaultKind.DropBook, count: 6);
        await feed.Until(() => Fired(feed, FaultKind.DropBook) == 6);

        await Settles(feed);

        Assert.Equal(0, feed.Under(() => feed.Proofs.Failed));
    }

    [Fact]
    public async Task A_cut_connection_comes_back_with_all_its_books()
    {
        await using var feed = await Feed(flow: true);
        await feed.FollowAll();
        feed.Goes(FaultKind.SocketClose);
        await feed.Until(() => feed.Gaps.Any(gap => gap.Cause is "disconnected"));

        await Settles(feed);

        Assert.Equal(0, feed.Under(() => feed.Proofs.Failed));
    }

    /// <summary>For what must do no harm: on a busy machine an impatient feed finds fault with its own slowness.</summary>
    private static Task<ExchangeFeed> PatientFeed() => ExchangeFeed.Start(
        new ExchangeOptions { Seed = 11, SpeedPercent = 300 },
        options => options with { TokenSilence = Forever, FrozenGrace = Forever, BookWithin = Forever, PongWithin = Forever, StaleAfter = Forever },
        TimeProvider.System,
        settle: Forever);

    private static Task<ExchangeFeed> Feed(bool flow) => ExchangeFeed.Start(
        new ExchangeOptions { Seed = 11, SpeedPercent = 300, Quiet = !flow },
        options => options with
        {
            TokenSilence = TimeSpan.FromSeconds(2),
            FrozenGrace = TimeSpan.FromMilliseconds(300),
            BookWithin = TimeSpan.FromMilliseconds(300),
            PingEvery = TimeSpan.FromMilliseconds(100),
        },
        TimeProvider.System);

    /// <summary>The exchange stands still, and every book becomes its book.</summary>
    private static async Task Settles(ExchangeFeed feed)
    {
        feed.Exchange.Halted = true;
        await feed.Until(() => feed.Exchange.World.Conditions.All(feed.IsLevel));
    }

    private static int Fired(ExchangeFeed feed, FaultKind kind)
    {
        lock (feed.Exchange.Gate) return feed.Exchange.Faults.Fired.Count(fired => fired.Kind == kind);
    }

    private static FaultKind KindOf(string name) => Enum.GetValues<FaultKind>().Single(kind => kind.Name() == name);
}
