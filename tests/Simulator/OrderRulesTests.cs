using PolyArb.Simulator.Engine;
using PolyArb.Simulator.World;
using Xunit;

namespace PolyArb.Tests.Simulator;

public sealed class OrderRulesTests
{
    private const long Now = 1_800_000_000_000;

    private static readonly Condition Condition = WorldBuilder.Build(1).Conditions[0];

    [Theory]
    [InlineData("Buy", "Gtc", 17_252_800, 21_040_000, 0, null)]
    [InlineData("Sell", "Gtc", 21_040_000, 17_252_800, 0, null)]
    [InlineData("Buy", "Fak", 10_000_000, 19_230_700, 0, null)]
    [InlineData("Buy", "Fak", 10_000_000, 19_230_800, 0, null)]
    [InlineData("Buy", "Gtc", 17_674_500, 21_040_000, 0, "order 0x1 is invalid. Price (0.8400427756653992) breaks minimum tick size rule: 0.01")]
    [InlineData("Buy", "Gtc", 2_495_000, 4_990_000, 0, "order 0x1 is invalid. Size (4.99) lower than the minimum: 5")]
    [InlineData("Sell", "Gtc", 4_990_000, 2_495_000, 0, "order 0x1 is invalid. Size (4.99) lower than the minimum: 5")]
    [InlineData("Buy", "Gtc", 2_500_500, 5_001_000, 0, "invalid amounts, the buy orders maker amount supports a max accuracy of 4 decimals, taker amount a max of 2 decimals")]
    [InlineData("Buy", "Fok", 2_500_100, 5_000_200, 0, "invalid amounts, the market buy orders maker amount supports a max accuracy of 2 decimals, taker amount a max of 4 decimals")]
    [InlineData("Buy", "Gtc", 2_500_000, 5_000_000, 1, "invalid expiration")]
    [InlineData("Buy", "Gtd", 2_500_000, 5_000_000, 1_800_000_179, "invalid expiration")]
    [InlineData("Buy", "Gtd", 2_500_000, 5_000_000, 1_800_000_180, null)]
    [InlineData("Buy", "Gtc", 10_000_000, 10_000_000, 0, "order 0x1 is invalid. Price (1) breaks minimum tick size rule: 0.01")]
    public void The_first_broken_rule_answers(string side, string type, long making, long taking, long expiration, string? refusal)
    {
        var order = new OrderRequest(
            "0x1", "key", PublicAccounts.Addresses[0], Condition, 0, Enum.Parse<Side>(side), Enum.Parse<OrderType>(type), making, taking,
            expiration, PostOnly: false);

        Assert.Equal(refusal, OrderRules.Refusal(order, new Market(Condition), Now));
    }
}
