using System.Numerics;

namespace PolyArb.Simulator.Crypto;

/// <summary>EIP-712 digests of the two things a wallet signs for the CLOB: an order (protocol 7.1) and the API key request (6.1).</summary>
internal static class TypedData
{
    public const int Polygon = 137;
    public const string StandardExchange = "0xE111180000d2663C0091e4f400237545B87B996B";
    public const string NegRiskExchange = "0xe2222d279d744050d28e00520010520000310F59";
    public const string NegRiskAdapter = "0xd91E80cF2E7be2e162c6513ceD06f1dD0dA35296";

    public const string ThirdExchange = "0xe3333700cA9d93003F00f0F71f8515005F6c00Aa";

    public const string OrderTypeText =
        "Order(uint256 salt,address maker,address signer,uint256 tokenId,uint256 makerAmount,uint256 takerAmount,"
        + "uint8 side,uint8 signatureType,uint256 timestamp,bytes32 metadata,bytes32 builder)";

    private const string Attestation = "This message attests that I control the given wallet";

    private static readonly byte[] OrderType = Keccak256.Hash(OrderTypeText);

    private static readonly byte[] AuthType = Keccak256.Hash("ClobAuth(address address,string timestamp,uint256 nonce,string message)");

    private static readonly byte[] ContractDomainType =
        Keccak256.Hash("EIP712Domain(string name,string version,uint256 chainId,address verifyingContract)");

    private static readonly byte[] PlainDomainType = Keccak256.Hash("EIP712Domain(string name,string version,uint256 chainId)");

    private static readonly byte[] Standard = ExchangeDomain(Polygon, StandardExchange);
    private static readonly byte[] NegRisk = ExchangeDomain(Polygon, NegRiskExchange);
    private static readonly byte[] Third = ExchangeDomain(Polygon, ThirdExchange, "3");

    /// <summary>The domain separator of the contract that settles this kind of market on Polygon.</summary>
    public static byte[] ExchangeDomain(bool negRisk) => negRisk ? NegRisk : Standard;

    /// <summary>The domain of Protocol V2 markets on Polygon (protocol 0.2).</summary>
    public static byte[] ThirdVersion => Third;

    public static byte[] ExchangeDomain(int chainId, string contract, string version = "2") => new AbiWords()
        .Word(ContractDomainType).Text("Polymarket CTF Exchange").Text(version).Number(chainId).Address(contract).Hash();

    /// <summary>The order id: it depends on neither the signature nor the order type (protocol 7.4).</summary>
    public static byte[] OrderDigest(byte[] domain, SignedOrder order) => Digest(domain, OrderHash(order));

    public static byte[] OrderHash(SignedOrder order) => new AbiWords()
        .Word(OrderType).Number(order.Salt).Address(order.Maker).Address(order.Signer).Number(order.TokenId)
        .Number(order.MakerAmount).Number(order.TakerAmount).Number(order.Side).Number(order.SignatureType)
        .Number(order.Timestamp).Word(order.Metadata).Word(order.Builder).Hash();

    public static byte[] AuthDigest(int chainId, string address, string timestamp, BigInteger nonce)
    {
        var domain = new AbiWords().Word(PlainDomainType).Text("ClobAuthDomain").Text("1").Number(chainId).Hash();
        return Digest(domain, new AbiWords().Word(AuthType).Address(address).Text(timestamp).Number(nonce).Text(Attestation).Hash());
    }

    public static byte[] Digest(byte[] domain, byte[] structHash) => Keccak256.Hash([0x19, 0x01, .. domain, .. structHash]);
}
