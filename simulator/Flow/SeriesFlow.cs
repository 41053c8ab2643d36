using PolyArb.Simulator.Engine;
using PolyArb.Simulator.World;

namespace PolyArb.Simulator.Flow;

/// <summary>
/// Up-or-down rounds of one asset: when a round's life is over it closes, the next one is listed in the same moment, and a while later the
/// old one is resolved. The likelier outcome by the last fair value wins more often.
/// </summary>
internal sealed class SeriesFlow(Exchange exchange, MarketFlow crowd, SeriesListing series, ulong seed, int speedPercent)
{
    private readonly SeededRandom _random = new(seed ^ 0x5E71E5);
    private int _round;

    /// <summary>The first round is listed with the world. Call with the exchange's lock held.</summary>
    public void Start() => Trade(WorldBuilder.OfSeries(seed, series, 0));

    private void Trade(Condition condition) => exchange.Agenda.In(Scaled(series.LifeSeconds), () => Replace(condition));

    private void Replace(Condition old)
    {
        var upChance = crowd.Leave(old) / 10;
        exchange.Life.Close(old);
        exchange.Agenda.In(Scaled(series.ResolveSeconds), () => exchange.Life.Resolve(old, _random.Chance(upChance) ? 0 : 1));

        var next = WorldBuilder.OfSeries(seed, series, ++_round);
        exchange.Life.List(next);
        crowd.Join(next);
        Trade(next);
    }

    private int Scaled(int seconds) => Math.Max(1, checked((int)(seconds * 100_000L / speedPercent)));
}
