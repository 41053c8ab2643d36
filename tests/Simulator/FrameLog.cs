using System.Text;
using PolyArb.Simulator.Engine;
using PolyArb.Simulator.Feed;

namespace PolyArb.Tests.Simulator;

/// <summary>Keeps every frame it hears, as text.</summary>
internal sealed class FrameLog : IFrameSink
{
    public bool Custom => true;

    public List<string> Frames { get; } = [];

    public void Send(byte[] frame) => Frames.Add(Encoding.UTF8.GetString(frame));

    /// <summary>Listens to every token of the exchange from now on.</summary>
    public static FrameLog OfMarkets(Exchange exchange)
    {
        var log = new FrameLog();
        lock (exchange.Gate) exchange.Prints.Add(log, [.. exchange.World.Conditions.SelectMany(c => Both(exchange.MarketOf(c)))]);
        return log;
    }

    private static (Market, int)[] Both(Market market) => [(market, 0), (market, 1)];
}
