using System.Collections.Concurrent;
using System.Collections.Immutable;
using PolyArb.Domain;
using PolyArb.Domain.Journal;
using PolyArb.Domain.Orders;
using PolyArb.Domain.Ports;
using PolyArb.Domain.Risk;

namespace PolyArb.Grains;

/// <summary>The venue with a note of every answer to a request with orders, for the breakers.</summary>
internal sealed class MeteredVenue(IVenue venue, TimeProvider time) : IVenue
{
    private readonly ConcurrentQueue<Answered> _answers = new();

    /// <summary>Those since it was last asked.</summary>
    public ImmutableArray<Answered> Drain()
    {
        var drained = ImmutableArray.CreateBuilder<Answered>();
        while (_answers.TryDequeue(out var answer)) drained.Add(answer);
        return drained.ToImmutable();
    }

    /// <summary>The request has started when this returns its task, as the port says: nothing is awaited before.</summary>
    public async Task<SendAnswer> Send(ImmutableArray<SignedOrder> orders, CancellationToken cancellation)
    {
        var sentAt = time.Now();
        var answer = await venue.Send(orders, cancellation);
        if (Of(orders[0].Intent.Market, answer.News, sentAt) is { } answered) _answers.Enqueue(answered);
        return answer;
    }

    public ImmutableArray<OrderPlaced> Identify(IReadOnlyList<OrderIntent> intents) => venue.Identify(intents);

    public Task<ImmutableArray<SignedOrder>> Sign(ImmutableArray<OrderPlaced> orders) => venue.Sign(orders);

    public string? WhyNot(ConditionId condition) => venue.WhyNot(condition);

    public Task<VenueAnswer<CancelAnswer>> Cancel(ImmutableArray<OrderId> orders, CancellationToken cancellation) => venue.Cancel(orders, cancellation);

    public Task<VenueAnswer<CancelAnswer>> CancelAll(CancellationToken cancellation) => venue.CancelAll(cancellation);

    public Task<VenueAnswer<ImmutableArray<VenueOrder>>> OpenOrders(CancellationToken cancellation) => venue.OpenOrders(cancellation);

    public Task<VenueAnswer<VenueOrder?>> Order(OrderId order, CancellationToken cancellation) => venue.Order(order, cancellation);

    public Task<VenueAnswer<ImmutableArray<Fill>>> TradesSince(Instant since, CancellationToken cancellation) => venue.TradesSince(since, cancellation);

    public Task<VenueAnswer<Usd>> Cash(CancellationToken cancellation) => venue.Cash(cancellation);

    public Task<VenueAnswer<Size>> Shares(TokenId token, CancellationToken cancellation) => venue.Shares(token, cancellation);

    public Task<VenueAnswer<ImmutableArray<HeldToken>?>> Holdings(CancellationToken cancellation) => venue.Holdings(cancellation);

    public Task LookAgain(TokenId? token, CancellationToken cancellation) => venue.LookAgain(token, cancellation);

    public Task<VenueFailure?> Heartbeat(CancellationToken cancellation) => venue.Heartbeat(cancellation);

    /// <summary>Null when the venue never heard of any of them. Silence is slow, and no answer.</summary>
    private Answered? Of(MarketId market, ImmutableArray<OrderEvent> news, Instant sentAt)
    {
        var heard = news.Where(order => order is not OrderEvent.Rejected { Code: RejectCode.NotSent }).ToArray();
        return heard.Length == 0 ? null : new Answered(
            market, sentAt, time.Now(), heard.Count(order => order is not OrderEvent.Unanswered), heard.Count(IsFault));
    }

    /// <summary>An order that found nothing to match, or would have crossed, was good: the book was faster.</summary>
    private static bool IsFault(OrderEvent news) => news is OrderEvent.Rejected rejected
        && rejected.Code is not (RejectCode.FokNotFilled or RejectCode.FakNotFilled or RejectCode.PostOnlyWouldCross);
}
