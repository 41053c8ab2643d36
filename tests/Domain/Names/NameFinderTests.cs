using PolyArb.Domain;
using PolyArb.Domain.Names;
using Xunit;

namespace PolyArb.Tests.Domain.Names;

public class NameFinderTests
{
    private static readonly ConditionId First = new("0xaaaa1111");

    private static readonly IReadOnlyList<IReadOnlyList<MarketName>> Markets =
    [
        [new("0xeeee0001"), new("0xaaaa1111", First), new("who-will-win"), new("will-ann-win", First), new("Will Ann win?", First)],
        [new("0xeeee0002"), new("will-bob-win"), new("Will Bob win?")],
        [new("0xeeee0003"), new("snow"), new("who-will-win")],
    ];

    [Theory]
    [InlineData("0xEEEE0002", 1)]
    [InlineData("will-bob-win", 1)]
    [InlineData("  will BOB win? ", 1)]
    [InlineData("snow", 2)]
    public void A_market_is_found_by_any_of_its_names_in_any_case(string asked, int number)
    {
        var match = NameFinder.Find(asked, Markets, most: 10);

        Assert.True(match.IsExact);
        Assert.Equal(number, Assert.Single(match.Hits).Number);
    }

    [Fact]
    public void A_name_of_one_condition_says_which_and_a_name_of_all_says_none()
    {
        Assert.Equal(First, Assert.Single(NameFinder.Find("will-ann-win", Markets, 10).Hits).Name.Condition);
        Assert.Null(Assert.Single(NameFinder.Find("0xeeee0001", Markets, 10).Hits).Name.Condition);
    }

    [Fact]
    public void A_name_that_several_have_finds_them_all() =>
        Assert.Equal([0, 2], NameFinder.Find("who-will-win", Markets, most: 1).Hits.Select(hit => hit.Number));

    [Theory]
    [InlineData("bob", "1")]
    [InlineData("win ann", "0")]
    [InlineData("will", "0 1 2")]
    [InlineData("0xaaaa", "0")]
    [InlineData("0xe", "0 1 2")] // Too short for the beginning of an id, so it is looked for in all names.
    [InlineData("carol", "")]
    [InlineData(" ", "")]
    public void What_is_no_name_is_looked_for_in_the_names_and_is_not_exact(string asked, string expected)
    {
        var match = NameFinder.Find(asked, Markets, most: 10);

        Assert.False(match.IsExact);
        Assert.Equal(expected, string.Join(' ', match.Hits.Select(hit => hit.Number)));
    }

    [Fact]
    public void No_more_is_found_than_wanted() => Assert.Equal(2, NameFinder.Find("will", Markets, most: 2).Hits.Count);

    [Theory]
    [InlineData("stauts", "status")]
    [InlineData("wach", "watch")]
    [InlineData("WILL-ANN-WIM", "will-ann-win")]
    [InlineData("zzzzzzzz", "")]
    public void The_nearest_names_are_suggested_and_far_ones_are_not(string asked, string expected) =>
        Assert.Equal(expected, NameFinder.Nearest(asked, ["status", "watch", "will-ann-win", "book"], most: 1) is [var nearest] ? nearest : "");

    [Theory]
    [InlineData("", "", 0)]
    [InlineData("abc", "abc", 0)]
    [InlineData("abc", "abd", 1)]
    [InlineData("abc", "acb", 1)]
    [InlineData("abc", "ab", 1)]
    [InlineData("abc", "xabc", 1)]
    [InlineData("kitten", "sitting", 3)]
    public void The_distance_counts_letters_put_in_taken_out_changed_or_swapped(string one, string other, int distance)
    {
        Assert.Equal(distance, EditDistance.Of(one, other, atMost: 3));
        if (distance > 0) Assert.Null(EditDistance.Of(one, other, atMost: distance - 1));
    }
}
