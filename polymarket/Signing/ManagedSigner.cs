using Org.BouncyCastle.Asn1.X9;
using Org.BouncyCastle.Crypto.Digests;
using Org.BouncyCastle.Crypto.EC;
using Org.BouncyCastle.Crypto.Signers;
using Org.BouncyCastle.Math.EC;
using Org.BouncyCastle.Math.EC.Multiplier;
using Org.BouncyCastle.Utilities;
using BouncyInteger = Org.BouncyCastle.Math.BigInteger;
using Integer = System.Numerics.BigInteger;

namespace PolyArb.Polymarket.Signing;

/// <summary>
/// secp256k1 by BouncyCastle; the recovery id is read off R, not searched for, and the last multiplication is .NET's, which
/// takes a tenth of BouncyCastle's time. Both want the key as a number that cannot be wiped: disposing only lets go of it, and
/// its bytes stay in memory until the collector reuses them. Nor does it take the same time for every key, so the machine
/// must be yours alone.
/// </summary>
internal sealed class ManagedSigner : IDigestSigner
{
    private static readonly X9ECParameters Curve = CustomNamedCurves.GetByName("secp256k1");
    private static readonly Integer N = Number(Curve.N.ToByteArrayUnsigned());
    private static readonly Integer HalfN = N >> 1;

    private volatile Key? _key;

    /// <summary>Disposes the key's memory once it has taken the number out.</summary>
    public ManagedSigner(KeyMemory key)
    {
        using (key)
        {
            _key = new Key(new BouncyInteger(1, key.Bytes), Number(key.Bytes));
            Address = EthAddress.FromPublicKey(TimesBase(_key.ForNonces).GetEncoded(compressed: false).AsSpan(1));
        }
    }

    public EthAddress Address { get; }

    public void Sign(ReadOnlySpan<byte> digest32, Span<byte> signature65)
    {
        var key = _key;
        ObjectDisposedException.ThrowIf(key is null, this);
        var nonces = new HMacDsaKCalculator(new Sha256Digest());
        nonces.Init(Curve.N, key.ForNonces, digest32.ToArray());
        while (true)
        {
            var k = nonces.NextK();
            var point = TimesBase(k);
            var x = point.AffineXCoord.GetEncoded();
            var r = Number(x);
            if (r >= N) continue; // Its v would be 29 or 30, which the venue refuses; 1 in 2^128.

            var s = Number(BigIntegers.ModOddInverse(Curve.N, k).ToByteArrayUnsigned()) * (Number(digest32) + key.ForProduct * r) % N;
            if (r.IsZero || s.IsZero) continue;

            var odd = point.AffineYCoord.TestBitZero();
            if (s > HalfN) (s, odd) = (N - s, !odd);

            x.CopyTo(signature65);
            Write(s, signature65[32..64]);
            signature65[64] = (byte)(odd ? 28 : 27);
            return;
        }
    }

    public void Dispose() => _key = null;

    /// <summary>Without the key.</summary>
    public override string ToString() => $"signer {Address}";

    private static ECPoint TimesBase(BouncyInteger factor) => new FixedPointCombMultiplier().Multiply(Curve.G, factor).Normalize();

    private static Integer Number(ReadOnlySpan<byte> bigEndian) => new(bigEndian, isUnsigned: true, isBigEndian: true);

    private static void Write(Integer value, Span<byte> bigEndian)
    {
        bigEndian.Clear();
        value.TryWriteBytes(bigEndian[^value.GetByteCount(isUnsigned: true)..], out _, isUnsigned: true, isBigEndian: true);
    }

    /// <summary>One number, twice; a class, so that it is let go of at once. No record: those print what they hold.</summary>
    private sealed class Key(BouncyInteger forNonces, Integer forProduct)
    {
        public BouncyInteger ForNonces { get; } = forNonces;

        public Integer ForProduct { get; } = forProduct;
    }
}
