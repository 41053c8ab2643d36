using System.Globalization;
using PolyArb.Simulator.Engine;
using PolyArb.Simulator.Feed;

namespace PolyArb.Simulator.Api;

/// <summary>
/// One notification for each trade of a key until it drops it (protocol 7.9). What the payload of a fill holds is not documented; here it is
/// the trade as /data/trades has it.
/// </summary>
internal sealed class NotificationEndpoints(Exchange exchange)
{
    private const int Fill = 2; // 1 cancel, 2 fill, 3 market registered, 4 resolved (docs.polymarket.com, notifications).

    private readonly Dictionary<string, HashSet<int>> _dropped = new(StringComparer.Ordinal);

    /// <summary>An id is the trade's number among those of the key, from 1 on.</summary>
    public Answer List(ApiKey key)
    {
        lock (exchange.Gate)
        {
            var dropped = _dropped.GetValueOrDefault(key.Key);
            var trades = exchange.TradesOf(key.Key).Select((trade, i) => (Trade: trade, Id: i + 1)).Where(t => dropped?.Contains(t.Id) is not true);
            return Answer.Array(trades.Reverse(), (json, entry) =>
            {
                json.WriteStartObject();
                json.WriteNumber("id", entry.Id);
                json.WriteNumber("type", Fill);
                json.WriteString("owner", key.Key);
                json.WriteStartObject("payload");
                UserText.TradeFields(json, entry.Trade, key.Key, entry.Trade.Taker.Owner == key.Key ? "TAKER" : "MAKER", isRead: true);
                json.WriteEndObject();
                json.WriteNumber("timestamp", entry.Trade.MatchedAt / 1000);
                json.WriteEndObject();
            });
        }
    }

    /// <summary>Drops those named, or all when none is named.</summary>
    public Answer Drop(ApiKey key, IQueryCollection query)
    {
        lock (exchange.Gate)
        {
            var count = exchange.TradesOf(key.Key).Count();
            List<int> ids = [];
            foreach (var text in query.Text("ids")?.Split(',') ?? [])
            {
                if (!int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var id)) return Answer.Error(400, "Invalid payload");
                if (id >= 1 && id <= count) ids.Add(id);
            }

            if (!_dropped.TryGetValue(key.Key, out var dropped)) _dropped.Add(key.Key, dropped = []);
            dropped.UnionWith(query.Text("ids") is null ? Enumerable.Range(1, count) : ids);
            return Answer.Ok;
        }
    }
}
