using PolyArb.Domain;
using PolyArb.Domain.Books;
using PolyArb.Domain.Orders;
using PolyArb.Domain.Ports;

namespace PolyArb.Client.Doctor;

/// <summary>
/// One order that cannot fill: a post-only BUY of the least size at the lowest price, on the token that is worth more. Placed, seen,
/// cancelled, gone. Once it is sent, no impatience keeps it from being cancelled.
/// </summary>
internal sealed class OrderCheck(IVenue venue, TimeProvider time, TimeSpan patience)
{
    private const string ByHand = "look for it under Open orders at polymarket.com, and cancel it there";

    private static readonly TimeSpan AskAgainAfter = TimeSpan.FromMilliseconds(250);

    public async Task<Check> Run(ConditionBook books)
    {
        var (order, news) = await Place(books);
        if (news is OrderEvent.Rejected { Code: RejectCode.VersionMismatch }) (order, news) = await Place(books); // The venue named the right one.
        if (news is OrderEvent.Rejected(_, var words, _)) return Check.Fail($"refused: {words}", "the venue's words say why; see `wallet`, `collateral` and the allowances");

        var seen = await Listed(order.Id, isListed: true);
        var notCanceled = await Cancel(order.Id);
        var gone = await Listed(order.Id, isListed: false);
        var (filled, unread) = await Filled(order.Id);
        return Judge(order, news, seen, notCanceled, gone, filled, unread);
    }

    /// <summary>Each of the last is null when that step went well, else why not.</summary>
    internal static Check Judge(SignedOrder order, OrderEvent news, string? seen, string? notCanceled, string? gone, Size filled, string? unread)
    {
        var id = order.Id.Text;
        var leg = order.Intent.Order;
        var unanswered = news is OrderEvent.Unanswered silence ? silence.Why : null;
        return (unanswered, seen, notCanceled, gone) switch
        {
            _ when filled > Size.Zero => Check.Fail($"order {id} bought {filled} shares at {leg.Limit}", "they are yours now: sell them by hand"),
            ({ } why, { }, { } words, _) => Check.Fail($"what became of order {id} is unknown: {why}; then: {seen}; the cancel: {words}", $"it may still rest or come: {ByHand}"),
            (_, _, { } words, { }) => Check.Fail($"order {id} may rest: {gone}; the cancel: {words}", ByHand),
            (_, _, null, { }) => Check.Fail($"order {id} was cancelled, says the venue, but {gone}", ByHand),
            (_, _, { } words, null) => Check.Fail($"order {id} is gone, but not by our cancel: {words}", "see what else cancels orders of this account"),
            (_, { }, null, null) => Check.Fail($"order {id} was cancelled, but before that {seen}", "nothing rests; a venue whose list lags is one to be careful with"),
            _ when unread is not null => Check.Fail($"order {id} was placed and cancelled, but {unread}", "nothing rests; try again"),
            ({ } why, _, _, _) => Check.Warn($"order {id} was not answered ({why}), then found, cancelled and gone", "nothing rests; a venue that does not answer is one to be careful with"),
            _ => Check.Pass($"{leg.Shares} shares at {leg.Limit}: placed, seen, cancelled, gone"),
        };
    }

    private async Task<(SignedOrder Order, OrderEvent News)> Place(ConditionBook books)
    {
        var order = (await venue.Sign(venue.Identify([Intent(books)])))[0];
        return (order, await Within(async deadline => (await venue.Send([order], deadline)).News[0]));
    }

    private OrderIntent Intent(ConditionBook books)
    {
        var condition = books.Condition;
        var outcome = Worth(books, Outcome.Yes) >= Worth(books, Outcome.No) ? Outcome.Yes : Outcome.No;
        var now = time.GetUtcNow();
        var basket = new BasketId($"doctor-{now.ToUnixTimeMilliseconds()}");
        return new OrderIntent
        {
            Basket = basket,
            Market = new MarketId(condition.Id.Text),
            Purpose = Purpose.Open,
            Salt = OrderIntent.SaltOf(basket, 0, 0),
            TimestampMs = now.ToUnixTimeMilliseconds(),
            Order = new LegOrder
            {
                Leg = 0,
                Attempt = 0,
                Condition = condition.Id,
                Token = condition.Token(outcome),
                Outcome = outcome,
                NegRisk = condition.NegRisk,
                Protocol = condition.Protocol,
                Side = Side.Buy,
                Type = OrderType.Gtc,
                Limit = books.Tick,
                MakerAmount = Usd.Cost(books.Tick, condition.MinOrderSize).Micros,
                TakerAmount = condition.MinOrderSize.Micros,
                PostOnly = true,
                WorstFee = Usd.Zero, // A maker pays none.
            },
        };
    }

    /// <summary>The lower price that somebody asks; an empty side asks the most.</summary>
    private static Price Worth(ConditionBook books, Outcome outcome) =>
        books.Book.Of(outcome).Asks.Best is { } ask ? ask.Price : new Price(Price.TicksPerDollar);

    /// <summary>Null once the list of open orders holds it, or holds it no more.</summary>
    private async Task<string?> Listed(OrderId order, bool isListed)
    {
        using var limit = new CancellationTokenSource(patience, time);
        string? why = null;
        while (true)
        {
            if (await venue.OpenOrders(limit.Token) is VenueAnswer<System.Collections.Immutable.ImmutableArray<VenueOrder>>.Ok(var open))
            {
                if (open.Any(one => one.Id == order) == isListed) return null;
                why = isListed ? "it is not among the open orders" : "it is still among the open orders";
            }

            try
            {
                await Task.Delay(AskAgainAfter, time, limit.Token);
            }
            catch (OperationCanceledException)
            {
                return why ?? "the open orders could not be read";
            }
        }
    }

    private async Task<string?> Cancel(OrderId order) => await Within(deadline => venue.Cancel([order], deadline)) switch
    {
        VenueAnswer<CancelAnswer>.Ok(var answer) when answer.Canceled.Contains(order) => null,
        VenueAnswer<CancelAnswer>.Ok(var answer) => answer.NotCanceled.GetValueOrDefault(order, "the venue does not say what became of it"),
        VenueAnswer<CancelAnswer>.Unavailable unanswered => unanswered.Why,
        _ => throw new System.Diagnostics.UnreachableException(),
    };

    /// <summary>An inactive order may be answered with nothing (C-34): then it has not filled, or it would have a trade.</summary>
    private async Task<(Size Filled, string? Unread)> Filled(OrderId order) => await Within(deadline => venue.Order(order, deadline)) switch
    {
        VenueAnswer<VenueOrder?>.Ok(var found) => (found?.Matched ?? Size.Zero, null),
        VenueAnswer<VenueOrder?>.Unavailable unanswered => (Size.Zero, $"it could not be read again: {unanswered.Why}"),
        _ => throw new System.Diagnostics.UnreachableException(),
    };

    private async Task<T> Within<T>(Func<CancellationToken, Task<T>> work)
    {
        using var deadline = new CancellationTokenSource(patience, time);
        return await work(deadline.Token);
    }
}
