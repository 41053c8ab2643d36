using Org.BouncyCastle.Asn1.X9;
using Org.BouncyCastle.Crypto.Digests;
using Org.BouncyCastle.Crypto.EC;
using Org.BouncyCastle.Crypto.Signers;
using Org.BouncyCastle.Math;
using Org.BouncyCastle.Math.EC.Multiplier;
using Org.BouncyCastle.Utilities;

namespace PolyArb.Polymarket.Signing;

/// <summary>secp256k1 by BouncyCastle. The recovery id is read off R, not searched for.</summary>
public sealed class ManagedSigner : IDigestSigner
{
    private static readonly X9ECParameters Curve = CustomNamedCurves.GetByName("secp256k1");
    private static readonly BigInteger N = Curve.N;
    private static readonly BigInteger HalfN = N.ShiftRight(1);

    private readonly BigInteger _key;

    private ManagedSigner(BigInteger key)
    {
        _key = key;
        var point = new FixedPointCombMultiplier().Multiply(Curve.G, key).Normalize();
        Address = EthAddress.FromPublicKey(point.GetEncoded(false).AsSpan(1));
    }

    public EthAddress Address { get; }

    /// <summary>64 hex digits, with or without 0x. The message of its exception never shows the text.</summary>
    public static ManagedSigner FromHex(string privateKey)
    {
        Span<byte> bytes = stackalloc byte[32];
        var text = privateKey.StartsWith("0x", StringComparison.OrdinalIgnoreCase) ? privateKey : "0x" + privateKey;
        if (!Hex.TryDecode(text, bytes)) throw new FormatException("the private key is not 64 hex digits");

        var key = new BigInteger(1, bytes);
        bytes.Clear();
        return key.SignValue > 0 && key.CompareTo(N) < 0
            ? new ManagedSigner(key)
            : throw new FormatException("the private key is not a number of the curve");
    }

    public void Sign(ReadOnlySpan<byte> digest32, Span<byte> signature65)
    {
        var e = new BigInteger(1, digest32);
        var nonces = new HMacDsaKCalculator(new Sha256Digest());
        nonces.Init(N, _key, digest32.ToArray());
        while (true)
        {
            var k = nonces.NextK();
            var point = new FixedPointCombMultiplier().Multiply(Curve.G, k).Normalize();
            var x = point.AffineXCoord.ToBigInteger();
            if (x.CompareTo(N) >= 0) continue; // Its v would be 29 or 30, which the venue refuses; 1 in 2^128.

            var s = BigIntegers.ModOddInverse(N, k).Multiply(e.Add(_key.Multiply(x))).Mod(N);
            if (x.SignValue == 0 || s.SignValue == 0) continue;

            var odd = point.AffineYCoord.TestBitZero();
            if (s.CompareTo(HalfN) > 0) (s, odd) = (N.Subtract(s), !odd);

            BigIntegers.AsUnsignedByteArray(x, signature65[..32]);
            BigIntegers.AsUnsignedByteArray(s, signature65[32..64]);
            signature65[64] = (byte)(odd ? 28 : 27);
            return;
        }
    }

    /// <summary>Without the key.</summary>
    public override string ToString() => $"signer {Address}";
}
