using PolyArb.Simulator.Engine;
using Xunit;

namespace PolyArb.Tests.Simulator;

public sealed class UnitsTests
{
    [Fact]
    public void Decimals_are_written_without_trailing_zeros_and_a_last_trade_with_three()
    {
        Assert.Equal(["0", "1", "0.9", "0.505", "0.0001"], new[] { 0, 10_000, 9_000, 5_050, 1 }.Select(Units.Price));
        Assert.Equal(["0", "21.04", "1666.666666", "-0.5"], new[] { 0, 21_040_000, 1_666_666_666, -500_000 }.Select(m => Units.Micros(m)));
        Assert.Equal(["", "0.550", "0.051", "0.1225"], new int?[] { null, 5_500, 510, 1_225 }.Select(Units.LastTrade));
    }
}
