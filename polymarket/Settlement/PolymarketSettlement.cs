using System.Numerics;
using PolyArb.Domain;
using PolyArb.Domain.Ports;
using PolyArb.Domain.Risk;

namespace PolyArb.Polymarket.Settlement;

/// <summary>
/// Does nothing on the chain and says what to call by hand: the venue's collateral adapters, which take the tokens, burn them and pay
/// pUSD (protocol sheet 0.1, 1.2, C-19; docs.polymarket.com trading/ctf/merge). They must be approved for the tokens once.
/// </summary>
public sealed class PolymarketSettlement(VenueOptions options) : ISettlement
{
    private const string Collateral = "0xC011a7E12a19f7B1f670d46F03B03f3342E82DFB";
    private const string Adapter = "0xAdA100Db00Ca00073811820692005400218FcE1f";
    private const string NegRiskAdapter = "0xadA2005600Dec949baf300f4C6120000bDB6eAab";
    private const string NoParent = "0x0000000000000000000000000000000000000000000000000000000000000000";

    public bool Acts => false;

    public Task<SettlementAnswer> Settle(SettlementCall call, CancellationToken cancellation) =>
        Task.FromResult<SettlementAnswer>(new SettlementAnswer.Refused($"done by hand only: {Describe(call)}"));

    public string Describe(SettlementCall call)
    {
        var arguments = call.Kind switch
        {
            SettlementKind.Merge => $"mergePositions({Collateral}, {NoParent}, {call.Gives[0].Condition}, [1,2], {call.Shares.Micros})",
            SettlementKind.Convert => $"convertPositions({call.Market}, {IndexSet(call)}, {call.Shares.Micros})",
            _ => throw new System.Diagnostics.UnreachableException(),
        };
        var contract = (call.Protocol, options.ChainId) switch
        {
            (ProtocolVersion.V2, _) => "the Router of Protocol V2 (look its address up at docs.polymarket.com)",
            (_, 137) => $"{(call.NegRisk ? NegRiskAdapter : Adapter)} on Polygon (two sets of adapters are published: verify it)",
            _ => $"the {(call.NegRisk ? "neg-risk " : "")}collateral adapter on chain {options.ChainId} (its address is not published)",
        };
        return $"{arguments} at {contract}";
    }

    /// <summary>Bit i stands for the question with index i, whose NO is given (NRA src/NegRiskAdapter.sol).</summary>
    private static BigInteger IndexSet(SettlementCall call) =>
        call.Questions.Aggregate(BigInteger.Zero, (set, question) => set | (BigInteger.One << question));
}
