using PolyArb.Simulator.Engine;
using PolyArb.Simulator.Feed;
using PolyArb.Simulator.World;

namespace PolyArb.Simulator.Faults;

/// <summary>What goes wrong on the user channel (protocol 5.3, 10.9). Call it with the exchange's lock held.</summary>
internal sealed class UserFaults(FaultBoard board, Agenda agenda)
{
    private long _due;
    private int _waiting;

    public string Word(BookOrder order, string status) => OddStatus.Event(board, order, status);

    public string Word(TradeRecord trade) => OddStatus.Trade(board, trade);

    /// <summary>
    /// True when a frame is on its way already: half the window's length later than it should be, and never before one that was said
    /// earlier. What comes after the window waits for what still is on its way.
    /// </summary>
    public bool Delays(IFrameSink to, Condition condition, byte[] frame)
    {
        var late = board.Feel(FaultKind.LateUserEvents, condition) is { } window ? window.Fault.DurationMs / 2 : 0;
        if (late == 0 && _waiting == 0) return false;

        var now = agenda.Now;
        _due = Math.Max(_due, now + late);
        _waiting++;
        agenda.In(_due - now, () =>
        {
            _waiting--;
            to.Send(frame);
        });
        return true;
    }
}
