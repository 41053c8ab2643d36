using PolyArb.Simulator.Engine;
using PolyArb.Simulator.World;

namespace PolyArb.Simulator.Flow;

/// <summary>
/// The crowd. Its choices come from the seed; when they fall depends on the clock and on what outsiders do. At normal speed all
/// conditions together change about 150 times a second.
/// </summary>
internal sealed class MarketFlow(Exchange exchange, ulong seed, int speedPercent)
{
    private readonly SeededRandom _random = new(seed ^ 0xF10F);

    /// <summary>Puts the opening books up and, unless it is to be quiet, schedules everything else.</summary>
    public void Start(bool quiet)
    {
        lock (exchange.Gate)
        {
            var house = new House(exchange);
            Dictionary<string, Quoter> quoters = [];
            foreach (var condition in exchange.World.Conditions)
            {
                var quoter = new Quoter(exchange, house, condition, new SeededRandom(_random.Next()));
                quoters.Add(condition.Id, quoter);
                while (quoter.Urgent) quoter.Act();
            }

            if (quiet) return;

            foreach (var quoter in quoters.Values) Later(1, 300, () => Walk(quoter));

            foreach (var conditions in exchange.World.Events)
            {
                var market = new EventFlow([.. conditions.Select(c => quoters[c.Id])], new SeededRandom(_random.Next()));
                Later(300, 900, () => Drift(market));
                Later(1_500, 6_000, () => Misprice(market));
            }
        }
    }

    private void Walk(Quoter quoter)
    {
        if (!exchange.Halted)
        {
            quoter.Act();
            if (!quoter.Condition.NegRisk && _random.Chance(80)) Wander(quoter);
        }

        if (quoter.Urgent && !exchange.Halted) Later(4, 12, () => Walk(quoter));
        else Later(160, 460, () => Walk(quoter));
    }

    private void Wander(Quoter quoter)
    {
        var by = _random.Chance(500) ? quoter.Step : -quoter.Step;
        if (quoter.CanDrift(by)) quoter.Drift(by);
    }

    private void Drift(EventFlow market)
    {
        if (!exchange.Halted && !market.Mispriced) market.Drift();
        Later(300, 900, () => Drift(market));
    }

    private void Misprice(EventFlow market)
    {
        if (!exchange.Halted) market.Misprice();
        var ends = exchange.Agenda.Now + Scaled(_random.Between(1_000, 4_000));
        Later(50, 50, () => Watch(market, ends));
    }

    /// <summary>The quotes go back to fair when their time is over, or a while after somebody took from them.</summary>
    private void Watch(EventFlow market, long ends)
    {
        if (exchange.Agenda.Now < ends && !market.Taken)
        {
            Later(50, 50, () => Watch(market, ends));
            return;
        }

        Later(market.Taken ? 300 : 1, market.Taken ? 800 : 1, () =>
        {
            market.Restore();
            Later(2_500, 7_000, () => Misprice(market));
        });
    }

    private void Later(int lowMs, int highMs, Action action) => exchange.Agenda.In(Scaled(_random.Between(lowMs, highMs)), action);

    private int Scaled(int milliseconds) => Math.Max(1, milliseconds * 100 / speedPercent);
}
