namespace PolyArb.Domain.Replay;

/// <summary>What is known of a day's books by the venue's own hashes. Proven is only what was compared and held.</summary>
/// <param name="Unknown">Could not be compared: something that the hash is made of was not known.</param>
/// <param name="Unchecked">Changes that nobody compared, as nothing was to be traded on them.</param>
public sealed record ProofsMade(long Ok, long Failed, long Unknown, long Unchecked)
{
    public static ProofsMade Of(Coverage coverage) => new(coverage.Proofs.Ok, coverage.Proofs.Failed, coverage.Proofs.Unknown, coverage.Unchecked);
}
