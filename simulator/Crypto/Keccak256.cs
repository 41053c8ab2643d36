using Org.BouncyCastle.Crypto.Digests;

namespace PolyArb.Simulator.Crypto;

/// <summary>Legacy Keccak-256, the hash of the chain; not SHA3-256.</summary>
internal static class Keccak256
{
    public static byte[] Hash(ReadOnlySpan<byte> data)
    {
        var digest = new KeccakDigest(256);
        digest.BlockUpdate(data);
        var hash = new byte[32];
        digest.DoFinal(hash, 0);
        return hash;
    }

    public static byte[] Hash(string text) => Hash(System.Text.Encoding.UTF8.GetBytes(text));
}
