namespace PolyArb.Polymarket.Signing;

/// <summary>Holds the key and signs digests; nothing else crosses it. Made by <see cref="Signers"/> alone.</summary>
public interface IDigestSigner : IDisposable
{
    EthAddress Address { get; }

    /// <summary>
    /// Writes r, s and v (27 or 28): deterministic (RFC 6979), s in the lower half. Any thread. Throws
    /// <see cref="ObjectDisposedException"/> once disposed.
    /// </summary>
    void Sign(ReadOnlySpan<byte> digest32, Span<byte> signature65);
}
