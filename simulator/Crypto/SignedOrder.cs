using System.Numerics;

namespace PolyArb.Simulator.Crypto;

/// <summary>The eleven signed fields of a CLOB V2 order (protocol 7.1); amounts in base units of six decimals.</summary>
internal sealed record SignedOrder(
    BigInteger Salt,
    string Maker,
    string Signer,
    BigInteger TokenId,
    BigInteger MakerAmount,
    BigInteger TakerAmount,
    int Side,
    int SignatureType,
    BigInteger Timestamp,
    byte[] Metadata,
    byte[] Builder);
