namespace PolyArb.Simulator.Engine;

/// <summary>
/// Orders that wait before they are carried out (protocol 10.5): marketable ones of delayed markets, and any that its sender
/// wants executed asynchronously (7.5, deferExec). Call it with the exchange's lock held.
/// </summary>
internal sealed class TakerHolds(Exchange exchange)
{
    private const long DeferredMs = 1;

    private readonly HashSet<string> _blocked = new(StringComparer.Ordinal);

    /// <summary>How long the caller of a taker order waits in a market that holds takers; the venue's number changes (C-14).</summary>
    public long HoldMs { get; set; } = 250;

    /// <summary>True for an order whose caller still waits: it is not known to reads and cancels yet.</summary>
    public bool Blocks(string id) => _blocked.Contains(id);

    public Task<PlaceResult> Take(BookOrder order, bool marketable)
    {
        var delay = marketable ? order.Condition.SecondsDelay * 1000L : 0;
        if (order.Request.DeferExec) return Task.FromResult<PlaceResult>(Postpone(order, Math.Max(delay, DeferredMs)));
        if (delay > 0) return Task.FromResult<PlaceResult>(Postpone(order, delay));
        return marketable && order.Condition.HoldsTakers ? Block(order) : Task.FromResult(exchange.Execute(order));
    }

    private Task<PlaceResult> Block(BookOrder order)
    {
        var answer = new TaskCompletionSource<PlaceResult>(TaskCreationOptions.RunContinuationsAsynchronously);
        _blocked.Add(order.Id);
        exchange.Agenda.In(HoldMs, () =>
        {
            _blocked.Remove(order.Id);
            answer.SetResult(exchange.Execute(order));
        });
        return answer.Task;
    }

    private PlaceResult.Delayed Postpone(BookOrder order, long milliseconds)
    {
        order.Status = OrderStatus.Delayed;
        order.Announced = true;
        exchange.Register(order);
        exchange.Users.Placed(order, exchange.Agenda.Now);
        exchange.Agenda.In(milliseconds, () => Release(order));
        return new PlaceResult.Delayed(order);
    }

    /// <summary>Checks everything again, then matches or rests the order; what fails now is over, as the venue's doing unless it is a kill.</summary>
    private void Release(BookOrder order)
    {
        order.Status = OrderStatus.Live;
        if (exchange.Execute(order) is not PlaceResult.Refused refused) return;

        if (Acceptance.IsKill(refused.Text))
        {
            order.Status = OrderStatus.Canceled; // The kill was told already.
            return;
        }

        order.Status = OrderStatus.Invalid;
        exchange.Users.Canceled(order, exchange.Agenda.Now);
    }
}
