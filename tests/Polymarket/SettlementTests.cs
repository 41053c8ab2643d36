using PolyArb.Domain;
using PolyArb.Domain.Ports;
using PolyArb.Domain.Risk;
using PolyArb.Polymarket.Settlement;
using Xunit;
using Size = PolyArb.Domain.Size;

namespace PolyArb.Tests.Polymarket;

/// <summary>On the real venue a person merges and converts: the call must be exact.</summary>
public class SettlementTests
{
    private static readonly SettlementCall Merge = new()
    {
        Kind = SettlementKind.Merge,
        Market = new MarketId("0xm"),
        Shares = Size.Parse("12.345678"),
        Gives = [Token(0, Outcome.Yes), Token(0, Outcome.No)],
        Gets = [],
        NegRisk = false,
    };

    [Fact]
    public async Task It_never_acts()
    {
        var settlement = new PolymarketSettlement(ScriptedVenue.Options);
        Assert.False(settlement.Acts);
        Assert.IsType<SettlementAnswer.Refused>(await settlement.Settle(Merge, TestContext.Current.CancellationToken));
    }

    [Fact]
    public void A_merge_names_the_adapter_the_condition_and_base_units() => Assert.Equal(
        "mergePositions(0xC011a7E12a19f7B1f670d46F03B03f3342E82DFB, 0x" + new string('0', 64) + ", 0xc0, [1,2], 12345678) at "
        + "0xAdA100Db00Ca00073811820692005400218FcE1f on Polygon (two sets of adapters are published: verify it)",
        Describe(Merge));

    [Fact]
    public void A_pair_of_a_neg_risk_event_is_merged_at_the_neg_risk_adapter() =>
        Assert.Contains("at 0xadA2005600Dec949baf300f4C6120000bDB6eAab", Describe(Merge with { NegRisk = true }), StringComparison.Ordinal);

    /// <summary>Questions 0, 2 and 70 are bits 0, 2 and 70.</summary>
    [Fact]
    public void A_conversion_names_the_event_and_the_bits_of_its_questions() => Assert.StartsWith(
        "convertPositions(0xm, 1180591620717411303429, 12345678) at 0xadA2005600Dec949baf300f4C6120000bDB6eAab",
        Describe(Merge with { Kind = SettlementKind.Convert, NegRisk = true, Gives = [Token(70, Outcome.No), Token(0, Outcome.No), Token(2, Outcome.No)] }),
        StringComparison.Ordinal);

    /// <summary>Their addresses are not in our papers, and a wrong one would burn money.</summary>
    [Fact]
    public void No_address_is_made_up_for_protocol_v2_or_the_test_network()
    {
        Assert.EndsWith("docs.polymarket.com)", Describe(Merge with { Protocol = ProtocolVersion.V2 }), StringComparison.Ordinal);
        var amoy = new PolymarketSettlement(ScriptedVenue.Options with { ChainId = 80002 }).Describe(Merge);
        Assert.EndsWith("at the collateral adapter on chain 80002 (its address is not published)", amoy, StringComparison.Ordinal);
    }

    private static string Describe(SettlementCall call) => new PolymarketSettlement(ScriptedVenue.Options).Describe(call);

    private static SettlementToken Token(int question, Outcome outcome) => new(new ConditionId($"0xc{question}"), new TokenId($"{question}{outcome}"), outcome, question);
}
