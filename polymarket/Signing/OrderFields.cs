using PolyArb.Domain;

namespace PolyArb.Polymarket.Signing;

/// <summary>
/// The eleven signed fields of an order of the second and third generation (protocol sheet 7.1). Amounts in millionths, time
/// in milliseconds of Unix time.
/// </summary>
public sealed record OrderFields
{
    /// <summary>32 zero bytes.</summary>
    public const string Zero32 = "0x0000000000000000000000000000000000000000000000000000000000000000";

    /// <summary>Below 2^53: it travels as a JSON number.</summary>
    public required long Salt { get; init; }

    /// <summary>The wallet that holds the funds.</summary>
    public required WrittenAddress Maker { get; init; }

    /// <summary>The key's own address; the wallet itself for signature type 3.</summary>
    public required WrittenAddress Signer { get; init; }

    public required string TokenId { get; init; }

    public required long MakerAmount { get; init; }

    public required long TakerAmount { get; init; }

    public required Side Side { get; init; }

    /// <summary>0 EOA, 1 proxy, 2 Safe, 3 deposit wallet.</summary>
    public required int SignatureType { get; init; }

    public required long TimestampMs { get; init; }

    public string Metadata { get; init; } = Zero32;

    public string Builder { get; init; } = Zero32;
}
