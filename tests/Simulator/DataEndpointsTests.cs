using System.Text.Json;
using PolyArb.Simulator.Api.DataApi;
using PolyArb.Simulator.Engine;
using PolyArb.Simulator.World;
using Xunit;

namespace PolyArb.Tests.Simulator;

public sealed class DataEndpointsTests
{
    private static readonly string Buyer = PublicAccounts.Addresses[0];

    [Fact]
    public void A_position_has_the_size_the_average_of_what_was_bought_and_the_present_price()
    {
        var world = new ApiWorld();
        world.Trade(4_000, 100);
        world.Trade(5_000, 100);
        world.Limit(1, 0, Side.Buy, 6_000, 50);
        world.Limit(0, 0, Side.Sell, 6_000, 50);

        var position = Positions(world, $"user={TestWallet.Address}&market={world.First.Id}&sizeThreshold=1000.5")[0];

        Assert.Equal((world.First.Tokens[0], "1150"), (position.Text("asset"), position.Raw("size")));
        Assert.Equal(("0.45", "0.6"), (position.Raw("avgPrice"), position.Raw("curPrice")));
        Assert.Equal(("517.5", "690", "172.5"), (position.Raw("initialValue"), position.Raw("currentValue"), position.Raw("cashPnl")));
        Assert.Equal(("200", "7.5"), (position.Raw("totalBought"), position.Raw("realizedPnl")));
        Assert.Equal(("Yes", "0", "No"), (position.Text("outcome"), position.Raw("outcomeIndex"), position.Text("oppositeOutcome")));
        Assert.Equal("true", position.Raw("mergeable"));
    }

    [Fact]
    public void Positions_are_redeemable_once_there_is_a_verdict()
    {
        var world = new ApiWorld();
        Assert.Equal(0, Positions(world, $"user={Buyer}&redeemable=true").GetArrayLength());
        world.Market.Payouts = [0, 1_000_000];

        var redeemable = Positions(world, $"user={Buyer}&redeemable=true").EnumerateArray().ToArray();

        Assert.Equal(world.First.Tokens.Order(StringComparer.Ordinal), redeemable.Select(p => p.Text("asset")).Order(StringComparer.Ordinal));
        Assert.Equal(["0", "1"], redeemable.OrderBy(p => p.Raw("outcomeIndex"), StringComparer.Ordinal).Select(p => p.Raw("curPrice")));
    }

    [Fact]
    public void Positions_need_a_wallet_and_an_unknown_one_has_none()
    {
        var world = new ApiWorld();
        var data = new DataEndpoints(world.Exchange);

        Assert.Equal(400, data.Positions(ApiWorld.Query("user=me")).Status);
        Assert.Equal(400, data.Positions(ApiWorld.Query($"user={Buyer}&sizeThreshold=1.0000001")).Status);
        Assert.Equal(0, Positions(world, "user=0x00000000000000000000000000000000000000aa").GetArrayLength());
        Assert.Equal(2, Positions(world, $"user={Buyer}&limit=2").GetArrayLength());
    }

    [Fact]
    public void Public_trades_are_the_takers_unless_the_makers_are_asked_for_too()
    {
        var world = new ApiWorld();
        world.Trade(4_000, 10);
        world.Trade(4_100, 20);

        var takers = Trades(world, "market=" + world.First.Id);
        var all = Trades(world, $"market={world.First.Id},0x12&takerOnly=false");
        var sold = Trades(world, $"user={PublicAccounts.Addresses[1]}&takerOnly=false&side=SELL&limit=1");

        Assert.Equal(["20", "10"], takers.EnumerateArray().Select(t => t.Raw("size")));
        Assert.Equal(4, all.GetArrayLength());
        Assert.Equal((PublicAccounts.Addresses[1], "SELL", "0.41"), (sold[0].Text("proxyWallet"), sold[0].Text("side"), sold[0].Raw("price")));
        Assert.Equal("1800000000", takers[0].Raw("timestamp"));
        Assert.Equal(0, Trades(world, "market=0x12").GetArrayLength());
    }

    private static JsonElement Positions(ApiWorld world, string query) => new DataEndpoints(world.Exchange).Positions(ApiWorld.Query(query)).Json();

    private static JsonElement Trades(ApiWorld world, string query) => new DataEndpoints(world.Exchange).Trades(ApiWorld.Query(query)).Json();
}
