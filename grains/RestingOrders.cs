using System.Collections.Immutable;
using Microsoft.Extensions.Logging;
using PolyArb.Domain;
using PolyArb.Domain.Edges;
using PolyArb.Domain.Journal;
using PolyArb.Domain.Orders;
using PolyArb.Domain.Ports;

namespace PolyArb.Grains;

/// <summary>
/// The clocks of orders that rest: how long one may, how long it has to, and how many of one condition are cancelled in a second.
/// A cancel is asked for again until its order has ended.
/// </summary>
internal sealed partial class RestingOrders(
    GatewayBooks books, IVenue venue, Recovery recovery, Pacer pacer, Func<ImmutableArray<OrderEvent>, Task> observe, RulesInForce rules, TimeProvider time,
    ILogger logger)
{
    private static readonly TimeSpan FactWithin = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan Overlap = TimeSpan.FromSeconds(30); // The venue's clock and ours.

    private readonly RestingClocks _clocks = new(() => rules.Now.Resting, books.Blotter.Find);

    /// <summary>Cancels what may be cancelled now, all of it when it is urgent. Answers when the cancels are on their way.</summary>
    public async Task<DeskInput.Pulled> Pull(MarketId market, ImmutableArray<OrderId> orders, string why, bool isUrgent)
    {
        var plan = _clocks.Plan(orders, isUrgent, time.Now());
        if (plan.Again.Length > 0) Send(plan.Again, why, isUrgent: true);
        await Cancel(market, plan.Canceling, why, isUrgent);
        return new DeskInput.Pulled([.. plan.Canceling, .. plan.Again, .. plan.Gone], plan.Kept);
    }

    /// <summary>Everything that rests, whatever its age.</summary>
    public async Task PullAll(string why)
    {
        foreach (var orders in Resting().GroupBy(order => order.Intent.Market).ToArray())
            await Pull(orders.Key, [.. orders.Select(order => order.Id)], why, isUrgent: true);
    }

    /// <summary>For a stop, whose own fact stands for all of its cancels: whatever their age, number and kind.</summary>
    public void Chase(ImmutableArray<OrderId> orders) => Send(orders, "trading has stopped", isUrgent: true);

    /// <summary>Call every moment: ends what has rested long enough, and asks again where a cancel had no effect.</summary>
    public async Task Tick()
    {
        foreach (var orders in _clocks.Over(Resting(), time.Now()).GroupBy(order => order.Intent.Market))
            await Cancel(orders.Key, [.. orders.Select(order => order.Id)], "its time is over", isUrgent: false);

        foreach (var (why, orders) in _clocks.AskAgain(time.Now())) Send(orders, why, isUrgent: false);
    }

    /// <summary>
    /// Reads what became of everything that rests, because the venue may have cancelled it by itself; what it neither has nor knows any
    /// more ends with what matched of it. False when it did not say.
    /// </summary>
    public async Task<bool> Reread(string why)
    {
        var resting = Resting().ToArray();
        recovery.ReadTradesSoon(); // What matched meanwhile, also of orders that do not rest.
        if (await venue.OpenOrders(CancellationToken.None) is not VenueAnswer<ImmutableArray<VenueOrder>>.Ok(var open)) return false;

        var still = open.Select(order => order.Id).ToHashSet();
        foreach (var order in resting.Where(order => !still.Contains(order.Id)))
        {
            if (await venue.Order(order.Id, CancellationToken.None) is not VenueAnswer<VenueOrder?>.Ok(var found)) return false;

            if (found is not null)
            {
                await observe([.. found.News()]);
            }
            else if (order.State is OrderState.Live or OrderState.Matched or OrderState.Disputed)
            {
                if (await LastWords(order.Id) is not { } last) return false;

                await observe([.. last, new OrderEvent.Canceled(order.Id, why)]);
            }
        }

        return true;
    }

    private IEnumerable<Order> Resting() => books.Blotter.Unfinished.Where(order => order.MayRest);

    /// <summary>The fact first, then the cancel; which goes out all the same when the disk does not take the fact, for it makes risk less.</summary>
    private async Task Cancel(MarketId market, ImmutableArray<OrderId> orders, string why, bool isUrgent)
    {
        if (orders.IsEmpty) return;

        var now = time.Now();
        _clocks.Leave(orders, why, now);
        try
        {
            await books.Record(new Fact.CancelRequested(now, market, orders, why, isUrgent)).WaitAsync(FactWithin, time);
        }
        catch (FencedException)
        {
            _clocks.Stay(orders);
            throw;
        }
        catch (Exception e) when (e is not OutOfMemoryException)
        {
            LogUnwritten(logger, market, e.Message);
        }

        Send(orders, why, isUrgent);
    }

    private void Send(ImmutableArray<OrderId> orders, string why, bool isUrgent)
    {
        var now = time.Now();
        _clocks.Leave(orders, why, now);
        if (isUrgent) pacer.CountCancel(orders.Length, now);
        else if (!pacer.TryCancel(orders.Length, now)) return; // Asked again in a second.

        _ = Guarded(orders, why);
    }

    private async Task Guarded(ImmutableArray<OrderId> orders, string why)
    {
        try
        {
            await Ended(orders, why);
        }
        catch (Exception e) when (e is not OutOfMemoryException)
        {
            LogUncanceled(logger, e); // Asked again in a second.
        }
    }

    /// <summary>
    /// What matched before a cancel took hold may be told later than the cancel: so the order is read once more, and ends with all it came to.
    /// </summary>
    private async Task Ended(ImmutableArray<OrderId> orders, string why)
    {
        if (await venue.Cancel(orders, CancellationToken.None) is not VenueAnswer<CancelAnswer>.Ok(var answer)) return;

        if (!answer.NotCanceled.IsEmpty) recovery.ReadTradesSoon(); // It may have been matched.
        foreach (var order in answer.Canceled)
        {
            if (await LastWords(order) is { } last) await observe([.. last, new OrderEvent.Canceled(order, why)]);
            else recovery.ReadTradesSoon(); // Without them the order has not ended, its money stays aside, and it is asked again.
        }
    }

    /// <summary>What matched of an order that is gone: by its id, or by the trades where the venue no longer knows it. Null when it did not say.</summary>
    private async Task<ImmutableArray<OrderEvent>?> LastWords(OrderId id)
    {
        if (await venue.Order(id, CancellationToken.None) is not VenueAnswer<VenueOrder?>.Ok(var found)) return null;
        if (found is { Status: VenueOrderStatus.Live or VenueOrderStatus.Delayed }) return null; // Said before the cancel, and so before what it came to.
        if (found is not null) return [.. found.News().Where(news => news is OrderEvent.Matched)];

        var since = RestingClocks.PlacedAt(books.Blotter.Find(id)!) + -Overlap;
        return await venue.TradesSince(since, CancellationToken.None) is VenueAnswer<ImmutableArray<Fill>>.Ok(var fills)
            ? [.. fills.Where(fill => fill.Order == id).Select(fill => new OrderEvent.Filled(fill))]
            : null;
    }

    [LoggerMessage(LogLevel.Warning, "Orders of {Market} are cancelled without a fact of it: {Why}")]
    private static partial void LogUnwritten(ILogger logger, MarketId market, string why);

    [LoggerMessage(LogLevel.Warning, "A cancel could not be carried out; it is tried again")]
    private static partial void LogUncanceled(ILogger logger, Exception exception);
}
