using System.Collections.Immutable;
using Microsoft.Extensions.Logging;
using PolyArb.Domain;
using PolyArb.Domain.Orders;
using PolyArb.Domain.Ports;

namespace PolyArb.Grains;

/// <summary>
/// Asks about orders the venue once had and no longer knows, until they turn up or <see cref="MissedEnds"/> has proof that they have
/// ended: with what matched of them, and the rest of their money is free.
/// </summary>
/// <param name="isOnTheWire">True while the answer to an order's request may still come.</param>
/// <param name="observe">Takes what was found.</param>
internal sealed partial class MissedEndRounds(
    GatewayBooks books, IVenue venue, Func<OrderId, bool> isOnTheWire, Func<ImmutableArray<OrderEvent>, Task> observe, TimeProvider time, ILogger logger)
{
    private readonly MissedEnds _ends = new();

    /// <summary>Asked for by its id, it was answered empty.</summary>
    public void Suspect(OrderId order) => _ends.Suspect(order);

    /// <summary>Call every moment, one at a time: a round when one is due.</summary>
    public async Task Tick()
    {
        var asked = _ends.Due(books.Blotter.Unfinished.Where(order => !isOnTheWire(order.Id)), time.Now());
        if (asked.IsEmpty) return;

        if (await OrderAnswers.Ask(venue, asked) is not { } said)
        {
            _ends.Break(time.Now());
            return;
        }

        if (!said.News.IsEmpty) await observe(said.News); // Its trades before its end.
        var unchanged = asked.Where(order => ReferenceEquals(books.Blotter.Find(order.Id), order)).ToImmutableArray();
        var over = _ends.Count(unchanged, said.Known, time.Now());
        foreach (var order in over) LogOver(logger, order);
        if (!over.IsEmpty) await observe([.. over.Select(order => new OrderEvent.Canceled(order, "the venue no longer knows it"))]);
    }

    [LoggerMessage(LogLevel.Warning, "The venue no longer knows order {Order}, whose end we missed: it ends with what matched of it")]
    private static partial void LogOver(ILogger logger, OrderId order);
}
