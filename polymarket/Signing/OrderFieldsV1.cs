using PolyArb.Domain;

namespace PolyArb.Polymarket.Signing;

/// <summary>
/// The twelve signed fields of an order of the first generation (protocol sheet 7.5). The venue takes none since April 2026:
/// these are for reading old orders and verifying their ids.
/// </summary>
public sealed record OrderFieldsV1
{
    public required long Salt { get; init; }

    public required WrittenAddress Maker { get; init; }

    public required WrittenAddress Signer { get; init; }

    /// <summary>Who may take it; the zero address: anybody.</summary>
    public required WrittenAddress Taker { get; init; }

    public required string TokenId { get; init; }

    public required long MakerAmount { get; init; }

    public required long TakerAmount { get; init; }

    /// <summary>Seconds of Unix time; 0 unless GTD. Signed here, unlike in later generations.</summary>
    public required long ExpirationSeconds { get; init; }

    public required long Nonce { get; init; }

    public required long FeeRateBps { get; init; }

    public required Side Side { get; init; }

    /// <summary>0 EOA, 1 proxy, 2 Safe.</summary>
    public required int SignatureType { get; init; }
}
