using System.Text.Json;
using PolyArb.Simulator.Engine;
using PolyArb.Simulator.Feed;

namespace PolyArb.Tests.Simulator;

/// <summary>What one subscriber of the exchange is told.</summary>
internal sealed class Heard
{
    private readonly FrameLog _log = new();
    private int _seen;

    /// <summary>The user channel of one of the venue's people.</summary>
    public static Heard User(Exchange exchange, string name)
    {
        var heard = new Heard();
        lock (exchange.Gate) exchange.Users.Add(new UserSubscription(heard._log, Venue.Key(name), []));
        return heard;
    }

    /// <summary>The market channel of both tokens, with the enhanced events.</summary>
    public static Heard Market(Exchange exchange, Market market)
    {
        var heard = new Heard();
        lock (exchange.Gate)
        {
            for (var token = 0; token < 2; token++) exchange.Prints.Add(heard._log, market, token);
        }

        return heard;
    }

    /// <summary>Every frame since the last time, in order.</summary>
    public IReadOnlyList<JsonElement> SoFar()
    {
        var frames = _log.Frames.Skip(_seen).Select(Parse).ToArray();
        _seen += frames.Length;
        return frames;
    }

    private static JsonElement Parse(string frame)
    {
        using var json = JsonDocument.Parse(frame);
        return json.RootElement.Clone();
    }
}
