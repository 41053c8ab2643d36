using System.Collections.Immutable;
using PolyArb.Domain.Journal;

namespace PolyArb.Domain.Orders;

public enum OrderState
{
    InFlight,

    /// <summary>Sent, and nobody knows what became of it. Never posted again; looked up by its id.</summary>
    Unanswered,

    /// <summary>In the venue's taker delay.</summary>
    Delayed,

    Live,

    /// <summary>Matched in part or in full, not yet settled.</summary>
    Matched,

    Rejected,
    Canceled,

    /// <summary>Nothing more can match and every trade of it is final, at least one of them confirmed.</summary>
    Confirmed,

    /// <summary>Nothing more can match and every trade of it failed.</summary>
    Failed,

    /// <summary>Proven never to have reached the venue.</summary>
    Absent,

    /// <summary>The venue contradicted itself: its money stays aside until its end and all of its trades are known. Never done once a final trade was taken back.</summary>
    Disputed,
}

/// <summary>One of our orders and everything the venue said about it. Changes only in <see cref="Apply"/>.</summary>
public sealed record Order(OrderPlaced Placed)
{
    /// <summary>What the venue's figure for an order may differ from the sum of its trades by (protocol sheet 5.3).</summary>
    private static readonly Size Dust = new(10_000);

    public OrderId Id => Placed.Id;

    public OrderIntent Intent => Placed.Intent;

    public OrderState State { get; init; }

    /// <summary>The venue's own cumulative figure, which may run ahead of the trades we have seen.</summary>
    public Size Announced { get; init; }

    /// <summary>Nothing more of it can match.</summary>
    public bool IsClosed { get; init; }

    public ImmutableDictionary<TradeId, Fill> Fills { get; init; } = ImmutableDictionary<TradeId, Fill>.Empty;

    /// <summary>The venue's words for a refusal, cancel or silence.</summary>
    public string Note { get; init; } = "";

    /// <summary>The code of the refusal; null when the venue took it.</summary>
    public RejectCode? Refusal { get; init; }

    /// <summary>A trade that had confirmed failed, or the other way round: nothing the venue says of it proves anything any more.</summary>
    public bool HasFlipped { get; init; }

    /// <summary>Every share that matched is on the chain.</summary>
    public bool IsMined => !MissesTrades && Fills.Values.All(fill => fill.Status is not (TradeStatus.Matched or TradeStatus.Retrying));

    /// <summary>Shares of trades that did not fail.</summary>
    public Size Filled => new(Fills.Values.Where(fill => fill.Status is not TradeStatus.Failed).Sum(fill => fill.Shares.Micros));

    /// <summary>Best knowledge of what matched, trades seen or not.</summary>
    public Size Matched => MissesTrades ? Size.Max(Filled, Announced - FailedShares) : Filled;

    /// <summary>Dollars given (BUY, fees on top) or received (SELL, fees off), of trades that did not fail.</summary>
    public Usd Money => new(Fills.Values.Where(fill => fill.Status is not TradeStatus.Failed)
        .Sum(fill => fill.Amount.Micros + (Intent.Order.Side is Side.Buy ? fill.Fee.Micros : -fill.Fee.Micros)));

    /// <summary>Of trades that did not fail.</summary>
    public Usd Fees => new(Fills.Values.Where(fill => fill.Status is not TradeStatus.Failed).Sum(fill => fill.Fee.Micros));

    /// <summary>Nothing can change any more, and nothing is unknown.</summary>
    public bool IsDone => State is OrderState.Rejected or OrderState.Absent or OrderState.Confirmed or OrderState.Failed
        || (State is OrderState.Canceled && Matched == Size.Zero)
        || (State is OrderState.Disputed && IsClosed && !HasFlipped && !MissesTrades && HasFinalTrades);

    /// <summary>It may stand in a book now.</summary>
    public bool MayRest => !IsClosed && !IsDone && Intent.Order.Type is OrderType.Gtc or OrderType.Gtd;

    /// <summary>The venue said it matched, but the trades that prove it have not all been seen.</summary>
    public bool MissesTrades => Announced - TradedShares > (IsClosed ? Dust : Size.Zero);

    /// <summary>Something of it can still match, or matched in trades we have not seen: its money stays aside.</summary>
    public bool MaySpend => !IsDone && (!IsClosed || MissesTrades);

    /// <summary>A resting order is filled to its last share.</summary>
    private bool IsWhole => Intent.Order.Type is OrderType.Gtc or OrderType.Gtd && TradedShares >= Intent.Order.Shares;

    private bool HasFinalTrades => Fills.Values.All(fill => fill.Status is TradeStatus.Confirmed or TradeStatus.Failed);

    private Size FailedShares => new(Fills.Values.Where(fill => fill.Status is TradeStatus.Failed).Sum(fill => fill.Shares.Micros));

    private Size TradedShares => new(Fills.Values.Sum(fill => fill.Shares.Micros));

    /// <summary>
    /// The whole life of an order: what every piece of news means in every state. News may come twice, late and in any
    /// order; an order that did not change is returned as it is.
    /// </summary>
    public Order Apply(OrderEvent news) => news switch
    {
        OrderEvent.Filled(var fill) => WithFill(fill),
        OrderEvent.Matched(_, var shares, var isFinal) => WithMatched(shares, isFinal),
        _ => (State, news) switch
        {
            (OrderState.InFlight, OrderEvent.Unanswered unanswered) => this with { State = OrderState.Unanswered, Note = unanswered.Why },
            (OrderState.InFlight or OrderState.Unanswered, OrderEvent.Delayed) => this with { State = OrderState.Delayed },
            (OrderState.InFlight or OrderState.Unanswered or OrderState.Delayed, OrderEvent.Placed) => this with { State = OrderState.Live },
            (OrderState.InFlight or OrderState.Unanswered or OrderState.Delayed, OrderEvent.Rejected rejected) =>
                this with { State = OrderState.Rejected, IsClosed = true, Note = rejected.Why, Refusal = rejected.Code },
            (OrderState.InFlight or OrderState.Unanswered or OrderState.Delayed or OrderState.Live, OrderEvent.Canceled canceled) =>
                this with { State = OrderState.Canceled, IsClosed = true, Note = canceled.Why },
            (OrderState.Live, OrderEvent.Rejected killed) when Intent.Order.Type is OrderType.Fak or OrderType.Fok =>
                this with { State = OrderState.Canceled, IsClosed = true, Note = killed.Why, Refusal = killed.Code }, // The refusal of the rest, after its placement was told.
            (OrderState.Unanswered, OrderEvent.Absent) => this with { State = OrderState.Absent, IsClosed = true },

            // The rest of a partly matched order is gone: what matched decides what it becomes.
            (OrderState.Matched, OrderEvent.Canceled canceled) => (this with { IsClosed = true, Note = canceled.Why }).Settled(),

            // Silence, an old acceptance or the echo of an end says nothing new.
            (_, OrderEvent.Unanswered) => this,
            (OrderState.Delayed, OrderEvent.Delayed) => this,
            (OrderState.Live or OrderState.Matched or OrderState.Canceled or OrderState.Confirmed or OrderState.Failed,
                OrderEvent.Placed or OrderEvent.Delayed) => this,
            (OrderState.Rejected, OrderEvent.Placed or OrderEvent.Delayed) when Intent.Order.Type is OrderType.Fak or OrderType.Fok => this, // Killed: the answer was faster than the event.
            (OrderState.Rejected, OrderEvent.Rejected or OrderEvent.Canceled) => this,
            (OrderState.Canceled or OrderState.Confirmed or OrderState.Failed or OrderState.Absent, OrderEvent.Canceled) => this,
            (OrderState.Canceled, OrderEvent.Rejected) => this, // A killed FOK or FAK: the event was faster than the answer.
            (OrderState.Absent, OrderEvent.Rejected) => this,
            (_, OrderEvent.Absent) => this, // Our own conclusion, not the venue's word: overtaken by what was heard of the order meanwhile.
            (OrderState.Disputed, OrderEvent.Canceled) when !IsClosed => this with { IsClosed = true },
            (OrderState.Disputed, _) => this,

            _ => Dispute(news.GetType().Name),
        },
    };

    private Order WithMatched(Size shares, bool isFinal)
    {
        if (shares <= Announced && (!isFinal || IsClosed)) return this;

        var known = this with { Announced = Size.Max(Announced, shares), IsClosed = IsClosed || isFinal };
        return State switch
        {
            OrderState.Disputed => known,
            OrderState.Rejected or OrderState.Absent => known.Dispute($"{shares} matched") with { IsClosed = isFinal },
            _ => (known with { State = OrderState.Matched }).Settled(),
        };
    }

    /// <summary>A trade is money in every state; a trade of an order that should have none disputes it as well.</summary>
    private Order WithFill(Fill fill)
    {
        if (Fills.TryGetValue(fill.Trade, out var before))
        {
            if (before.Status == fill.Status || before.Status is TradeStatus.Confirmed && fill.Status is not TradeStatus.Failed) return this;
            if (before.Status is TradeStatus.Failed && fill.Status is not TradeStatus.Confirmed) return this;
            if (before.Status is TradeStatus.Mined or TradeStatus.Retrying && fill.Status is TradeStatus.Matched) return this;
        }

        var known = this with { Fills = Fills.SetItem(fill.Trade, fill) };
        var flips = before?.Status is TradeStatus.Confirmed or TradeStatus.Failed;
        if (flips) known = known with { HasFlipped = true };
        if (State is OrderState.Disputed) return known.IsWhole ? known with { IsClosed = true } : known;

        var contradicts = flips || State is OrderState.Rejected or OrderState.Absent;
        return contradicts ? known.Dispute($"trade {fill.Trade} {fill.Status}") : (known with { State = OrderState.Matched }).Settled();
    }

    /// <summary>Confirmed or Failed once it is closed and all its trades are known and final.</summary>
    private Order Settled()
    {
        var closed = IsWhole ? this with { IsClosed = true } : this;
        if (!closed.IsClosed || closed.MissesTrades) return closed;
        if (closed.Fills.IsEmpty) return closed with { State = OrderState.Canceled };
        if (!closed.HasFinalTrades) return closed;

        return closed with { State = closed.Filled == Size.Zero ? OrderState.Failed : OrderState.Confirmed };
    }

    /// <summary>What was thought never to have been taken may match now.</summary>
    private Order Dispute(string news) => this with
    {
        State = OrderState.Disputed,
        IsClosed = IsClosed && State is not (OrderState.Rejected or OrderState.Absent),
        Note = $"{news} while {State}",
    };
}
