using System.Text.Json;
using Microsoft.Extensions.Time.Testing;
using PolyArb.Simulator.Api;
using PolyArb.Simulator.Engine;
using PolyArb.Simulator.World;
using Xunit;

namespace PolyArb.Tests.Simulator;

/// <summary>Through the bodies of /sim (contract of the exchange).</summary>
public sealed class ChainTests
{
    private readonly Venue _venue = new(Venue.Event, new FakeTimeProvider(DateTimeOffset.UnixEpoch.AddSeconds(1_800_000_000)));
    private readonly SimChain _sim;

    public ChainTests() => _sim = new SimChain(_venue.Exchange);

    private Account Bob => _venue.Account("bob");

    [Fact]
    public void A_split_and_a_merge_turn_pusd_into_pairs_and_back()
    {
        var cash = Bob.Cash;

        Ok(_sim.Split(Body($$"""{"account":"{{Bob.Address}}","condition":"{{_venue.Condition.Id}}","amount":"12.5"}""")));
        Assert.Equal((cash - 12_500_000, 10_012_500_000), (Bob.Cash, Bob.TokenBalance(_venue.Condition.Tokens[1])));
        Ok(_sim.Merge(Body($$"""{"account":"{{Bob.Address}}","condition":"{{_venue.Condition.Id}}","amount":12.5}""")));
        Assert.Equal((cash, 10_000_000_000), (Bob.Cash, Bob.TokenBalance(_venue.Condition.Tokens[1])));
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(5)]
    public void A_conversion_gives_yes_of_the_others_and_pusd_and_every_outcome_stays_backed(int questions)
    {
        var cash = Bob.Cash;
        var asked = string.Join(',', Enumerable.Range(0, questions));

        Ok(_sim.Convert(Body($$"""{"account":"{{Bob.Address}}","event":"{{_venue.Condition.NegRiskMarketId}}","amount":"100","questions":[{{asked}}]}""")));

        Assert.Equal(cash + (questions - 1) * 100_000_000L, Bob.Cash);
        for (var i = 0; i < Venue.Event.Count; i++)
        {
            var converted = i < questions;
            Assert.Equal(10_000_000_000 + (converted ? 0 : 100_000_000), Bob.TokenBalance(Venue.Event[i].Tokens[0]));
            Assert.Equal(10_000_000_000 - (converted ? 100_000_000 : 0), Bob.TokenBalance(Venue.Event[i].Tokens[1]));
        }

        _venue.Exchange.Ledger.AssertConserved();
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(4)]
    public void After_conversions_whoever_wins_everything_redeems_to_the_last_micro(int winner)
    {
        var exchange = _venue.Exchange;
        Ok(_sim.Convert(Body($$"""{"account":"{{Bob.Address}}","event":"{{_venue.Condition.NegRiskMarketId}}","amount":"77.000001","questions":[0,3]}""")));
        _venue.Limit("bob", Venue.Yes, Side.Sell, 5_000, 10_000);
        _venue.Limit("alice", Venue.Yes, Side.Buy, 5_000, 9_000);
        Ok(_sim.Convert(Body($$"""{"account":"{{_venue.Account("carol").Address}}","event":"{{_venue.Condition.NegRiskMarketId}}","amount":"5","questions":[1,2,4]}""")));
        Settle();
        foreach (var condition in Venue.Event.Where((_, i) => i != winner)) Assert.Null(exchange.Life.Resolve(condition, 1));
        Assert.Null(exchange.Life.Resolve(Venue.Event[winner], 0));

        foreach (var name in (string[])["alice", "bob", "carol"])
        {
            foreach (var condition in Venue.Event)
            {
                Ok(_sim.Redeem(Body($$"""{"account":"{{_venue.Account(name).Address}}","condition":"{{condition.Id}}"}""")));
            }
        }

        Assert.Equal(0, exchange.Ledger.Vault.Locked);
        Assert.Equal(10 * PublicAccounts.OpeningCash, exchange.Ledger.Accounts.Sum(a => a.Cash));
    }

    [Fact]
    public void A_50_50_pays_half_rounded_down_and_what_is_cut_off_stays_locked()
    {
        var venue = new Venue();
        var sim = new SimChain(venue.Exchange);
        Ok(sim.Transfer(Body($$"""{"account":"{{venue.Account("bob").Address}}","to":"{{venue.Account("alice").Address}}","amount":"0.000001","token":"{{venue.Condition.Tokens[0]}}"}""")));
        venue.Exchange.Life.Resolve(venue.Condition, null);
        var cash = venue.Account("bob").Cash;

        Ok(sim.Redeem(Body($$"""{"account":"{{venue.Account("bob").Address}}","condition":"{{venue.Condition.Id}}"}""")));

        Assert.Equal(cash + 9_999_999_999, venue.Account("bob").Cash); // Half of 9,999.999999 and half of 10,000.
        venue.Exchange.Ledger.AssertConserved();
    }

    [Fact]
    public void Tokens_that_are_not_mined_cannot_be_merged_or_moved()
    {
        _venue.Limit("alice", Venue.Yes, Side.Sell, 5_000, 10);
        _venue.Limit("bob", Venue.Yes, Side.Buy, 5_000, 10);

        var refused = _sim.Transfer(Body(
            $$"""{"account":"{{Bob.Address}}","to":"{{_venue.Account("alice").Address}}","amount":"10001","token":"{{_venue.Condition.Tokens[0]}}"}"""));

        Assert.Equal(400, refused.Status);
        Assert.Contains("10000 mined", Text(refused), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("""{"account":"BOB","condition":"CONDITION","amount":"0"}""", "greater than zero")]
    [InlineData("""{"account":"BOB","condition":"CONDITION","amount":"1.0000001"}""", "six places")]
    [InlineData("""{"account":"BOB","condition":"CONDITION","amount":"-1"}""", "six places")]
    [InlineData("""{"account":"BOB","condition":"0x00","amount":"1"}""", "condition is unknown")]
    [InlineData("""{"account":"bob","condition":"CONDITION","amount":"1"}""", "account must be an address")]
    [InlineData("""{"account":"BOB","condition":"CONDITION","amount":"10000001"}""", "mined pUSD")]
    [InlineData("""{"account":"0x00000000000000000000000000000000000000fe","condition":"CONDITION","amount":"1"}""", "house")]
    [InlineData("[]", "account must be an address")]
    public void A_split_that_cannot_be_says_why(string body, string why)
    {
        var answer = _sim.Split(Body(body.Replace("BOB", Bob.Address, StringComparison.Ordinal).Replace("CONDITION", _venue.Condition.Id, StringComparison.Ordinal)));

        Assert.Equal(400, answer.Status);
        Assert.Contains(why, Text(answer), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("[]")]
    [InlineData("[0,0]")]
    [InlineData("[9]")]
    [InlineData("[\"0\"]")]
    [InlineData("7")]
    public void A_conversion_of_no_such_questions_is_refused(string questions) => Assert.Equal(400, _sim.Convert(Body(
        $$"""{"account":"{{Bob.Address}}","event":"{{_venue.Condition.NegRiskMarketId}}","amount":"1","questions":{{questions}}}""")).Status);

    [Fact]
    public void An_event_with_conversions_takes_no_new_condition_and_one_without_does()
    {
        var fresh = Venue.Event[0] with
        {
            Id = "0x" + new string('a', 64),
            QuestionId = Venue.Event[0].QuestionId[..^2] + "09",
            Tokens = ["901", "902"],
        };
        Assert.Null(_venue.Exchange.Life.List(fresh));
        _venue.Exchange.Ledger.AssertConserved();
        Ok(_sim.Convert(Body($$"""{"account":"{{Bob.Address}}","event":"{{_venue.Condition.NegRiskMarketId}}","amount":"1","questions":[0]}""")));

        Assert.NotNull(_venue.Exchange.Life.List(fresh with { Id = "0x" + new string('b', 64), Tokens = ["903", "904"] }));
    }

    private static JsonElement Body(string json)
    {
        using var parsed = JsonDocument.Parse(json);
        return parsed.RootElement.Clone();
    }

    private static string Text(Answer answer) => System.Text.Encoding.UTF8.GetString(answer.Body);

    private static void Ok(Answer answer) => Assert.Equal("""{"ok":true}""", Text(answer));

    private void Settle()
    {
        lock (_venue.Exchange.Gate)
        {
            foreach (var trade in Bob.Trades) _venue.Exchange.Ledger.Await(trade, waits: false);
        }
    }
}
