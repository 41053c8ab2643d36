using PolyArb.Simulator.Api;
using PolyArb.Simulator.Engine;
using Xunit;

namespace PolyArb.Tests.Simulator;

public sealed class PublicTapeTests
{
    private const long Start = 1_800_000_000; // A whole minute.

    [Theory]
    [InlineData("interval=1h", 0, "1800000000:0.41 1800000060:0.42 1800000180:0.4")]
    [InlineData("interval=max&fidelity=2", 0, "1800000000:0.42 1800000120:0.4")]
    [InlineData("interval=1d", 1, "1800000000:0.59 1800000060:0.58 1800000180:0.6")]
    [InlineData("startTs=1800000090&endTs=1800000100", 0, "1800000060:0.42")]
    [InlineData("startTs=0&endTs=1800000000", 0, "1800000000:0.41")]
    [InlineData("startTs=1800000240&endTs=1800000300", 0, "")]
    public void History_has_the_last_price_of_each_period_that_traded(string query, int token, string expected)
    {
        var world = new ApiWorld();
        foreach (var (minute, price) in ((int, int)[])[(0, 4_000), (0, 4_100), (1, 4_200), (3, 4_000)])
        {
            var due = ApiWorld.Start.AddMinutes(minute);
            if (world.Clock.GetUtcNow() < due) world.Pass(due - world.Clock.GetUtcNow());
            world.Trade(price, 10);
        }

        var answer = new HistoryEndpoint(world.Exchange).Read(ApiWorld.Query($"market={world.First.Tokens[token]}&{query}"));

        var history = answer.Json().GetProperty("history").EnumerateArray();
        Assert.Equal(expected, string.Join(' ', history.Select(h => $"{h.Raw("t")}:{h.Raw("p")}")));
    }

    [Theory]
    [InlineData("interval=1h", "Invalid market")]
    [InlineData("market=1", "Invalid payload")]
    [InlineData("market=1&interval=2h", "Invalid payload")]
    [InlineData("market=1&startTs=5", "Invalid payload")]
    [InlineData("market=1&startTs=5&endTs=4", "Invalid payload")]
    [InlineData("market=1&interval=1h&fidelity=0", "Invalid payload")]
    public void A_history_without_a_market_or_a_span_is_refused(string query, string error)
    {
        var answer = new HistoryEndpoint(new ApiWorld().Exchange).Read(ApiWorld.Query(query));

        Assert.Equal((400, error), (answer.Status, answer.Json().Text("error")));
    }

    [Fact]
    public void The_tape_keeps_the_last_thousand_trades_and_the_whole_volume()
    {
        var world = new ApiWorld();
        world.Trade(4_100, 5);
        for (var i = 0; i < 1_000; i++) world.Trade(4_000, 5);

        var tape = world.Exchange.Prints.Tape;

        Assert.Equal(1_000, tape.Trades(world.First).Count());
        Assert.All(tape.Trades(world.First), t => Assert.Equal(400_000, t.Taker.Price));
        Assert.Equal(1_000 * 2_000_000L + 2_050_000, tape.Volume(world.First));
        Assert.Equal(Start * 1000 + 1_001 * 30, tape.Trades(world.First).First().At);
    }

    [Fact]
    public void A_trade_of_no_against_yes_is_told_at_each_party_s_own_price()
    {
        var world = new ApiWorld();
        world.Limit(1, 0, Side.Buy, 4_000, 10);
        world.Limit(0, 1, Side.Buy, 6_500, 10);
        world.Pass(TimeSpan.FromSeconds(1));

        var trade = Assert.Single(world.Exchange.Prints.Tape.Trades(world.First));

        Assert.Equal((1, Side.Buy, 600_000L), (trade.Taker.Token, trade.Taker.Side, trade.Taker.Price));
        Assert.Equal((0, Side.Buy, 400_000L), (trade.Makers[0].Token, trade.Makers[0].Side, trade.Makers[0].Price));
        Assert.Equal(4_000, Assert.Single(world.Exchange.Prints.Tape.Minutes(world.First)).YesPrice);
    }
}
