using PolyArb.Domain.Ports;

namespace PolyArb.Domain.Replay;

/// <summary>One recorded input as a reader streams it: number, receive time, kind, the raw text and the connection.</summary>
/// <param name="Text">In a buffer that is used again: good until the next input is asked for.</param>
public readonly record struct RecordedInput(long Sequence, Instant At, InputKind Kind, ReadOnlyMemory<byte> Text, string Connection = "");
