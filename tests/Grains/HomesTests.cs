using System.Globalization;
using System.Net;
using Orleans.Runtime;
using PolyArb.Grains;
using Xunit;

namespace PolyArb.Tests.Grains;

public class HomesTests
{
    private static readonly SiloAddress[] Three = [Silo(1), Silo(2), Silo(3)];

    private static readonly GrainId[] Markets = [.. Enumerable.Range(0, 600).Select(number => GrainId.Create("market", string.Create(CultureInfo.InvariantCulture, $"0x{number:x64}")))];

    [Fact]
    public void Markets_are_spread_evenly()
    {
        var sizes = Markets.CountBy(market => Homes.Of(market, Three)).Select(home => home.Value).ToArray();

        Assert.Equal(3, sizes.Length);
        Assert.All(sizes, size => Assert.InRange(size, 150, 250)); // 200 each, and four times what chance makes of it.
    }

    [Fact]
    public void Whoever_asks_hears_the_same() =>
        Assert.All(Markets, market => Assert.Equal(Homes.Of(market, Three), Homes.Of(market, [.. Three.Reverse()])));

    [Fact]
    public void A_silo_that_goes_leaves_the_others_markets_where_they_are() => Assert.All(
        Markets.Where(market => !Homes.Of(market, Three).Equals(Three[1])),
        market => Assert.Equal(Homes.Of(market, Three), Homes.Of(market, [Three[0], Three[2]])));

    [Fact]
    public void A_silo_that_comes_takes_its_share_and_moves_nothing_else()
    {
        var newcomer = Silo(4);
        var moved = Markets.Where(market => !Homes.Of(market, Three).Equals(Homes.Of(market, [.. Three, newcomer]))).ToArray();

        Assert.All(moved, market => Assert.Equal(newcomer, Homes.Of(market, [.. Three, newcomer])));
        Assert.InRange(moved.Length, 110, 190);
    }

    private static SiloAddress Silo(int number) => SiloAddress.New(IPAddress.Parse($"10.0.0.{number}"), 11_111, 1_000 + number);
}
