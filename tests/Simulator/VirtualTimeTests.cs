using System.Globalization;
using PolyArb.Simulator.Engine;
using PolyArb.Simulator.Feed;
using PolyArb.Simulator.Flow;
using PolyArb.Simulator.World;
using Xunit;

namespace PolyArb.Tests.Simulator;

public sealed class VirtualTimeTests
{
    private const long Start = 1_800_000_000_000;

    [Fact]
    public void The_same_seed_and_commands_say_the_same_on_both_channels_byte_for_byte()
    {
        var (market, user) = Day(seed: 7, cancelAfterMs: 2_500);

        Assert.True(market.Count > 500 && user.Count > 20, $"{market.Count} market frames, {user.Count} user frames");
        Assert.Contains(user, frame => frame.Contains("CONFIRMED", StringComparison.Ordinal));
        var again = Day(seed: 7, cancelAfterMs: 2_500);
        Assert.Equal(market, again.Market);
        Assert.Equal(user, again.User);
        Assert.NotEqual(user, Day(seed: 7, cancelAfterMs: 2_501).User);
    }

    [Fact]
    public void The_clock_stands_at_each_item_s_own_time_while_it_runs()
    {
        var clock = new VirtualClock(Start);
        using var agenda = new Agenda(new Lock(), clock);
        List<long> seen = [];
        agenda.In(30, () => seen.Add(agenda.Now - Start));
        agenda.In(10, () =>
        {
            seen.Add(agenda.Now - Start);
            agenda.In(5, () => seen.Add(agenda.Now - Start));
        });

        agenda.RunTo(clock, Start + 29);
        Assert.Equal([10, 15], seen);
        Assert.Equal(Start + 29, agenda.Now);

        agenda.RunTo(clock, Start + 1_000);
        Assert.Equal([10, 15, 30], seen);
    }

    /// <summary>Six seconds in which alice and bob trade with the crowd: limit, market and canceled orders.</summary>
    private static (List<string> Market, List<string> User) Day(ulong seed, long cancelAfterMs)
    {
        var clock = new VirtualClock(Start);
        var exchange = new Exchange(WorldBuilder.Build(seed), seed, clock);
        new MarketFlow(exchange, seed, speedPercent: 100).Start(quiet: false);
        var market = FrameLog.OfMarkets(exchange);
        var user = new FrameLog();
        foreach (var key in (string[])["alice", "bob"])
        {
            exchange.Users.Know(key);
            exchange.Users.Add(new UserSubscription(user, key, []));
        }

        List<BookOrder> resting = [];
        for (var i = 0; i < 40; i++)
        {
            At(100 + i * 50);
            var condition = exchange.World.Conditions[i % exchange.World.Conditions.Count];
            var (bid, ask) = exchange.MarketOf(condition).Top(i % 2);
            if (Send(i, condition, i % 4 < 2 ? bid : ask) is { Place: not null } order) resting.Add(order);
        }

        At(cancelAfterMs);
        foreach (var order in resting) exchange.Cancel(order);
        At(6_000);
        exchange.Ledger.AssertConserved();
        return (market.Frames, user.Frames);

        void At(long ms) => exchange.Agenda.RunTo(clock, Start + ms);

        BookOrder? Send(int i, Condition condition, int? price)
        {
            if (price is not { } at) return null;

            var id = "0x" + i.ToString("x64", CultureInfo.InvariantCulture);
            var result = exchange.Place(new OrderRequest(
                id, i % 3 == 0 ? "alice" : "bob", PublicAccounts.Addresses[i % 3 == 0 ? 0 : 1], condition, i % 2, Side.Buy,
                i % 4 == 3 ? OrderType.Fak : OrderType.Gtc, 20L * at * 100, 20 * Units.MicrosOne, 0, false));
            return (result as PlaceResult.Accepted)?.Order;
        }
    }
}
