using PolyArb.Domain;

namespace PolyArb.Polymarket.Signing;

/// <summary>The contract an order is signed for, and the EIP-712 domain version it speaks (protocol sheet 0.1, 7.1).</summary>
public sealed record Exchange(EthAddress Contract, string Version)
{
    /// <summary>CLOB V2, plain markets; the same address on 137 and 80002.</summary>
    public static readonly Exchange Standard = new(EthAddress.Parse("0xE111180000d2663C0091e4f400237545B87B996B"), "2");

    /// <summary>CLOB V2, neg-risk markets; the same address on 137 and 80002.</summary>
    public static readonly Exchange NegRisk = new(EthAddress.Parse("0xe2222d279d744050d28e00520010520000310F59"), "2");

    private static readonly Exchange V3Polygon = new(EthAddress.Parse("0xe3333700cA9d93003F00f0F71f8515005F6c00Aa"), "3");
    private static readonly Exchange V3Amoy = new(EthAddress.Parse("0x9fE6e61422AdB6F610d8597F9684b16912D50C3D"), "3");

    private static readonly Exchange V1Polygon = new(EthAddress.Parse("0x4bFb41d5B3570DeFd03C39a9A4D8dE6Bd8B8982E"), "1");
    private static readonly Exchange V1Amoy = new(EthAddress.Parse("0xdFE02Eb6733538f8Ea35D585af8DE5958AD99E40"), "1");
    private static readonly Exchange V1NegRisk = new(EthAddress.Parse("0xC5d563A36AE78145C45a50134d48A1215220f80a"), "1");

    /// <summary>Protocol V2 has one contract, whatever the market's neg-risk flag says (0.2).</summary>
    public static Exchange For(int chainId, ProtocolVersion protocol, bool negRisk) => protocol is ProtocolVersion.V2
        ? V3(chainId)
        : negRisk ? NegRisk : Standard;

    /// <summary>Protocol V2's, for orders of the third generation.</summary>
    public static Exchange V3(int chainId) => OnChain(chainId, V3Polygon, V3Amoy);

    /// <summary>CLOB V1's, dead since April 2026: only to read and verify old orders.</summary>
    public static Exchange V1(int chainId, bool negRisk) => negRisk ? V1NegRisk : OnChain(chainId, V1Polygon, V1Amoy);

    private static Exchange OnChain(int chainId, Exchange polygon, Exchange amoy) => chainId switch
    {
        137 => polygon,
        80002 => amoy,
        _ => throw new ArgumentOutOfRangeException(nameof(chainId), chainId, "the venue is on 137 and 80002"),
    };
}
