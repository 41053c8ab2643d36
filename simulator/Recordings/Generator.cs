using PolyArb.Simulator.Engine;
using PolyArb.Simulator.Flow;
using PolyArb.Simulator.World;

namespace PolyArb.Simulator.Recordings;

/// <summary>Runs an exchange and its crowd in simulated time and writes what one subscriber to every token hears.</summary>
internal static class Generator
{
    private const long StartMs = 1_767_225_600_000; // 2026-01-01T00:00:00Z: every capture begins on the same morning.

    /// <summary>Writes exactly this many frames. Throws <see cref="IOException"/> or <see cref="UnauthorizedAccessException"/>.</summary>
    public static void Run(string file, ulong seed, long frames, Scenario scenario, CancellationToken stop)
    {
        using var stream = CaptureFile.Create(file);
        var clock = new VirtualClock(StartMs);
        var exchange = new Exchange(WorldBuilder.Build(seed, scenario, clock.GetUtcNow()), seed, clock);
        new MarketFlow(exchange, seed, speedPercent: 100, scenario.Flow).Start(quiet: false);
        var writer = new CaptureWriter(stream, exchange.Agenda, frames);
        writer.Header(exchange);
        lock (exchange.Gate) exchange.Prints.Add(writer, [.. exchange.World.Conditions.SelectMany(c => Both(exchange.MarketOf(c)))]);
        while (!writer.Full)
        {
            stop.ThrowIfCancellationRequested();
            if (!exchange.Agenda.RunNext(clock, long.MaxValue)) throw new InvalidOperationException("Nothing will ever happen again.");
        }

        writer.Flush();
    }

    private static (Market, int)[] Both(Market market) => [(market, 0), (market, 1)];
}
