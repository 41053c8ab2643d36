using System.Text.Json.Serialization;
using PolyArb.Domain.Edges;
using PolyArb.Domain.Ports;

namespace PolyArb.Domain.Replay;

/// <summary>An input of one desk that is not a frame, as it is recorded.</summary>
public sealed record OwnedInput(MarketId Owner, DeskInput Input)
{
    public static InputKind KindOf(DeskInput input) => input switch
    {
        DeskInput.Opened or DeskInput.Shut or DeskInput.Drain => InputKind.Params,
        DeskInput.Tick => InputKind.Timer,
        _ => InputKind.Answer,
    };
}

/// <summary>One batch applied by one desk: which inputs, at what clock, and what came of it.</summary>
/// <param name="Digest">The first 16 hex digits of the desk's chain after the turn.</param>
public sealed record RecordedTurn(
    [property: JsonPropertyName("turn")] long Number, string Owner, long First, long Last, Instant Now, string Digest, DeskDecision? Decision);
