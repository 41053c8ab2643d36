using PolyArb.Simulator.Engine;
using PolyArb.Simulator.World;

namespace PolyArb.Simulator.Flow;

/// <summary>
/// Makes the books change so many times a second, whoever changes them: every few milliseconds it lets quoters act until the books have
/// changed as often as they should have. A book's time rises a millisecond a change, so 1000 a second is the most one condition can bear.
/// </summary>
internal sealed class Pace(Exchange exchange, IReadOnlyList<Quoter> quoters, Burst? burst, int changesPerSecond, int speedPercent, ulong seed)
{
    private const int EveryMs = 5;
    private const long LateMaxMs = 200; // A crowd that was held up does not make up for more than this.
    private const int Whole = 100_000; // A change is owed after so many percent-milliseconds at one change a second.

    private readonly SeededRandom _random = new(seed);
    private long _start;
    private long _last;
    private long _owed;

    public void Start()
    {
        _start = _last = exchange.Agenda.Now;
        exchange.Agenda.In(EveryMs, Act);
    }

    private void Act()
    {
        var now = exchange.Agenda.Now;
        if (!exchange.Halted && quoters.Count > 0)
        {
            _owed += Math.Min(now - _last, LateMaxMs) * changesPerSecond * speedPercent * Factor(now);
            var before = exchange.Changes;
            var due = _owed / Whole;
            for (var tries = 0; exchange.Changes - before < due && tries < 4 * due + 4; tries++) Repair(quoters[_random.Between(0, quoters.Count - 1)]);

            _owed -= (exchange.Changes - before) * Whole;
            if (_owed >= Whole) _owed = 0; // The books cannot change: closed, or taken from while mispriced.
        }

        _last = now;
        exchange.Agenda.In(EveryMs, Act);
    }

    /// <summary>A ladder that gives money away is mended before somebody else's turn.</summary>
    private static void Repair(Quoter quoter)
    {
        quoter.Act();
        for (var i = 0; i < 8 && quoter.Urgent; i++) quoter.Act();
    }

    private int Factor(long now)
    {
        if (burst is not { } rush) return 1;

        var into = (now - _start) * speedPercent / 100 % (rush.EverySeconds * 1_000L);
        return into >= (rush.EverySeconds - rush.LastsSeconds) * 1_000L ? rush.Times : 1;
    }
}
