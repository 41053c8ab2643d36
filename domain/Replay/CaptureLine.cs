using PolyArb.Domain.Ports;

namespace PolyArb.Domain.Replay;

/// <summary>One recorded input: number, receive time, connection, kind and the raw text.</summary>
public sealed record CaptureLine(long Sequence, Instant At, string Connection, InputKind Kind, string Text);
