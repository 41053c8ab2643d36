using System.Text;
using PolyArb.Domain;
using PolyArb.Domain.Edges;
using PolyArb.Domain.Journal;
using PolyArb.Domain.Ports;
using PolyArb.Domain.Replay;

namespace PolyArb.Grains;

/// <summary>Keeps what a desk consumed and decided, turn by turn, so that a replay can do the same.</summary>
public sealed class TurnRecorder(IFrameTap tap)
{
    private const string Connection = "desk";

    /// <summary>Records an input that is not a frame; returns its number and the text it is known by.</summary>
    public (long Sequence, string Text) Input(MarketId owner, DeskInput input, Instant now)
    {
        var text = DomainJson.Write(new OwnedInput(owner, input));
        return (tap.Take(OwnedInput.KindOf(input), Connection, Encoding.UTF8.GetBytes(text), now), text);
    }

    public void Turn(MarketDesk desk, long first, long last, Instant now, DeskDecision? decision)
    {
        var turn = new RecordedTurn(desk.Turns, desk.Market.Id.Text, first, last, now, desk.Digest.Brief, decision);
        tap.Take(InputKind.Turn, Connection, () => DomainJson.Write(turn), decision is null ? 200 : 2_000, now);
    }
}
