using System.Collections.Immutable;
using PolyArb.Domain;
using PolyArb.Domain.Journal;
using PolyArb.Domain.Orders;
using PolyArb.Domain.Risk;
using Xunit;
using Size = PolyArb.Domain.Size;

namespace PolyArb.Tests.Domain;

/// <summary>Three rounds that agree, five seconds apart, a minute after the send; anything odd starts the count over.</summary>
public class QuarantineTests
{
    private static readonly OrderId Id = new("o1");
    private static readonly TokenId Token = Given.Leg().Token;
    private static readonly BalanceRange Ours = Range(Usd.Dollars(1_000), Size.Zero);
    private static readonly QuarantineRound Nothing = Round();

    private readonly Quarantine _quarantine = new(() => new QuarantineRules(TimeSpan.FromSeconds(60), Usd.Cents(5)));

    private static Order Order => new Order(Given.Placed("o1")).Apply(new OrderEvent.Unanswered(Id, "no answer"));

    [Fact]
    public void An_order_is_asked_about_a_minute_after_its_send_and_every_five_seconds_then()
    {
        Assert.Empty(_quarantine.Due([Order], Given.After(59.9)));
        Assert.Single(_quarantine.Due([Order], Given.After(60)));
        Assert.Empty(Counted(60, Nothing));
        Assert.Empty(_quarantine.Due([Order], Given.After(64.9)));
        Assert.Single(_quarantine.Due([Order], Given.After(65)));
    }

    [Fact]
    public void Only_silence_is_asked_about() =>
        Assert.Empty(_quarantine.Due([new Order(Given.Placed("o1")), Order.Apply(new OrderEvent.Placed(Id))], Given.After(1_000)));

    [Fact]
    public void Three_rounds_that_agree_prove_it_and_two_do_not()
    {
        Assert.Empty(Counted(60, Nothing));
        Assert.Empty(Counted(65, Nothing));
        Assert.Equal([Id], Counted(70, Nothing));
    }

    public static TheoryData<QuarantineRound> Odd => new()
    {
        Round(known: true),
        Nothing with { Known = [new OrderId("o2")] }, // Slow with that one, so perhaps with this one too.
        Round(cash: 955_000_000), // It was bought, and we were not told.
        Round(cash: 999_949_999),
        Round(shares: 100_000_000),
        Round(shares: 10_000),
        Nothing with { Shares = ImmutableDictionary<TokenId, Size>.Empty },
    };

    [Theory]
    [MemberData(nameof(Odd), DisableDiscoveryEnumeration = true)]
    public void A_round_that_does_not_agree_starts_the_count_over(QuarantineRound odd)
    {
        Counted(60, Nothing);
        Counted(65, Nothing);
        Assert.Empty(Counted(70, odd));
        Assert.Empty(Counted(75, Nothing));
        Assert.Empty(Counted(80, Nothing));
        Assert.Equal([Id], Counted(85, Nothing));
    }

    [Theory]
    [InlineData(999_950_000, 0)]
    [InlineData(1_000_050_000, 9_999)]
    [InlineData(1_000_000_000, -9_999)]
    public void Rounding_and_dust_explain_themselves(long cash, long shares)
    {
        for (var i = 0; i < 2; i++) Counted(60 + 5 * i, Round(cash: cash, shares: shares));
        Assert.Equal([Id], Counted(70, Round(cash: cash, shares: shares)));
    }

    /// <summary>A deposit must not keep an order in quarantine for good, nor the order the deposit; what is bought or sold shows in the shares.</summary>
    [Theory]
    [InlineData(Side.Buy, 0, 100)]
    [InlineData(Side.Sell, 100, 0)]
    public void More_cash_than_ours_says_nothing_and_the_shares_decide(Side side, long held, long matched)
    {
        var order = new Order(Given.Placed("o1", Given.Leg(side: side))).Apply(new OrderEvent.Unanswered(Id, "no answer"));
        var ours = Range(Usd.Dollars(1_000), Size.Shares(held));
        Assert.Empty(Rounds(Size.Shares(matched)));
        Assert.Equal([Id], Rounds(Size.Shares(held)));

        ImmutableArray<OrderId> Rounds(Size shares)
        {
            var quarantine = new Quarantine(() => new QuarantineRules(TimeSpan.FromSeconds(60), Usd.Zero));
            var round = Round(cash: 1_500_000_000, shares: shares.Micros);
            for (var i = 0; i < 2; i++) Assert.Empty(quarantine.Count([order], round, ours, ours, Given.After(60 + 5 * i)));
            return quarantine.Count([order], round, ours, ours, Given.After(70));
        }
    }

    [Fact]
    public void A_round_without_an_answer_starts_the_count_over_and_five_seconds_pass_before_the_next()
    {
        Counted(60, Nothing);
        Counted(65, Nothing);
        _quarantine.Break(Given.After(70));
        Assert.Empty(_quarantine.Due([Order], Given.After(74)));
        Assert.Empty(Counted(75, Nothing));
    }

    [Fact]
    public void A_clock_that_goes_back_starts_the_count_over()
    {
        Counted(3_660, Nothing);
        Counted(3_665, Nothing);
        Assert.Empty(_quarantine.Due([Order], Given.After(70)));
        Assert.Single(_quarantine.Due([Order], Given.After(75)));
        Assert.Empty(Counted(75, Nothing));
    }

    [Fact]
    public void An_order_that_was_heard_of_in_between_starts_over()
    {
        Counted(60, Nothing);
        Counted(65, Nothing);
        _quarantine.Count([], Nothing, Ours, Ours, Given.After(70));
        Assert.Empty(Counted(75, Nothing));
    }

    [Fact]
    public void What_changed_in_our_account_during_a_round_explains_the_answers_before_and_after_it()
    {
        var before = Range(Usd.Dollars(900), Size.Zero);
        for (var i = 0; i < 2; i++) _quarantine.Count([Order], Nothing, before, Ours, Given.After(60 + 5 * i));
        Assert.Equal([Id], _quarantine.Count([Order], Nothing, Ours, before, Given.After(70)));
    }

    /// <summary>45 dollars for 100 shares, as the trade goes through its life: the chain may show it or not until it is final.</summary>
    [Theory]
    [InlineData(TradeStatus.Matched, 955, true)]
    [InlineData(TradeStatus.Matched, 1_000, true)]
    [InlineData(TradeStatus.Mined, 1_000, true)]
    [InlineData(TradeStatus.Retrying, 1_000, true)]
    [InlineData(TradeStatus.Matched, 954, false)]
    [InlineData(TradeStatus.Confirmed, 955, true)]
    [InlineData(TradeStatus.Confirmed, 954, false)]
    [InlineData(TradeStatus.Failed, 1_000, true)]
    [InlineData(TradeStatus.Failed, 955, false)]
    public void Cash_is_explained_while_a_trade_of_another_order_is_under_way(TradeStatus status, long dollars, bool explained)
    {
        var (range, _) = After(new OrderEvent.Filled(Given.Fill("t1", TradeStatus.Matched, order: "b-1/0")), new OrderEvent.Filled(Given.Fill("t1", status, order: "b-1/0")));
        Assert.Equal(explained, range.Explains(Usd.Dollars(dollars), Given.No(1), Size.Zero, Usd.Zero));
    }

    [Fact]
    public void Shares_of_a_token_that_moves_are_not_explained()
    {
        var (range, ledger) = After(new OrderEvent.Filled(Given.Fill("t1", TradeStatus.Mined, order: "b-1/0")));
        Assert.Equal(Size.Shares(100), ledger.Shares(Given.No(0)));
        Assert.False(range.Explains(ledger.Cash, Given.No(0), Size.Shares(100), Usd.Zero));
        Assert.False(range.Explains(ledger.Cash, Given.No(0), Size.Zero, Usd.Zero));
    }

    [Fact]
    public void A_match_whose_trades_are_still_to_come_may_have_taken_all_its_money()
    {
        var (range, _) = After(new OrderEvent.Matched(new OrderId("b-1/0"), Size.Shares(100), IsFinal: true));
        Assert.True(range.Explains(Usd.Dollars(955), Given.No(1), Size.Zero, Usd.Zero));
        Assert.False(range.Explains(Usd.Dollars(954), Given.No(1), Size.Zero, Usd.Zero));
    }

    private ImmutableArray<OrderId> Counted(double seconds, QuarantineRound round) => _quarantine.Count([Order], round, Ours, Ours, Given.After(seconds));

    private static (BalanceRange Range, Ledger Ledger) After(params OrderEvent[] news)
    {
        var (blotter, ledger) = (new Blotter(), new Ledger());
        ledger.Open(new Fact.OpeningBalanceTaken(Given.Noon, Usd.Dollars(1_000), ImmutableDictionary<TokenId, Size>.Empty));
        blotter.Apply(Given.Opened());
        foreach (var item in news)
        {
            if (blotter.Apply(new Fact.OrderChanged(Given.Noon, item))?.Settlement is { } settlement) ledger.Apply(settlement);
        }

        return (BalanceRange.Of(ledger, blotter, []), ledger);
    }

    private static BalanceRange Range(Usd cash, Size shares) =>
        new(cash, ImmutableDictionary<TokenId, Size>.Empty.Add(Token, shares), []);

    private static QuarantineRound Round(bool known = false, long cash = 1_000_000_000, long shares = 0) => new(
        known ? [Id] : [], new Usd(cash), ImmutableDictionary<TokenId, Size>.Empty.Add(Token, new Size(shares)));
}
