using System.Text;
using System.Text.Json;
using PolyArb.Simulator.Engine;
using PolyArb.Simulator.Feed;

namespace PolyArb.Simulator.Api;

/// <summary>
/// The subscriber's side of /ws/market (protocol 4.1). The first frame and later ones are read alike; any superset of the documented
/// keys is taken: either spelling of the type, with or without an operation or markets. A subscribe answers the new tokens' books as one
/// array unless it says "initial_dump":false, whose meaning is not documented. Unknown and ended tokens are passed over in silence.
/// </summary>
internal sealed class MarketSocket(Exchange exchange, FeedSocket socket)
{
    /// <summary>False ends the socket; text that is no JSON object is ignored, as the venue has no error frame.</summary>
    public bool Read(string text)
    {
        if (JsonRead.TryParse(Encoding.UTF8.GetBytes(text), out var frame) && frame.ValueKind is JsonValueKind.Object) Apply(frame);
        return true;
    }

    public void Leave()
    {
        lock (exchange.Gate) exchange.Prints.Remove(socket);
    }

    private void Apply(JsonElement frame)
    {
        var leaves = frame.Field("operation") == "unsubscribe";
        var tokens = Names(frame, "assets_ids");
        lock (exchange.Gate)
        {
            if (frame.Flag("custom_feature_enabled") is { } custom) socket.Custom = custom;
            if (leaves) Unsubscribe(tokens);
            else Subscribe(tokens, dump: frame.Flag("initial_dump") is not false);
        }
    }

    private void Subscribe(IReadOnlyList<string> tokens, bool dump)
    {
        List<(Market, int)> known = [];
        foreach (var token in tokens)
        {
            if (!exchange.World.TryToken(token, out var condition, out var index)) continue;
            if (exchange.MarketOf(condition) is { IsClosed: false } market) known.Add((market, index));
        }

        exchange.Prints.Add(socket, known, dump);
    }

    private void Unsubscribe(IReadOnlyList<string> tokens)
    {
        foreach (var token in tokens)
        {
            if (exchange.World.TryToken(token, out var condition, out var index))
            {
                exchange.Prints.Remove(socket, exchange.MarketOf(condition), index);
            }
        }
    }

    public static IReadOnlyList<string> Names(JsonElement frame, string property) =>
        frame.TryGetProperty(property, out var list) && list.ValueKind is JsonValueKind.Array
            ? [.. list.EnumerateArray().Where(v => v.ValueKind is JsonValueKind.String).Select(v => v.GetString()!)]
            : [];
}
