using PolyArb.Simulator.Api;
using PolyArb.Simulator.Engine;
using Xunit;

namespace PolyArb.Tests.Simulator;

public sealed class BuilderTradesTests
{
    private static readonly string Code = "0x" + new string('b', 64);

    private readonly ApiWorld _world = new();

    [Fact]
    public void A_builder_sees_its_part_of_a_trade_as_maker_and_as_taker()
    {
        _world.Limit(1, 1, Side.Buy, 6_000, 10, Code);
        _world.Limit(0, 0, Side.Buy, 4_000, 10, Code);
        _world.Limit(1, 0, Side.Sell, 3_000, 10);
        _world.Limit(0, 0, Side.Buy, 3_000, 10, Code);

        var page = Ask($"builder_code={Code}").Json();

        Assert.Equal("3", page.Raw("count"));
        var trades = page.GetProperty("data").EnumerateArray().ToArray();
        Assert.Equal(["TAKER", "MAKER", "TAKER"], trades.Select(t => t.Text("tradeType")));
        Assert.Equal(
            ("BUY", "10", "6", "0.6", _world.First.Tokens[1], "1"),
            (trades[1].Text("side"), trades[1].Text("size"), trades[1].Text("sizeUsdc"), trades[1].Text("price"), trades[1].Text("assetId"),
                trades[1].Raw("outcomeIndex")));
        Assert.Equal(("4", trades[1].Text("id")), (trades[2].Text("sizeUsdc"), trades[2].Text("id")));
        Assert.All(trades, t => Assert.Equal((Code, "0"), (t.Text("builderCode"), t.Text("builderFee"))));
    }

    [Theory]
    [InlineData("&market=0x1", 0)]
    [InlineData("&asset_id=1", 0)]
    [InlineData("&id=1", 0)]
    [InlineData("&before=1800000000", 0)]
    [InlineData("&after=1800000000", 0)]
    [InlineData("&after=1799999999&before=1800000001", 1)]
    public void What_is_asked_for_narrows_a_builder_s_trades(string filter, int count)
    {
        _world.Limit(1, 0, Side.Sell, 3_000, 10);
        _world.Limit(0, 0, Side.Buy, 3_000, 10, Code);

        Assert.Equal(count, Ask($"builder_code={Code}{filter}").Json().GetProperty("data").GetArrayLength());
    }

    [Theory]
    [InlineData("")]
    [InlineData("builder_code=0x12")]
    [InlineData("builder_code=0xbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbb&before=x")]
    public void A_builder_s_question_that_cannot_be_read_is_refused(string query) => Assert.Equal(400, Ask(query).Status);

    private Answer Ask(string query) => new BuilderEndpoints(_world.Exchange).Trades(ApiWorld.Query(query));
}
