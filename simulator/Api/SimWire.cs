using System.Text.Json;
using PolyArb.Simulator.Crypto;
using PolyArb.Simulator.Engine;
using PolyArb.Simulator.Feed;

namespace PolyArb.Simulator.Api;

/// <summary>
/// What reached the exchange and who listens to it, by the port at the other end of the connection: on one host it names the process.
/// </summary>
internal sealed class SimWire(Exchange exchange)
{
    private const int KeptMax = 100_000;

    private readonly Lock _gate = new();
    private readonly Queue<Arrival> _kept = [];
    private long _count;

    /// <summary>
    /// Writes down every order of a request before anything is decided about it: also one that will be refused, or was here before.
    /// What is no order is passed over.
    /// </summary>
    public void Arrived(JsonElement body, int port)
    {
        var at = exchange.Agenda.Now;
        foreach (var one in body.ValueKind is JsonValueKind.Array ? body.EnumerateArray().ToArray() : [body])
        {
            if (OrderBody.Read(one, out _) is not { } order || !exchange.World.TryToken(order.TokenId, out var condition, out _)) continue;

            Keep(Hex.Text(TypedData.OrderDigest(OrderDoor.Domain(condition), order.Order)), at, port);
        }
    }

    /// <summary>[{n, id, at, port}] in the order they came, those after a number; n counts from 1, at is Unix ms. The newest 100,000 are kept.</summary>
    public Answer Arrivals(IQueryCollection query)
    {
        if (!query.TryNumber("after", 0, out var after)) return Answer.Error(400, "after must be a number");

        Arrival[] asked;
        lock (_gate) asked = [.. _kept.Where(arrival => arrival.Number > after)];
        return Answer.Array(asked, (json, arrival) =>
        {
            json.WriteStartObject();
            json.WriteNumber("n", arrival.Number);
            json.WriteString("id", arrival.Id);
            json.WriteNumber("at", arrival.At);
            json.WriteNumber("port", arrival.Port);
            json.WriteEndObject();
        });
    }

    /// <summary>{tokens: {id: [port]}, users: [port]}: the sockets that listen to each token now, and those of the user channel.</summary>
    public Answer Sockets()
    {
        lock (exchange.Gate)
        {
            return Answer.Object(json =>
            {
                json.WriteStartObject("tokens");
                foreach (var (condition, token, sinks) in exchange.Prints.Listening())
                {
                    if (exchange.World.Find(condition) is { } known) Write(json, known.Tokens[token], sinks);
                }

                json.WriteEndObject();
                Write(json, "users", exchange.Users.Sinks(condition: null));
            });
        }
    }

    private static void Write(Utf8JsonWriter json, string name, IEnumerable<IFrameSink> sinks)
    {
        json.WriteStartArray(name);
        foreach (var socket in sinks.OfType<FeedSocket>()) json.WriteNumberValue(socket.Port);
        json.WriteEndArray();
    }

    private void Keep(string id, long at, int port)
    {
        lock (_gate)
        {
            if (_kept.Count == KeptMax) _kept.Dequeue();
            _kept.Enqueue(new Arrival(++_count, id, at, port));
        }
    }

    private readonly record struct Arrival(long Number, string Id, long At, int Port);
}
