using PolyArb.Simulator.Engine;
using PolyArb.Simulator.World;

namespace PolyArb.Simulator.Flow;

/// <summary>Everything that moves in a scenario.</summary>
internal static class ScenarioFlow
{
    /// <summary>Puts the opening books up and, unless it is to be quiet, schedules the rest.</summary>
    public static MarketFlow Start(Exchange exchange, ulong seed, Scenario scenario, int speedPercent = 100, bool quiet = false)
    {
        var crowd = new MarketFlow(exchange, seed, speedPercent, scenario.Flow);
        crowd.Start(quiet);
        if (quiet || !scenario.Flow.Moves) return crowd;

        lock (exchange.Gate)
        {
            foreach (var series in scenario.Series) new SeriesFlow(exchange, crowd, series, seed, speedPercent).Start();
        }

        return crowd;
    }
}
