using System.Globalization;
using PolyArb.Simulator.Engine;
using PolyArb.Simulator.Faults;
using PolyArb.Simulator.Feed;
using PolyArb.Simulator.Flow;
using PolyArb.Simulator.Hosting;
using PolyArb.Simulator.World;
using Xunit;

namespace PolyArb.Tests.Simulator.Faults;

/// <summary>The plan that comes with the program, over the crowd and an outsider, in simulated time.</summary>
public sealed class RoughDayTests
{
    private const long Start = 1_800_000_000_000;
    private const int Seconds = 170;

    /// <summary>Answers go wrong over HTTP only, and nothing is resolved here.</summary>
    private static readonly FaultKind[] Outside = [FaultKind.ErrorAfterAccept, FaultKind.LostAnswer, FaultKind.MissingMarketResolved];

    [Fact]
    public void Everything_goes_wrong_the_money_is_right_and_the_same_day_goes_wrong_the_same_way_again()
    {
        var (log, frames, exchange) = Day();
        exchange.Ledger.AssertConserved();
        Assert.Equal(Enum.GetValues<FaultKind>().Except(Outside), exchange.Faults.Fired.Select(f => f.Kind).Distinct().Order());
        Assert.Contains(log, line => line.EndsWith(" shares instead of 12.5", StringComparison.Ordinal));

        var again = Day();
        Assert.Equal(log, again.Log);
        Assert.Equal(frames, again.Frames);
    }

    private static (List<string> Log, List<string> Frames, Exchange Exchange) Day()
    {
        var clock = new VirtualClock(Start);
        var exchange = new Exchange(WorldBuilder.Build(5), 5, clock);
        List<string> log = [];
        exchange.Faults.Log = log.Add;
        new MarketFlow(exchange, 5, speedPercent: 100).Start(quiet: false);
        var heard = FrameLog.OfMarkets(exchange);
        lock (exchange.Gate)
        {
            exchange.Faults.Load(FaultFile.Load("rough-day"));
            exchange.Users.Know("alice");
            exchange.Users.Add(new UserSubscription(heard, "alice", []));
        }

        for (var second = 0; second < Seconds; second++)
        {
            exchange.Agenda.RunTo(clock, Start + second * 1_000);
            Buy(exchange, second);
        }

        return (log, heard.Frames, exchange);
    }

    /// <summary>Spends what 12.5 shares cost at the best ask.</summary>
    private static void Buy(Exchange exchange, int number)
    {
        var condition = exchange.World.Conditions[number % exchange.World.Conditions.Count];
        if (exchange.MarketOf(condition).Top(number % 2).Ask is not { } ask) return;

        const long shares = 12_500_000;
        exchange.Place(new OrderRequest(
            "0x" + number.ToString("x64", CultureInfo.InvariantCulture), "alice", PublicAccounts.Addresses[0], condition, number % 2, Side.Buy, OrderType.Fak,
            Units.Notional(shares, ask), shares, 0, PostOnly: false));
    }
}
