using System.Collections.Concurrent;
using System.Text;

namespace PolyArb.Polymarket.Signing;

/// <summary>The two digests the venue asks for, laid out by hand: no general encoder (protocol sheet 6.1, 7.1).</summary>
public static class Eip712
{
    internal const string OrderType =
        "Order(uint256 salt,address maker,address signer,uint256 tokenId,uint256 makerAmount,uint256 takerAmount,uint8 side," +
        "uint8 signatureType,uint256 timestamp,bytes32 metadata,bytes32 builder)";

    private const int Word = 32;

    private static readonly byte[] OrderTypeHash = HashOf(OrderType);
    private static readonly byte[] AuthTypeHash = HashOf("ClobAuth(address address,string timestamp,uint256 nonce,string message)");
    private static readonly byte[] AuthMessageHash = HashOf("This message attests that I control the given wallet");
    private static readonly byte[] AuthNameHash = HashOf("ClobAuthDomain");
    private static readonly byte[] AuthVersionHash = HashOf("1");
    private static readonly byte[] ExchangeNameHash = HashOf("Polymarket CTF Exchange");
    private static readonly byte[] DomainHash = HashOf("EIP712Domain(string name,string version,uint256 chainId)");
    private static readonly byte[] ContractDomainHash =
        HashOf("EIP712Domain(string name,string version,uint256 chainId,address verifyingContract)");

    private static readonly ConcurrentDictionary<(int Chain, EthAddress Contract, string Version), byte[]> Separators = new();

    /// <summary>The order's id: neither signature, expiration nor order type enter it (7.4).</summary>
    public static void OrderDigest(OrderFields order, int chainId, Exchange exchange, Span<byte> digest32)
    {
        Span<byte> structHash = stackalloc byte[Word];
        OrderHash(order, structHash);
        Digest(ExchangeSeparator(chainId, exchange), structHash, digest32);
    }

    /// <summary>What proves the wallet when API keys are made; the timestamp is in whole seconds.</summary>
    public static void ClobAuthDigest(EthAddress address, string timestamp, long nonce, int chainId, Span<byte> digest32)
    {
        Span<byte> words = stackalloc byte[Word * 5];
        AuthTypeHash.CopyTo(words);
        WriteAddress(address, words[Word..]);
        Keccak256.Hash(Encoding.UTF8.GetBytes(timestamp), words[(Word * 2)..]);
        Uint256.Write((ulong)nonce, words[(Word * 3)..(Word * 4)]);
        AuthMessageHash.CopyTo(words[(Word * 4)..]);

        Span<byte> structHash = stackalloc byte[Word];
        Keccak256.Hash(words, structHash);

        Span<byte> domain = stackalloc byte[Word * 4];
        DomainHash.CopyTo(domain);
        AuthNameHash.CopyTo(domain[Word..]);
        AuthVersionHash.CopyTo(domain[(Word * 2)..]);
        Uint256.Write((ulong)chainId, domain[(Word * 3)..]);
        Digest(Keccak256.Hash(domain), structHash, digest32);
    }

    internal static void OrderHash(OrderFields order, Span<byte> hash32)
    {
        Span<byte> words = stackalloc byte[Word * 12];
        OrderTypeHash.CopyTo(words);
        Uint256.Write((ulong)order.Salt, Field(words, 1));
        WriteAddress(EthAddress.Parse(order.Maker), Field(words, 2));
        WriteAddress(EthAddress.Parse(order.Signer), Field(words, 3));
        if (!Uint256.TryWrite(order.TokenId, Field(words, 4))) throw new FormatException($"not a token id: '{order.TokenId}'");
        Uint256.Write((ulong)order.MakerAmount, Field(words, 5));
        Uint256.Write((ulong)order.TakerAmount, Field(words, 6));
        Uint256.Write(order.Side is Domain.Side.Buy ? 0UL : 1UL, Field(words, 7));
        Uint256.Write((ulong)order.SignatureType, Field(words, 8));
        Uint256.Write((ulong)order.TimestampMs, Field(words, 9));
        if (!Hex.TryDecode(order.Metadata, Field(words, 10))) throw new FormatException("metadata is not 32 bytes of hex");
        if (!Hex.TryDecode(order.Builder, Field(words, 11))) throw new FormatException("the builder code is not 32 bytes of hex");
        Keccak256.Hash(words, hash32);
    }

    internal static ReadOnlySpan<byte> ExchangeSeparator(int chainId, Exchange exchange) =>
        Separators.GetOrAdd((chainId, exchange.Contract, exchange.Version), static key =>
        {
            Span<byte> domain = stackalloc byte[Word * 5];
            ContractDomainHash.CopyTo(domain);
            ExchangeNameHash.CopyTo(domain[Word..]);
            HashOf(key.Version).CopyTo(domain[(Word * 2)..]);
            Uint256.Write((ulong)key.Chain, Field(domain, 3));
            WriteAddress(key.Contract, Field(domain, 4));
            return Keccak256.Hash(domain);
        });

    private static Span<byte> Field(Span<byte> words, int index) => words.Slice(index * Word, Word);

    private static void WriteAddress(EthAddress address, Span<byte> word)
    {
        word[..12].Clear();
        address.CopyTo(word[12..]);
    }

    private static void Digest(ReadOnlySpan<byte> separator, ReadOnlySpan<byte> structHash, Span<byte> digest32)
    {
        Span<byte> signed = stackalloc byte[2 + Word * 2];
        signed[0] = 0x19;
        signed[1] = 0x01;
        separator.CopyTo(signed[2..]);
        structHash.CopyTo(signed[(2 + Word)..]);
        Keccak256.Hash(signed, digest32);
    }

    private static byte[] HashOf(string text) => Keccak256.Hash(Encoding.ASCII.GetBytes(text));
}
