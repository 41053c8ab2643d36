using PolyArb.Domain;
using static PolyArb.Polymarket.Signing.Eip712;

namespace PolyArb.Polymarket.Signing;

/// <summary>The struct hashes of orders (protocol sheet 7.1, 7.5), a word of 32 bytes a field.</summary>
internal static class OrderStruct
{
    public const string Type =
        "Order(uint256 salt,address maker,address signer,uint256 tokenId,uint256 makerAmount,uint256 takerAmount,uint8 side," +
        "uint8 signatureType,uint256 timestamp,bytes32 metadata,bytes32 builder)";

    public const string TypeV1 =
        "Order(uint256 salt,address maker,address signer,address taker,uint256 tokenId,uint256 makerAmount,uint256 takerAmount," +
        "uint256 expiration,uint256 nonce,uint256 feeRateBps,uint8 side,uint8 signatureType)";

    /// <summary>What a deposit wallet's owner signs: the order inside, and the wallet it is for (ERC-7739).</summary>
    public const string WalletType =
        "TypedDataSign(Order contents,string name,string version,uint256 chainId,address verifyingContract,bytes32 salt)" + Type;

    private static readonly byte[] TypeHash = HashOf(Type);
    private static readonly byte[] TypeHashV1 = HashOf(TypeV1);
    private static readonly byte[] WalletTypeHash = HashOf(WalletType);
    private static readonly byte[] WalletNameHash = HashOf("DepositWallet");
    private static readonly byte[] WalletVersionHash = HashOf("1");

    public static void Hash(OrderFields order, Span<byte> hash32)
    {
        Span<byte> words = stackalloc byte[Word * 12];
        TypeHash.CopyTo(words);
        Number(order.Salt, Field(words, 1));
        WriteAddress(order.Maker.Address, Field(words, 2));
        WriteAddress(order.Signer.Address, Field(words, 3));
        Token(order.TokenId, Field(words, 4));
        Number(order.MakerAmount, Field(words, 5));
        Number(order.TakerAmount, Field(words, 6));
        Number(order.Side is Side.Buy ? 0 : 1, Field(words, 7));
        Number(order.SignatureType, Field(words, 8));
        Number(order.TimestampMs, Field(words, 9));
        if (!Hex.TryDecode(order.Metadata, Field(words, 10))) throw new FormatException("metadata is not 32 bytes of hex");
        if (!Hex.TryDecode(order.Builder, Field(words, 11))) throw new FormatException("the builder code is not 32 bytes of hex");
        Keccak256.Hash(words, hash32);
    }

    public static void Hash(OrderFieldsV1 order, Span<byte> hash32)
    {
        Span<byte> words = stackalloc byte[Word * 13];
        TypeHashV1.CopyTo(words);
        Number(order.Salt, Field(words, 1));
        WriteAddress(order.Maker.Address, Field(words, 2));
        WriteAddress(order.Signer.Address, Field(words, 3));
        WriteAddress(order.Taker.Address, Field(words, 4));
        Token(order.TokenId, Field(words, 5));
        Number(order.MakerAmount, Field(words, 6));
        Number(order.TakerAmount, Field(words, 7));
        Number(order.ExpirationSeconds, Field(words, 8));
        Number(order.Nonce, Field(words, 9));
        Number(order.FeeRateBps, Field(words, 10));
        Number(order.Side is Side.Buy ? 0 : 1, Field(words, 11));
        Number(order.SignatureType, Field(words, 12));
        Keccak256.Hash(words, hash32);
    }

    /// <summary>The struct hash of what the wallet's owner signs around an order.</summary>
    public static void WalletHash(ReadOnlySpan<byte> contentsHash, int chainId, EthAddress wallet, Span<byte> hash32)
    {
        Span<byte> words = stackalloc byte[Word * 7];
        WalletTypeHash.CopyTo(words);
        contentsHash.CopyTo(Field(words, 1));
        WalletNameHash.CopyTo(Field(words, 2));
        WalletVersionHash.CopyTo(Field(words, 3));
        Number(chainId, Field(words, 4));
        WriteAddress(wallet, Field(words, 5));
        Field(words, 6).Clear();
        Keccak256.Hash(words, hash32);
    }

    /// <summary>Checked: a negative number is a bug, not 2^64 less it.</summary>
    private static void Number(long value, Span<byte> word) => Uint256.Write(checked((ulong)value), word);

    private static void Token(string tokenId, Span<byte> word)
    {
        if (!Uint256.TryWrite(tokenId, word)) throw new FormatException($"not a token id: '{tokenId}'");
    }
}
