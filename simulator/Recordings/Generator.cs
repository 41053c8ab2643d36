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
        // The first line names every market, so where some are listed on the way it takes a first run to know them.
        var known = scenario.Series.Count > 0 ? Write(Stream.Null, [], seed, frames, scenario, stop) : World(seed, scenario);
        Write(stream, known.Conditions, seed, frames, scenario, stop);
    }

    private static ExchangeWorld Write(
        Stream stream, IReadOnlyList<Condition> header, ulong seed, long frames, Scenario scenario, CancellationToken stop)
    {
        var clock = new VirtualClock(StartMs);
        var exchange = new Exchange(World(seed, scenario), seed, clock);
        ScenarioFlow.Start(exchange, seed, scenario);
        var writer = new CaptureWriter(stream, exchange.Agenda, frames);
        writer.Header(header);
        var subscribed = 0;
        while (!writer.Full)
        {
            stop.ThrowIfCancellationRequested();
            if (exchange.World.Conditions.Count > subscribed) subscribed = Subscribe(exchange, writer, subscribed);
            else if (!exchange.Agenda.RunNext(clock, long.MaxValue)) throw new InvalidOperationException("Nothing will ever happen again.");
        }

        writer.Flush();
        return exchange.World;
    }

    private static ExchangeWorld World(ulong seed, Scenario scenario) =>
        WorldBuilder.Build(seed, scenario, DateTimeOffset.FromUnixTimeMilliseconds(StartMs));

    /// <summary>Adds the tokens of conditions from one on; returns how many conditions there are.</summary>
    private static int Subscribe(Exchange exchange, CaptureWriter writer, int from)
    {
        lock (exchange.Gate)
        {
            var conditions = exchange.World.Conditions;
            exchange.Prints.Add(writer, [.. conditions.Skip(from).SelectMany(c => Both(exchange.MarketOf(c)))]);
            return conditions.Count;
        }
    }

    private static (Market, int)[] Both(Market market) => [(market, 0), (market, 1)];
}
