using PolyArb.Domain.Ports;

namespace PolyArb.Domain.Replay;

/// <summary>One recorded input: number, receive time, connection, kind and the raw text.</summary>
public sealed record CaptureLine(long Sequence, Instant At, string Connection, InputKind Kind, string Text)
{
    /// <summary>
    /// Behind the name of a connection: it follows none of the conditions that the frame is about. The venue tells every connection of each end; the
    /// market heard of it by its own.
    /// </summary>
    public const string Overheard = "!";

    public bool IsOverheard => Connection.EndsWith(Overheard, StringComparison.Ordinal);
}
