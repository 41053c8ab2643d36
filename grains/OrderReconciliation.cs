using System.Collections.Immutable;
using Microsoft.Extensions.Logging;
using PolyArb.Domain;
using PolyArb.Domain.Journal;
using PolyArb.Domain.Orders;
using PolyArb.Domain.Ports;
using PolyArb.Domain.Risk;
using PolyArb.Grains.Interfaces;

namespace PolyArb.Grains;

/// <summary>The venue's open orders and trades against our blotter: what we had not heard becomes news, what is not ours stops trading.</summary>
/// <param name="observe">Takes what the venue knows about our orders.</param>
/// <param name="suspect">Told of an order that the venue should know and does not.</param>
/// <param name="trip">Stops trading, for this reason.</param>
internal sealed partial class OrderReconciliation(
    GatewayBooks books, IVenue venue, Func<ImmutableArray<OrderEvent>, Task> observe, Action<OrderId> suspect, Func<string, Task> trip, TimeProvider time,
    ILogger logger)
{
    private static readonly TimeSpan Overlap = TimeSpan.FromMinutes(10);

    private readonly HashSet<OrderId> _strangers = [];
    private Instant? _tradesSince;

    /// <summary>Null when all of it was read, else what was not.</summary>
    public async Task<string?> Read(ReconcileRound round) => await ReadOrders(round) ?? await ReadTrades(round);

    /// <summary>Open orders: ours as the venue has them, ours that it no longer has, and those nobody here has placed.</summary>
    private async Task<string?> ReadOrders(ReconcileRound round)
    {
        var unfinished = books.Blotter.Unfinished.Select(order => order.Id).ToHashSet();
        if (await venue.OpenOrders(CancellationToken.None) is not VenueAnswer<ImmutableArray<VenueOrder>>.Ok(var open)) return "open orders could not be read";

        List<OrderEvent> news = [.. open.SelectMany(order => order.News())];
        foreach (var id in unfinished.Except(open.Select(order => order.Id)))
        {
            if (books.Blotter.Find(id) is not { MayRest: true, State: OrderState.Live or OrderState.Matched }) continue; // Recovery asks about the others.
            if (await venue.Order(id, CancellationToken.None) is not VenueAnswer<VenueOrder?>.Ok(var found)) return $"order {id} could not be read";
            if (found is not null) news.AddRange(found.News());
            else suspect(id);
        }

        await Hear(round, [.. news]);
        foreach (var order in open)
        {
            if (books.Blotter.Find(order.Id) is not { } ours) await Strange(round, order);
            else if (ours.IsDone && !unfinished.Contains(order.Id)) await CancelAgain(round, order.Id);
        }

        return null;
    }

    private async Task<string?> ReadTrades(ReconcileRound round)
    {
        var start = time.Now();
        var oldest = books.Blotter.Unfinished.Select(order => order.Intent.TimestampMs).DefaultIfEmpty(start.Millis).Min();
        var since = _tradesSince ?? Instant.FromMillis(books.Blotter.Orders.Select(order => order.Intent.TimestampMs).Append(0).Max());
        if (Instant.FromMillis(oldest) < since) since = Instant.FromMillis(oldest);
        if (books.Blotter.Orders.Count == 0) return null;
        if (await venue.TradesSince(since + -Overlap, CancellationToken.None) is not VenueAnswer<ImmutableArray<Fill>>.Ok(var fills)) return "trades could not be read";

        await Hear(round, [.. fills.Select(fill => new OrderEvent.Filled(fill))]);
        _tradesSince = start;
        return null;
    }

    /// <summary>News like any other; those that say something new are what the round found.</summary>
    private async Task Hear(ReconcileRound round, ImmutableArray<OrderEvent> news)
    {
        var told = news.Where(item => books.Blotter.Preview(item) is not null).ToImmutableArray();
        if (told.IsEmpty) return;

        round.Lines.AddRange(told.Select(item => new ReconcileLine("order", $"{item.Order}: {item.GetType().Name}, which we had not heard")));
        await observe(news);
    }

    /// <summary>On a wallet of its own nobody else places orders: said once, and nothing more is opened.</summary>
    private async Task Strange(ReconcileRound round, VenueOrder order)
    {
        var what = $"order {order.Id} rests at the venue ({order.Side} {order.Size} of {order.Token} at {order.Price}) and is not ours";
        round.Lines.Add(new ReconcileLine("unexplained", what));
        round.HasStranger = true;
        if (_strangers.Add(order.Id))
        {
            LogUnexplained(what);
            await books.Record(new Fact.ErrorNoted(time.Now(), "reconciliation", what));
        }

        if (books.Trading is TradingState.Running) await trip(what);
    }

    /// <summary>It ended long ago, we believe: no money is set aside for it, so it must not stay.</summary>
    private async Task CancelAgain(ReconcileRound round, OrderId order)
    {
        if (await venue.Order(order, CancellationToken.None) is not VenueAnswer<VenueOrder?>.Ok({ Status: VenueOrderStatus.Live })) return; // The list is late.

        var what = $"order {order} rests at the venue though we had heard of its end: canceled again";
        round.Lines.Add(new ReconcileLine("order", what));
        if (_strangers.Add(order)) await books.Record(new Fact.ErrorNoted(time.Now(), "reconciliation", what));
        await venue.Cancel([order], CancellationToken.None);
    }

    [LoggerMessage(LogLevel.Error, "Reconciliation cannot explain: {What}")]
    private partial void LogUnexplained(string what);
}
