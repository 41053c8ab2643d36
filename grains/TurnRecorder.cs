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

    /// <summary>Desks that begin anew ask for snapshots: never all of them at once.</summary>
    private static readonly TimeSpan Apart = TimeSpan.FromSeconds(1);

    private readonly Lock _gate = new();
    private Instant _next;

    /// <summary>True when a desk that was opened at this number should begin anew now: what it began with will not be in the recording for long.</summary>
    public bool IsDue(long opened, Instant now)
    {
        if (opened > tap.Horizon) return false;

        lock (_gate)
        {
            if (now < _next) return false;

            _next = now + Apart;
            return true;
        }
    }

    /// <summary>Records an input that is not a frame; returns its number and the text it is known by.</summary>
    public (long Sequence, string Text) Input(MarketId owner, DeskInput input, Instant now)
    {
        var text = DomainJson.Write(new OwnedInput(owner, input));
        return (tap.Take(OwnedInput.KindOf(input), Connection, Encoding.UTF8.GetBytes(text), now), text);
    }

    public void Turn(MarketDesk desk, long first, long last, Instant now, DeskDecision? decision)
    {
        if (!tap.IsKept) return;

        var turn = new LateTurn(desk.Turns, desk.Market.Id.Text, first, last, now, desk.Digest.Link, decision);
        tap.Take(InputKind.Turn, Connection, turn.Text, decision is null ? 200 : 2_000, now);
    }

    /// <summary>A turn whose text the recorder's writer makes: nothing in it changes any more.</summary>
    private sealed class LateTurn(long number, string owner, long first, long last, Instant now, ulong link, DeskDecision? decision)
    {
        public string Text() => DomainJson.Write(new RecordedTurn(number, owner, first, last, now, DecisionDigest.BriefOf(link), decision));
    }
}
