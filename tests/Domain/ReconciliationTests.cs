using System.Collections.Immutable;
using PolyArb.Domain;
using PolyArb.Domain.Journal;
using PolyArb.Domain.Orders;
using PolyArb.Domain.Risk;
using Xunit;
using Market = PolyArb.Domain.Market;
using Size = PolyArb.Domain.Size;

namespace PolyArb.Tests.Domain;

/// <summary>Design 9, last paragraph.</summary>
public class ReconciliationTests
{
    private static readonly Market Event = Given.Market(Given.Condition(0), Given.Condition(1), Given.Condition(2)) with { IsWhole = true };

    private static readonly Dictionary<TokenId, Price> NoVerdict = [];

    [Fact]
    public void Both_sides_alike_is_no_difference()
    {
        var ledger = Holding(100, (Given.No(), 5));
        Assert.True(LedgerDifference.Between(ledger, Usd.Dollars(100), Shares((Given.No(), 5))).IsNone);
    }

    [Fact]
    public void A_difference_says_what_is_more_and_what_is_missing()
    {
        var ledger = Holding(100, (Given.No(), 5), (Given.No(1), 7));
        var found = LedgerDifference.Between(ledger, Usd.Dollars(98), Shares((Given.No(), 4), (Given.No(1), 7), (Given.Yes(), 2)));

        Assert.True(found.IsSame(Difference(-2, came: [(Given.Yes(), 2)], left: [(Given.No(), 1)])));
        Assert.False(found.IsSame(Difference(-2, came: [(Given.Yes(), 3)], left: [(Given.No(), 1)])));
        Assert.False(found.IsSame(Difference(-2, left: [(Given.No(), 1)])));
        Assert.Equal($"cash 2 below ours; 1 shares of {Given.No()} below ours; 2 shares of {Given.Yes()} above ours", found.ToString());
    }

    [Fact]
    public void Dollars_and_shares_beyond_ours_came_from_outside()
    {
        var explained = Explain(Difference(12, came: [(Given.Yes(), 3)]));
        Assert.True(explained.Credit.IsSame(Difference(12, came: [(Given.Yes(), 3)])));
        AssertNothingElse(explained with { Credit = LedgerDifference.None });
    }

    /// <summary>In dollars; what is missing may be cash or shares, which count as a dollar.</summary>
    [Theory]
    [InlineData("0.05", "0", true)]
    [InlineData("0.050001", "0", false)]
    [InlineData("0", "0.05", true)]
    [InlineData("0", "0.050001", false)]
    [InlineData("0.03", "0.02", true)]
    [InlineData("0.03", "0.03", false)]
    public void A_little_less_is_rounding_and_more_than_that_is_not(string cash, string shares, bool isRounding)
    {
        var left = Size.Parse(shares) is { Micros: > 0 } some ? ImmutableDictionary<TokenId, Size>.Empty.Add(Given.No(), some) : ImmutableDictionary<TokenId, Size>.Empty;
        var found = new LedgerDifference(-Usd.Parse(cash), ImmutableDictionary<TokenId, Size>.Empty, left);

        var explained = Explain(found);

        Assert.True((isRounding ? explained.Rounding : explained.Unexplained).IsSame(found));
        AssertNothingElse(explained with { Rounding = LedgerDifference.None, Unexplained = LedgerDifference.None });
    }

    [Fact]
    public void What_was_rounded_before_counts() => Assert.False(Explain(Difference(cents: -4), tolerance: Usd.Cents(3)).Unexplained.IsNone);

    /// <summary>Ten shares gone for less than they pay: nothing of it is booked, and a person decides.</summary>
    [Fact]
    public void Shares_sold_by_hand_are_not_explained_by_the_dollars_they_brought()
    {
        var found = Difference(9, left: [(Given.No(), 10)]);
        var explained = Explain(found);
        Assert.True(explained.Unexplained.IsSame(found));
        AssertNothingElse(explained with { Unexplained = LedgerDifference.None });
    }

    [Fact]
    public void Shares_bought_by_hand_are_not_explained_by_the_dollars_that_are_missing()
    {
        var found = Difference(-4, came: [(Given.No(), 10)]);
        Assert.True(Explain(found).Unexplained.IsSame(found));
    }

    [Theory]
    [InlineData("1", 10)]
    [InlineData("0", 0)]
    [InlineData("0.5", 5)]
    public void Shares_of_a_resolved_question_gone_for_what_they_pay_were_redeemed(string pays, long dollars)
    {
        var explained = Explain(Difference(dollars, left: [(Given.No(), 10)]), pays: new() { [Given.No()] = Price.Parse(pays) });
        Assert.Equal((Size.Shares(10), Usd.Dollars(dollars)), (explained.Redeemed[Given.No()], explained.Payout));
        AssertNothingElse(explained with { Redeemed = ImmutableDictionary<TokenId, Size>.Empty, Payout = Usd.Zero });
    }

    [Fact]
    public void What_came_beyond_a_redemption_is_a_credit()
    {
        var explained = Explain(Difference(13, left: [(Given.No(), 10)]), pays: new() { [Given.No()] = Price.Parse("1") });
        Assert.Equal((Usd.Dollars(10), Usd.Dollars(3)), (explained.Payout, explained.Credit.Cash));
    }

    [Fact]
    public void Winning_shares_gone_for_less_than_they_pay_were_not_redeemed()
    {
        var found = Difference(9, left: [(Given.No(), 10)]);
        Assert.True(Explain(found, pays: new() { [Given.No()] = Price.Parse("1") }).Unexplained.IsSame(found));
    }

    [Fact]
    public void Pairs_that_became_dollars_were_merged_by_hand()
    {
        var explained = Explain(Difference(6, left: [(Given.Yes(), 6), (Given.No(), 6)]));
        var call = Assert.Single(explained.Calls);
        Assert.Equal((SettlementKind.Merge, Size.Shares(6)), (call.Kind, call.Shares));
        AssertNothingElse(explained with { Calls = [] });
    }

    [Fact]
    public void Noes_that_became_dollars_and_the_other_yes_were_converted_by_hand()
    {
        var explained = Explain(Difference(6, came: [(Given.Yes(2), 6)], left: [(Given.No(0), 6), (Given.No(1), 6)]));
        var call = Assert.Single(explained.Calls);
        Assert.Equal((SettlementKind.Convert, Usd.Dollars(6)), (call.Kind, call.Dollars));
        AssertNothingElse(explained with { Calls = [] });
    }

    [Fact]
    public void A_conversion_that_brought_no_yes_is_none()
    {
        var found = Difference(6, left: [(Given.No(0), 6), (Given.No(1), 6)]);
        Assert.True(Explain(found).Unexplained.IsSame(found));
    }

    [Fact]
    public void Balances_are_compared_only_when_nothing_is_on_its_way()
    {
        var blotter = new Blotter();
        blotter.Apply(Given.Opened());
        var orders = blotter.Orders.Select(order => order.Id).ToArray();
        Assert.Contains("answered", Moving(), StringComparison.Ordinal);

        foreach (var order in orders) blotter.Apply(new Fact.OrderChanged(Given.Noon, new OrderEvent.Placed(order)));
        Assert.Null(Moving());

        blotter.Apply(new Fact.OrderChanged(Given.Noon, new OrderEvent.Filled(Given.Fill("t1", TradeStatus.Matched, order: orders[0].Text))));
        Assert.Contains("mined", Moving(), StringComparison.Ordinal);

        blotter.Apply(new Fact.OrderChanged(Given.Noon, new OrderEvent.Filled(Given.Fill("t1", TradeStatus.Mined, order: orders[0].Text))));
        Assert.Null(Moving());

        blotter.Apply(new Fact.OrderChanged(Given.Noon, new OrderEvent.Unanswered(orders[1], "silence")));
        Assert.Null(Moving()); // It is known to rest.

        string? Moving() => Reconciliation.Moving(blotter, new Settlements());
    }

    private static Explanation Explain(LedgerDifference found, Dictionary<TokenId, Price>? pays = null, Usd? tolerance = null) =>
        Reconciliation.Explain(found, [Event], pays ?? NoVerdict, tolerance ?? Usd.Cents(5));

    private static void AssertNothingElse(Explanation explained)
    {
        Assert.Empty(explained.Calls);
        Assert.Empty(explained.Redeemed);
        Assert.Equal(Usd.Zero, explained.Payout);
        Assert.Equal(("", "", ""), ($"{explained.Credit}", $"{explained.Rounding}", $"{explained.Unexplained}"));
    }

    private static LedgerDifference Difference(long dollars = 0, (TokenId Token, long Shares)[]? came = null, (TokenId Token, long Shares)[]? left = null, long cents = 0) =>
        new(Usd.Dollars(dollars) + Usd.Cents(cents), Shares(came ?? []), Shares(left ?? []));

    private static ImmutableDictionary<TokenId, Size> Shares(params (TokenId Token, long Shares)[] held) =>
        held.ToImmutableDictionary(token => token.Token, token => Size.Shares(token.Shares));

    private static Ledger Holding(long dollars, params (TokenId Token, long Shares)[] held)
    {
        var ledger = new Ledger();
        ledger.Open(new Fact.OpeningBalanceTaken(Given.Noon, Usd.Dollars(dollars), Shares(held)));
        return ledger;
    }
}
