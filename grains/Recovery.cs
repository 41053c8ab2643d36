using System.Collections.Immutable;
using PolyArb.Domain;
using PolyArb.Domain.Orders;
using PolyArb.Domain.Ports;

namespace PolyArb.Grains;

/// <summary>What the venue said at a start.</summary>
internal sealed record VenueFindings(Usd Cash, ImmutableArray<OrderEvent> News);

/// <summary>
/// Asks the venue what became of our orders: all of them at a start, and later those that nothing was heard of. One path for
/// a start, a crash and a failover.
/// </summary>
/// <param name="suspect">Told of an order that the venue should know and does not.</param>
internal sealed class Recovery(IVenue venue, Action<OrderId> suspect, TimeProvider time)
{
    private static readonly TimeSpan AskEvery = TimeSpan.FromSeconds(2);
    private static readonly TimeSpan QuietAfter = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan Overlap = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan BackoffMax = TimeSpan.FromSeconds(30);

    private Instant _nextAsk;
    private TimeSpan _backoff = TimeSpan.FromSeconds(1);
    private bool _readTrades;
    private bool _isAsking;
    private string? _complaint;

    public bool IsDone { get; private set; }

    /// <summary>What is wrong with the venue, once per change of it; null when there is nothing new to say.</summary>
    public string? Complaint { get; private set; }

    /// <summary>What is wrong with the venue now; empty when it answers.</summary>
    public string Trouble => _complaint ?? "";

    public void Finish() => IsDone = true;

    public void ReadTradesSoon() => _readTrades = true;

    /// <summary>One round at the start; null when it is not time yet or the venue does not answer.</summary>
    public Task<VenueFindings?> Start(GatewayBooks books) => Round(async () =>
    {
        var orders = books.Blotter.Unfinished.ToImmutableArray();
        var cash = await venue.Cash(CancellationToken.None);
        var news = await Ask(orders);
        switch (cash)
        {
            case VenueAnswer<Usd>.Ok(var dollars):
                return news is null ? null : new VenueFindings(dollars, news.Value);
            case VenueAnswer<Usd>.Unavailable(var failure):
                Complain(failure.Why);
                return null;
            default:
                throw new System.Diagnostics.UnreachableException();
        }
    });

    /// <summary>News about orders that have been silent too long; empty when all is well.</summary>
    public async Task<ImmutableArray<OrderEvent>> FollowUp(GatewayBooks books)
    {
        var now = time.Now();
        var silent = books.Blotter.Unfinished
            .Where(order => _readTrades || order.MissesTrades || !IsQuiet(order) && now - Instant.FromMillis(order.Intent.TimestampMs) > QuietAfter)
            .ToImmutableArray();
        if (silent.IsEmpty) return [];

        var found = await Round(async () =>
        {
            var readTrades = _readTrades;
            _readTrades = false; // Whoever wants them from now on wants another round.
            ImmutableArray<OrderEvent>? news = null;
            try
            {
                news = await Ask(silent);
            }
            finally
            {
                _readTrades |= readTrades && news is null;
            }

            return news is { } told ? new VenueFindings(Usd.Zero, told) : null;
        });
        return found?.News ?? [];
    }

    /// <summary>Rests as it should, with nothing under way: its news comes by itself, and its cancel asks about it at the latest.</summary>
    private static bool IsQuiet(Order order) => order.MayRest && order.State is OrderState.Live or OrderState.Matched
        && order.Fills.Values.All(fill => fill.Status is TradeStatus.Confirmed or TradeStatus.Failed);

    private async Task<ImmutableArray<OrderEvent>?> Ask(ImmutableArray<Order> orders)
    {
        if (orders.IsEmpty) return [];

        var news = ImmutableArray.CreateBuilder<OrderEvent>();
        foreach (var order in orders.Where(order => !order.IsClosed))
        {
            switch (await venue.Order(order.Id, CancellationToken.None))
            {
                case VenueAnswer<VenueOrder?>.Ok(var found):
                    if (found is not null) news.AddRange(found.News());
                    else if (order.State is OrderState.InFlight) news.Add(new OrderEvent.Unanswered(order.Id, "the venue does not know it (yet)"));
                    else suspect(order.Id);
                    break;
                case VenueAnswer<VenueOrder?>.Unavailable(var failure):
                    Complain(failure.Why);
                    return null;
            }
        }

        var since = Instant.FromMillis(orders.Min(order => order.Intent.TimestampMs)) + -Overlap;
        switch (await venue.TradesSince(since, CancellationToken.None))
        {
            case VenueAnswer<ImmutableArray<Fill>>.Ok(var fills):
                news.AddRange(fills.Select(fill => new OrderEvent.Filled(fill)));
                return news.ToImmutable();
            case VenueAnswer<ImmutableArray<Fill>>.Unavailable(var failure):
                Complain(failure.Why);
                return null;
            default:
                throw new System.Diagnostics.UnreachableException();
        }
    }

    /// <summary>At most one round at a time, at most every two seconds, less often while the venue fails.</summary>
    private async Task<VenueFindings?> Round(Func<Task<VenueFindings?>> ask)
    {
        Complaint = null;
        if (_isAsking || time.Now() < _nextAsk) return null;

        _isAsking = true;
        try
        {
            var found = await ask();
            _backoff = found is not null ? TimeSpan.FromSeconds(1) : Min(_backoff * 2, BackoffMax);
            if (found is not null) _complaint = null;
            _nextAsk = time.Now() + (found is not null ? AskEvery : _backoff);
            return found;
        }
        finally
        {
            _isAsking = false;
        }
    }

    private void Complain(string why)
    {
        if (why != _complaint) Complaint = why;
        _complaint = why;
    }

    private static TimeSpan Min(TimeSpan left, TimeSpan right) => left < right ? left : right;
}
