using PolyArb.Simulator.Engine;
using PolyArb.Simulator.Feed;

namespace PolyArb.Simulator.Api;

/// <summary>Past prices of a token (protocol 3): the last one of each period of "fidelity" minutes in which it traded.</summary>
internal sealed class HistoryEndpoint(Exchange exchange)
{
    private const int FidelityMax = 30 * 24 * 60;

    public Answer Read(IQueryCollection query)
    {
        if (query.Text("market") is not { } token) return Answer.Error(400, "Invalid market");

        var now = exchange.Agenda.Now / 1000;
        if (!query.TryNumber("fidelity", 1, out var fidelity) || fidelity is < 1 or > FidelityMax
            || !TrySpan(query, now, out var start, out var end))
        {
            return Answer.Error(400, "Invalid payload");
        }

        (long Time, int Price)[] history = [];
        if (exchange.World.TryToken(token, out var condition, out var index))
        {
            lock (exchange.Gate)
            {
                history = [.. exchange.Prints.Tape.Minutes(condition)
                    .Select(m => (Period: m.Minute / fidelity, m.YesPrice))
                    .Where(m => (m.Period + 1) * fidelity * 60 > start && m.Period * fidelity * 60 <= end)
                    .GroupBy(m => m.Period)
                    .Select(g => (g.Key * fidelity * 60, index == 0 ? g.Last().YesPrice : Units.PriceOne - g.Last().YesPrice))];
            }
        }

        return Answer.Object(json =>
        {
            json.WriteStartArray("history");
            foreach (var (time, price) in history)
            {
                json.WriteStartObject();
                json.WriteNumber("t", time);
                json.WriteDecimal("p", Units.Price(price));
                json.WriteEndObject();
            }

            json.WriteEndArray();
        });
    }

    /// <summary>Either an interval up to now or both ends, in Unix seconds; the official client sends nothing else.</summary>
    private static bool TrySpan(IQueryCollection query, long now, out long start, out long end)
    {
        (start, end) = (0, now);
        return query.Text("interval") switch
        {
            null => query.TryNumber("startTs", -1, out start) && query.TryNumber("endTs", -1, out end) && start >= 0 && end >= start,
            "max" => true,
            "1w" => Since(7 * 24, out start),
            "1d" => Since(24, out start),
            "6h" => Since(6, out start),
            "1h" => Since(1, out start),
            _ => false,
        };

        bool Since(int hours, out long from)
        {
            from = now - hours * 3600L;
            return true;
        }
    }
}
