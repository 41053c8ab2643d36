using System.Globalization;
using System.Text.Json;
using PolyArb.Simulator.Engine;
using PolyArb.Simulator.Faults;
using PolyArb.Simulator.Feed;

namespace PolyArb.Simulator.Api;

/// <summary>
/// The dead-man switch (protocol 7.10): armed by a key's first heartbeat. A sweep every 5 s cancels the key's orders when the last one is
/// 10 s old.
/// </summary>
internal sealed class Heartbeats(Exchange exchange)
{
    private const long SilenceMs = 10_000;
    private const long SweepMs = 5_000;

    private readonly Dictionary<string, (string Expected, long At)> _beats = new(StringComparer.Ordinal);
    private long _count;

    /// <summary>Call once: keeps sweeping.</summary>
    public void Start()
    {
        exchange.Faults.OnAct(FaultKind.HeartbeatExpiry, (_, _) => Expire());
        lock (exchange.Gate) exchange.Agenda.In(SweepMs, Sweep);
    }

    /// <summary>The first one is "" or null, each later one the id answered before.</summary>
    public Answer Beat(ApiKey key, JsonElement body)
    {
        if (body.ValueKind is not JsonValueKind.Object || !body.TryGetProperty("heartbeat_id", out var given))
        {
            return Answer.Error(400, "Invalid payload");
        }

        lock (exchange.Gate)
        {
            var expected = _beats.GetValueOrDefault(key.Key).Expected ?? "";
            if ((given.AsText() ?? "") != expected)
            {
                return Answer.Object(json =>
                {
                    json.WriteString("error_msg", "Invalid Heartbeat ID");
                    json.WriteString("heartbeat_id", expected);
                }) with
                { Status = 400 };
            }

            var next = exchange.Ids.Uuid("heartbeat", ++_count);
            _beats[key.Key] = (next, exchange.Agenda.Now);
            return Answer.Object(json => json.WriteString("heartbeat_id", next));
        }
    }

    /// <summary>The heartbeat of older clients: it counts, and the next id expected is none.</summary>
    public Answer Legacy(ApiKey key)
    {
        lock (exchange.Gate) _beats[key.Key] = ("", exchange.Agenda.Now);
        return Answer.Object(json => json.WriteString("status", "ok"));
    }

    private void Sweep()
    {
        foreach (var (key, (_, at)) in _beats)
        {
            if (exchange.Agenda.Now - at >= SilenceMs) CancelAll(key);
        }

        exchange.Agenda.In(SweepMs, Sweep);
    }

    /// <summary>As if every armed key had been silent for too long.</summary>
    private string Expire() => string.Create(
        CultureInfo.InvariantCulture, $"{_beats.Count} keys armed, {_beats.Keys.Sum(CancelAll)} orders canceled");

    private int CancelAll(string key) => exchange.OpenOrders(key).Count(order => exchange.Cancel(order));
}
