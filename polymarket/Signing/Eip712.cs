using System.Collections.Concurrent;
using System.Text;

namespace PolyArb.Polymarket.Signing;

/// <summary>The digests the venue asks for, laid out by hand: no general encoder (protocol sheet 6.1, 7.1).</summary>
public static class Eip712
{
    internal const int Word = 32;

    private const string ContractDomainType = "EIP712Domain(string name,string version,uint256 chainId,address verifyingContract)";

    private static readonly byte[] AuthTypeHash = HashOf("ClobAuth(address address,string timestamp,uint256 nonce,string message)");
    private static readonly byte[] AuthMessageHash = HashOf("This message attests that I control the given wallet");
    private static readonly byte[] AuthNameHash = HashOf("ClobAuthDomain");
    private static readonly byte[] AuthVersionHash = HashOf("1");
    private static readonly byte[] ExchangeNameHash = HashOf("Polymarket CTF Exchange");
    private static readonly byte[] DomainHash = HashOf("EIP712Domain(string name,string version,uint256 chainId)");
    private static readonly byte[] ContractDomainHash = HashOf(ContractDomainType);

    private static readonly ConcurrentDictionary<(int Chain, EthAddress Contract, string Version), byte[]> Separators = new();

    /// <summary>The order's id: neither signature, expiration nor order type enter it (7.4).</summary>
    public static void OrderDigest(OrderFields order, int chainId, Exchange exchange, Span<byte> digest32)
    {
        Span<byte> structHash = stackalloc byte[Word];
        OrderStruct.Hash(order, structHash);
        Digest(ExchangeSeparator(chainId, exchange), structHash, digest32);
    }

    /// <summary>The id of an order of the first generation; there, expiration enters it.</summary>
    public static void OrderDigest(OrderFieldsV1 order, int chainId, Exchange exchange, Span<byte> digest32)
    {
        Span<byte> structHash = stackalloc byte[Word];
        OrderStruct.Hash(order, structHash);
        Digest(ExchangeSeparator(chainId, exchange), structHash, digest32);
    }

    /// <summary>What proves the wallet when API keys are made; the timestamp is in whole seconds.</summary>
    public static void ClobAuthDigest(EthAddress address, string timestamp, long nonce, int chainId, Span<byte> digest32)
    {
        Span<byte> words = stackalloc byte[Word * 5];
        AuthTypeHash.CopyTo(words);
        WriteAddress(address, Field(words, 1));
        Keccak256.Hash(Encoding.UTF8.GetBytes(timestamp), Field(words, 2));
        Uint256.Write((ulong)nonce, Field(words, 3));
        AuthMessageHash.CopyTo(Field(words, 4));

        Span<byte> structHash = stackalloc byte[Word];
        Keccak256.Hash(words, structHash);
        Digest(AuthSeparator(chainId), structHash, digest32);
    }

    internal static byte[] AuthSeparator(int chainId)
    {
        Span<byte> domain = stackalloc byte[Word * 4];
        DomainHash.CopyTo(domain);
        AuthNameHash.CopyTo(Field(domain, 1));
        AuthVersionHash.CopyTo(Field(domain, 2));
        Uint256.Write((ulong)chainId, Field(domain, 3));
        return Keccak256.Hash(domain);
    }

    internal static ReadOnlySpan<byte> ExchangeSeparator(int chainId, Exchange exchange) =>
        Separators.GetOrAdd((chainId, exchange.Contract, exchange.Version), static key =>
        {
            Span<byte> domain = stackalloc byte[Word * 5];
            ContractDomainHash.CopyTo(domain);
            ExchangeNameHash.CopyTo(Field(domain, 1));
            HashOf(key.Version).CopyTo(Field(domain, 2));
            Uint256.Write((ulong)key.Chain, Field(domain, 3));
            WriteAddress(key.Contract, Field(domain, 4));
            return Keccak256.Hash(domain);
        });

    internal static void Digest(ReadOnlySpan<byte> separator, ReadOnlySpan<byte> structHash, Span<byte> digest32)
    {
        Span<byte> signed = stackalloc byte[2 + Word * 2];
        signed[0] = 0x19;
        signed[1] = 0x01;
        separator.CopyTo(signed[2..]);
        structHash.CopyTo(signed[(2 + Word)..]);
        Keccak256.Hash(signed, digest32);
    }

    internal static Span<byte> Field(Span<byte> words, int index) => words.Slice(index * Word, Word);

    internal static void WriteAddress(EthAddress address, Span<byte> word)
    {
        word[..12].Clear();
        address.CopyTo(word[12..]);
    }

    internal static byte[] HashOf(string text) => Keccak256.Hash(Encoding.ASCII.GetBytes(text));
}
