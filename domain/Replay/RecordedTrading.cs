using System.Collections.Immutable;
using System.Text.Json;
using PolyArb.Domain.Edges;
using PolyArb.Domain.Journal;
using PolyArb.Domain.Orders;
using PolyArb.Domain.Ports;
using PolyArb.Domain.Risk;
using PolyArb.Domain.Simulation;

namespace PolyArb.Domain.Replay;

/// <summary>
/// What a recording tells of our own orders: how each stood in the news that its desk heard last, its trades as the portfolio heard of
/// them, and how long requests took. No journal is needed, so a copy or an export of the recording serves as well.
/// </summary>
public sealed class RecordedTrading
{
    private readonly Dictionary<OrderId, LegNews> _orders = [];
    private readonly Dictionary<OrderId, Dictionary<TradeId, Fill>> _fills = [];
    private readonly ImmutableArray<TimeSpan>.Builder _roundTrips = ImmutableArray.CreateBuilder<TimeSpan>();

    /// <summary>Every order of which the recording has the whole story, oldest first.</summary>
    public ImmutableArray<RecordedOrder> Orders =>
        [.. _orders.Values.Select(order => RecordedOrder.Of(order, _fills.TryGetValue(order.Id, out var fills) ? fills.Values : [])).OfType<RecordedOrder>().OrderBy(order => order.PlacedAt)];

    /// <summary>Orders that were seen, whatever became of them.</summary>
    public int Seen => _orders.Count;

    /// <summary>From sending orders to the venue's answer, one for each request that was answered.</summary>
    public ImmutableArray<TimeSpan> RoundTrips => _roundTrips.ToImmutable();

    /// <summary>One recorded input, in its order. A row that cannot be read tells nothing.</summary>
    public void Read(in RecordedInput input)
    {
        var text = input.Text.Span;
        try
        {
            if (input.Kind is InputKind.Answer && text.IndexOf("{\"case\":\"News\""u8) >= 0)
            {
                if (DomainJson.Read<OwnedInput>(text).Input is DeskInput.News news) Hear(news);
            }
            else if (input.Kind is InputKind.Call && (text.StartsWith("{\"case\":\"Settle\""u8) || text.StartsWith("{\"case\":\"Check\""u8)))
            {
                Hear(DomainJson.Read<PortfolioCall>(text));
            }
        }
        catch (JsonException)
        {
            // Simulating counts those.
        }
    }

    private void Hear(DeskInput.News news)
    {
        foreach (var order in news.Baskets.SelectMany(basket => basket.Orders)) _orders[order.Id] = order;
    }

    private void Hear(PortfolioCall call)
    {
        switch (call)
        {
            case PortfolioCall.Settle(_, var settlements):
                foreach (var settlement in settlements) Hear(settlement.Fill);
                break;
            case PortfolioCall.Check(_, var signs):
                _roundTrips.AddRange(signs.Answers.Where(answer => answer.Orders > 0 && answer.At >= answer.SentAt).Select(answer => answer.At - answer.SentAt));
                break;
        }
    }

    /// <summary>A trade comes once for each status; it happened when it was first told.</summary>
    private void Hear(Fill fill)
    {
        if (!_fills.TryGetValue(fill.Order, out var fills)) _fills.Add(fill.Order, fills = []);
        fills[fill.Trade] = fills.TryGetValue(fill.Trade, out var before) && before.At < fill.At ? fill with { At = before.At } : fill;
    }
}
