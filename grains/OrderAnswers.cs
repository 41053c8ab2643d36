using System.Collections.Immutable;
using PolyArb.Domain;
using PolyArb.Domain.Orders;
using PolyArb.Domain.Ports;

namespace PolyArb.Grains;

/// <summary>What the venue says of some of our orders: by their ids, among the open ones, and in the trades since the oldest of them.</summary>
/// <param name="Known">Those it knows by their id or has among the open ones.</param>
/// <param name="Traded">Those that its trades name.</param>
internal sealed record OrderAnswers(ImmutableHashSet<OrderId> Known, ImmutableHashSet<OrderId> Traded, ImmutableArray<OrderEvent> News)
{
    private static readonly TimeSpan Overlap = TimeSpan.FromSeconds(30); // The venue's clock and ours.

    /// <summary>Null when any answer is missing.</summary>
    public static async Task<OrderAnswers?> Ask(IVenue venue, ImmutableArray<Order> asked)
    {
        var ids = asked.Select(order => order.Id).ToHashSet();
        var found = new List<VenueOrder>();
        foreach (var id in ids)
        {
            if (await venue.Order(id, CancellationToken.None) is not VenueAnswer<VenueOrder?>.Ok(var order)) return null;
            if (order is not null) found.Add(order);
        }

        if (await venue.OpenOrders(CancellationToken.None) is not VenueAnswer<ImmutableArray<VenueOrder>>.Ok(var open)) return null;
        found.AddRange(open.Where(order => ids.Contains(order.Id)));

        var since = Instant.FromMillis(asked.Min(order => order.Intent.TimestampMs)) + -Overlap;
        if (await venue.TradesSince(since, CancellationToken.None) is not VenueAnswer<ImmutableArray<Fill>>.Ok(var fills)) return null;
        var ours = fills.Where(fill => ids.Contains(fill.Order)).ToArray();
        return new OrderAnswers(
            [.. found.Select(order => order.Id)], [.. ours.Select(fill => fill.Order)],
            [.. found.SelectMany(order => order.News()), .. ours.Select(fill => new OrderEvent.Filled(fill))]);
    }
}
