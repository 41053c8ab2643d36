using Org.BouncyCastle.Crypto.EC;
using Org.BouncyCastle.Math;
using Org.BouncyCastle.Math.EC;

namespace PolyArb.Simulator.Crypto;

/// <summary>Finds who signed a digest. Accepts v 27 or 28 and a low s, as the exchange contract does (reference/signing.md).</summary>
internal static class SignatureRecovery
{
    private static readonly Org.BouncyCastle.Asn1.X9.X9ECParameters Curve = CustomNamedCurves.GetByName("secp256k1");
    private static readonly BigInteger HalfOrder = Curve.N.ShiftRight(1);

    /// <summary>The signer's address in lower case, or null when the 65 bytes are no signature of this digest.</summary>
    public static string? Signer(byte[] digest, byte[] signature)
    {
        if (signature.Length != 65 || signature[64] is not (27 or 28)) return null;

        var r = new BigInteger(1, signature, 0, 32);
        var s = new BigInteger(1, signature, 32, 32);
        if (r.SignValue == 0 || s.SignValue == 0 || r.CompareTo(Curve.N) >= 0 || s.CompareTo(HalfOrder) > 0) return null;
        if (Decompress(signature) is not { } point) return null;

        var inverse = r.ModInverse(Curve.N);
        var fromBase = new BigInteger(1, digest).Negate().Mod(Curve.N).Multiply(inverse).Mod(Curve.N);
        var fromPoint = s.Multiply(inverse).Mod(Curve.N);
        var key = ECAlgorithms.SumOfTwoMultiplies(Curve.G, fromBase, point, fromPoint).Normalize();
        if (key.IsInfinity) return null;

        var encoded = key.GetEncoded(compressed: false);
        return Hex.Text(Keccak256.Hash(encoded.AsSpan(1)).AsSpan(12));
    }

    private static ECPoint? Decompress(byte[] signature)
    {
        byte[] encoded = [(byte)(signature[64] - 25), .. signature.AsSpan(0, 32)];
        try
        {
            return Curve.Curve.DecodePoint(encoded);
        }
        catch (ArgumentException)
        {
            return null; // No point of the curve has this x.
        }
    }
}
