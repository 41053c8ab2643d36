namespace PolyArb.Domain.Replay;

/// <summary>Inputs that were taken and are not in the recording: what stands in their place, under the last one's number.</summary>
/// <param name="Lost">How many, this one's number included.</param>
public sealed record RecordedLoss(long Lost, long First, long Last)
{
    /// <summary>What its text begins with.</summary>
    public const string Begin = "{\"lost\"";

    /// <summary>What such rows have in place of a connection.</summary>
    public const string Connection = "recorder";
}
