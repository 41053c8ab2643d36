using PolyArb.Domain;
using PolyArb.Domain.Orders;
using Xunit;
using Size = PolyArb.Domain.Size;

namespace PolyArb.Tests.Domain;

/// <summary>Prices less than a cent apart and shares less than a tenth apart are the same.</summary>
public class IntentMatcherTests
{
    private static readonly IntentMatcher Matcher = new(Price.Cents(1), Size.Parse("0.1"));

    public static TheoryData<string, LegOrder, bool> Legs => new()
    {
        { "itself", Given.Leg(), true },
        { "another attempt", Given.Leg(attempt: 3), true },
        { "a little dearer", Given.Leg() with { Limit = new Price(4_599) }, true },
        { "a cent dearer", Given.Leg() with { Limit = Price.Cents(46) }, false },
        { "a little less", Given.Leg() with { TakerAmount = 99_900_001 }, true },
        { "a tenth less", Given.Leg() with { TakerAmount = 99_900_000 }, false },
        { "another token", Given.Leg(outcome: Outcome.Yes), false },
        { "the other side", Given.Leg(side: Side.Sell), false },
    };

    [Theory]
    [MemberData(nameof(Legs), DisableDiscoveryEnumeration = true)]
    public void Legs_are_the_same_wish_as_the_table_says(string what, LegOrder leg, bool same) =>
        Assert.True(same == Matcher.IsSame([Given.Leg()], [leg]) && same == Matcher.IsSame([leg], [Given.Leg()]), what);

    [Fact]
    public void Legs_in_another_order_are_the_same_and_fewer_or_more_are_not()
    {
        Assert.True(Matcher.IsSame([Given.Leg(0), Given.Leg(1)], [Given.Leg(1), Given.Leg(0)]));
        Assert.False(Matcher.IsSame([Given.Leg(0), Given.Leg(1)], [Given.Leg(0)]));
        Assert.False(Matcher.IsSame([Given.Leg(0), Given.Leg(0)], [Given.Leg(0), Given.Leg(1)]));
    }

    [Fact]
    public void Without_an_epsilon_only_equals_are_the_same()
    {
        var exact = new IntentMatcher(default, Size.Zero);
        Assert.True(exact.IsSame([Given.Leg()], [Given.Leg()]));
        Assert.False(exact.IsSame([Given.Leg()], [Given.Leg() with { TakerAmount = 100_000_001 }]));
    }
}
