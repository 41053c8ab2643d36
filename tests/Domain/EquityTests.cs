using System.Collections.Immutable;
using PolyArb.Domain;
using PolyArb.Domain.Risk;
using Xunit;
using Size = PolyArb.Domain.Size;

namespace PolyArb.Tests.Domain;

public class EquityTests
{
    [Fact]
    public void A_pair_is_worth_its_dollar_and_the_rest_nothing() => Assert.Equal(Worth("3"), Of(Yes(0, "3"), No(0, "5")));

    /// <summary>5 + 4 + 2 less the largest.</summary>
    [Fact]
    public void Noes_of_several_questions_are_worth_all_but_the_largest() => Assert.Equal(Worth("6"), Of(No(0, "4"), No(1, "5"), No(2, "2")));

    /// <summary>Two pairs of question 0, then the 3 NO left of it and the 1 of question 1 make one NO basket.</summary>
    [Fact]
    public void Pairs_come_before_no_baskets() => Assert.Equal(Worth("3"), Of(Yes(0, "2"), No(0, "5"), No(1, "1")));

    [Fact]
    public void Every_yes_of_an_event_is_worth_a_dollar_only_where_one_of_them_must_win()
    {
        Position[] all = [Yes(0, "3"), Yes(1, "2"), Yes(2, "4")];
        Assert.Equal(Worth("2"), Of(all, exhaustive: 3));
        Assert.Equal(Worth("0"), Of(all, exhaustive: null));
        Assert.Equal(Worth("0"), Of(all[..2], exhaustive: 3));
    }

    [Fact]
    public void Pairs_come_before_all_yes() => Assert.Equal(Worth("4"), Of([Yes(0, "3"), No(0, "3"), Yes(1, "2"), Yes(2, "1"), No(1, "1")], exhaustive: 3));

    [Fact]
    public void What_is_left_counts_at_its_bid_and_nothing_where_there_is_none()
    {
        var equity = Equity.Of([Yes(0, "3"), No(0, "5"), Yes(1, "10")], _ => null, token => token == Given.No(0) ? Price.Cents(40) : null);
        Assert.Equal((Usd.Dollars(3), Usd.Parse("0.8")), (equity.Complete, equity.Rest));
    }

    /// <summary>Of two equal markets no basket is made across them, and what was held before us is in no market.</summary>
    [Fact]
    public void Baskets_are_made_within_one_market_only()
    {
        var elsewhere = No(1, "5") with { Market = new MarketId("0xother") };
        var before = new Position(Given.Yes(0), null, null, Size.Shares(5), Usd.Zero);
        Assert.Equal(Worth("0"), Of(No(0, "5"), elsewhere));
        Assert.Equal(Worth("0"), Of(No(0, "5"), before));
    }

    /// <summary>Every winner, and none where none need win. The seed is in the message.</summary>
    [Fact]
    public void It_is_never_more_than_any_outcome_pays_and_loses_nothing_by_a_conversion()
    {
        for (var seed = 1; seed <= 4_000; seed++)
        {
            var random = new Random(seed);
            var conditions = Enumerable.Range(0, random.Next(1, 6)).Select(number => Given.Condition(number)).ToArray();
            var isExhaustive = conditions.Length > 1 && random.Next(2) == 0;
            var held = conditions.SelectMany(condition => new[] { condition.Yes, condition.No })
                .ToDictionary(token => token, _ => new Size(random.Next(3) == 0 ? 0 : random.Next(1, 20)));
            var worth = Of(Positions(conditions, held), isExhaustive ? conditions.Length : null).Complete;

            var least = Enumerable.Range(isExhaustive ? 0 : -1, conditions.Length + (isExhaustive ? 0 : 1)).Min(winner => Pays(conditions, held, winner));
            Assert.True(worth.Micros <= least, $"seed {seed}: {worth.Micros} where an outcome pays {least}");

            var (cash, after) = Settled(Given.Market(conditions) with { IsWhole = true }, held);
            var left = Of(Positions(conditions, after), isExhaustive ? conditions.Length : null).Complete;
            Assert.True(cash + left.Micros >= worth.Micros, $"seed {seed}: {worth.Micros} before, {cash} and {left.Micros} after");
            for (var winner = isExhaustive ? 0 : -1; winner < conditions.Length; winner++)
            {
                // Exhaustive or not, a conversion is the same to the event's own contract: it hands out YES of every other question.
                if (winner >= 0) Assert.Equal(Pays(conditions, held, winner), cash + Pays(conditions, after, winner));
            }
        }
    }

    private static (long Cash, Dictionary<TokenId, Size> Held) Settled(Market market, Dictionary<TokenId, Size> held)
    {
        var after = new Dictionary<TokenId, Size>(held);
        long cash = 0;
        foreach (var call in SettlementCall.Of(market, held))
        {
            foreach (var token in call.Gives) after[token.Token] -= call.Shares;
            foreach (var token in call.Gets) after[token.Token] += call.Shares;
            Assert.All(after.Values, shares => Assert.True(shares >= Size.Zero));
            cash += call.Dollars.Micros;
        }

        return (cash, after);
    }

    private static long Pays(Condition[] conditions, Dictionary<TokenId, Size> held, int winner) =>
        conditions.Select((condition, number) => held[number == winner ? condition.Yes : condition.No].Micros).Sum();

    private static Position[] Positions(Condition[] conditions, Dictionary<TokenId, Size> held) =>
        [.. conditions.SelectMany((condition, number) => new[] { At(condition, Outcome.Yes, held), At(condition, Outcome.No, held) })];

    private static Position At(Condition condition, Outcome outcome, Dictionary<TokenId, Size> held) =>
        new(condition.Token(outcome), Given.Event, condition.Id, held[condition.Token(outcome)], Usd.Zero, outcome);

    private static Equity Of(params Position[] positions) => Of(positions, exhaustive: null);

    private static Equity Of(Position[] positions, int? exhaustive) => Equity.Of(positions, _ => exhaustive, _ => null);

    private static Equity Worth(string dollars) => new(Usd.Parse(dollars), Usd.Zero);

    private static Position Yes(int number, string shares) =>
        new(Given.Yes(number), Given.Event, Given.Condition(number).Id, Size.Parse(shares), Usd.Zero, Outcome.Yes);

    private static Position No(int number, string shares) =>
        new(Given.No(number), Given.Event, Given.Condition(number).Id, Size.Parse(shares), Usd.Zero, Outcome.No);
}
