using System.Collections.Immutable;
using PolyArb.Domain;
using PolyArb.Domain.Journal;
using PolyArb.Domain.Orders;
using PolyArb.Domain.Risk;
using Xunit;
using Size = PolyArb.Domain.Size;

namespace PolyArb.Tests.Domain;

/// <summary>What can be merged and converted, and what that does to the ledger.</summary>
public class SettlementCallTests
{
    private static readonly Market Three = Given.Market(Given.Condition(0), Given.Condition(1), Given.Condition(2));

    [Fact]
    public void Yes_and_no_of_a_condition_merge_to_as_many_dollars()
    {
        var call = Assert.Single(Of(Given.Single(Given.Condition(negRisk: false)), (Given.Yes(), "7"), (Given.No(), "5.5")));
        Assert.Equal((SettlementKind.Merge, "5.5", "5.5"), (call.Kind, call.Shares.ToString(), call.Dollars.ToString()));
        Assert.Equal([Given.Yes(), Given.No()], call.Gives.Select(token => token.Token));
        Assert.Empty(call.Gets);
    }

    [Fact]
    public void Noes_convert_in_layers_the_widest_first_and_bring_yes_of_the_others()
    {
        var calls = Of(Three, (Given.No(0), "10"), (Given.No(1), "4"), (Given.No(2), "6"));
        Assert.Equal(
            ["0,1,2 x 4 = 8, gets ", "0,2 x 2 = 2, gets 21"],
            calls.Select(call => $"{string.Join(',', call.Questions)} x {call.Shares} = {call.Dollars}, gets {string.Join(',', call.Gets.Select(token => token.Token))}"));
    }

    [Fact]
    public void Pairs_are_merged_before_the_rest_of_the_noes_is_converted()
    {
        var calls = Of(Three, (Given.Yes(0), "3"), (Given.No(0), "10"), (Given.No(1), "8"));
        Assert.Equal(
            [(SettlementKind.Merge, "3"), (SettlementKind.Convert, "7")], calls.Select(call => (call.Kind, call.Shares.ToString())));
    }

    /// <summary>Whoever does not know every other question does not know what comes, and a pair is no event.</summary>
    [Fact]
    public void Only_an_event_that_is_known_in_whole_is_converted()
    {
        (TokenId, string)[] noes = [(Given.No(0), "10"), (Given.No(1), "8")];
        Assert.Single(Of(Three, noes));
        Assert.Empty(Of(Three with { IsWhole = false }, noes));
        Assert.Empty(Of(Three with { NegRisk = false }, noes));
        Assert.Empty(Of(Given.Market(Given.Condition(0), Given.Condition(1) with { QuestionIndex = null }), noes));
        Assert.Empty(Of(Three, (Given.No(0), "10")));
    }

    [Fact]
    public void A_merge_takes_both_tokens_at_their_cost_and_realizes_the_difference()
    {
        var ledger = Holding((Given.Yes(), Outcome.Yes, 10, 400), (Given.No(), Outcome.No, 6, 300));
        ledger.Apply(Of(Three, (Given.Yes(), "6"), (Given.No(), "6"))[0]);

        Assert.Equal(("99", "0.6"), (ledger.Cash.ToString(), ledger.Realized.ToString())); // 100 - 4 - 3 + 6; 6 - 2.4 - 3.
        Assert.Equal((Size.Shares(4), Usd.Parse("1.6"), Size.Zero), (ledger.Shares(Given.Yes()), ledger.Cost, ledger.Shares(Given.No())));
    }

    [Fact]
    public void A_conversion_leaves_the_cost_it_does_not_pay_back_with_the_shares_that_come()
    {
        var ledger = Holding((Given.No(0), Outcome.No, 10, 800), (Given.No(1), Outcome.No, 10, 700));
        ledger.Apply(Of(Three, (Given.No(0), "10"), (Given.No(1), "10"))[0]);

        Assert.Equal(("95", "0", "5"), (ledger.Cash.ToString(), ledger.Realized.ToString(), ledger.Cost.ToString()));
        var position = Assert.Single(ledger.Positions);
        Assert.Equal((Given.Yes(2), Given.Event, Given.Condition(2).Id, Outcome.Yes), (position.Token, position.Market!.Value, position.Condition!.Value, position.Outcome));
    }

    [Fact]
    public void What_a_conversion_pays_beyond_the_cost_is_realized_and_what_comes_costs_nothing()
    {
        var ledger = Holding((Given.No(0), Outcome.No, 10, 450), (Given.No(1), Outcome.No, 10, 450));
        ledger.Apply(Of(Three, (Given.No(0), "10"), (Given.No(1), "10"))[0]);
        Assert.Equal(("101", "1", "0"), (ledger.Cash.ToString(), ledger.Realized.ToString(), ledger.Cost.ToString()));
    }

    /// <summary>Dollars, cost and profit: whatever is merged and converted, nothing appears or vanishes. A replay of the facts says the same.</summary>
    [Fact]
    public void Money_is_conserved_and_a_replay_of_the_facts_is_the_same_ledger()
    {
        for (var seed = 1; seed <= 500; seed++)
        {
            var random = new Random(seed);
            var ledger = new Ledger();
            ledger.Open(new Fact.OpeningBalanceTaken(Given.Noon, Usd.Dollars(100), ImmutableDictionary<TokenId, Size>.Empty));
            List<object> history = [];
            for (var step = 0; step < 12; step++)
            {
                var number = random.Next(3);
                var outcome = random.Next(3) == 0 ? Outcome.Yes : Outcome.No;
                Buy(ledger, history, $"t{step}", Given.Condition(number), outcome, random.Next(1, 5_000_000), random.Next(1, 3_000_000));
                if (random.Next(2) == 0) continue;

                foreach (var call in SettlementCall.Of(Three, ledger.Positions.ToDictionary(position => position.Token, position => position.Shares)))
                {
                    history.Add(call);
                    ledger.Apply(call);
                }
            }

            Assert.True(ledger.Cash + ledger.Cost - ledger.Realized == Usd.Dollars(100), $"seed {seed}: {ledger.Cash} + {ledger.Cost} - {ledger.Realized}");
            Assert.All(ledger.Positions, position => Assert.True(position.Shares > Size.Zero && position.Cost >= Usd.Zero, $"seed {seed}: {position}"));
            var replayed = new Ledger();
            replayed.Open(new Fact.OpeningBalanceTaken(Given.Noon, Usd.Dollars(100), ImmutableDictionary<TokenId, Size>.Empty));
            foreach (var item in history)
            {
                if (item is SettlementCall call) replayed.Apply(call);
                else replayed.Apply((Settlement)item);
            }

            Assert.Equal((ledger.Cash, ledger.Realized, ledger.Cost), (replayed.Cash, replayed.Realized, replayed.Cost));
        }
    }

    [Fact]
    public void A_call_moves_money_once_and_only_when_it_was_done()
    {
        var call = Of(Three, (Given.Yes(), "6"), (Given.No(), "6"))[0];
        var settlements = new Settlements();
        var (id, other) = (new ReservationId(1, 1), new ReservationId(1, 2));
        Assert.Null(settlements.Apply(new Fact.SettlementStarted(Given.Noon, id, call)));
        Assert.Null(settlements.Apply(new Fact.SettlementStarted(Given.Noon, other, call)));
        Assert.Equal(2, settlements.Open.Count);
        Assert.Null(settlements.Apply(new Fact.SettlementEnded(Given.Noon, other, call, SettlementEnd.Refused, "no")));
        Assert.Equal(call, settlements.Apply(new Fact.SettlementEnded(Given.Noon, id, call, SettlementEnd.Done, "")));
        Assert.Null(settlements.Apply(new Fact.SettlementEnded(Given.Noon, id, call, SettlementEnd.Done, "")));
        Assert.Empty(settlements.Open);
    }

    private static ImmutableArray<SettlementCall> Of(Market market, params (TokenId Token, string Shares)[] held) =>
        SettlementCall.Of(market, held.ToDictionary(pair => pair.Token, pair => Size.Parse(pair.Shares)));

    private static Ledger Holding(params (TokenId Token, Outcome Outcome, long Shares, long Cents)[] held)
    {
        var ledger = new Ledger();
        ledger.Open(new Fact.OpeningBalanceTaken(Given.Noon, Usd.Dollars(100), ImmutableDictionary<TokenId, Size>.Empty));
        foreach (var (token, outcome, shares, cents) in held)
        {
            ledger.Apply(new Settlement(
                Given.Fill(token.Text, TradeStatus.Confirmed, shares, cents), new BasketId("b-1"), Given.Event, Given.Condition().Id, token, Side.Buy, default, outcome));
        }

        return ledger;
    }

    private static void Buy(Ledger ledger, List<object> history, string trade, Condition condition, Outcome outcome, long shares, long micros)
    {
        var fill = new Fill(
            new TradeId(trade), new OrderId("o1"), TradeStatus.Confirmed, new Size(shares), new Usd(micros), Usd.Zero, Price.Cents(50), Given.Noon);
        var settlement = new Settlement(fill, new BasketId("b-1"), Given.Event, condition.Id, condition.Token(outcome), Side.Buy, default, outcome);
        history.Add(settlement);
        ledger.Apply(settlement);
    }
}
