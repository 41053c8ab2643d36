using System.Collections.Immutable;
using PolyArb.Domain;
using PolyArb.Domain.Edges;
using PolyArb.Domain.Journal;
using PolyArb.Domain.Orders;
using PolyArb.Domain.Risk;

namespace PolyArb.Storage;

/// <summary>One statement with its parameters by name.</summary>
internal sealed record Change(string Sql, object Values);

/// <summary>What a fact does to the tables. Pure and total: a fact is on disk when it gets here again.</summary>
internal static class Projection
{
    public static IEnumerable<Change> Of(long n, Fact fact) => fact switch
    {
        Fact.BasketOpened opened => Opened(opened),
        Fact.ClosingOrderPlaced(var at, var reservation, var order) => Placed(at, reservation, order),
        Fact.OrderChanged(var at, OrderEvent.Filled(var fill)) => Filled(n, at, fill),
        Fact.OrderChanged(var at, var news) => [.. Changed(at, news)],
        Fact.BasketLocked(_, var basket, _, var quantity, var payout) =>
        [
            new("UPDATE baskets SET state = 'Locked', qty = @qty, locked = @locked WHERE id = @id AND closed_at IS NULL",
                new { id = basket.Text, qty = quantity.Micros, locked = payout.Micros }),
        ],
        Fact.BasketClosed closed => [Closed(closed)],
        Fact.SettlementStarted started => [Started(started)],
        Fact.SettlementEnded ended => Ended(n, ended),
        Fact.ErrorNoted(var at, var where, var what) =>
            [new("INSERT INTO errors (n, at, \"where\", what) VALUES (@n, @at, @where, @what)", new { n, at = at.Micros, where, what })],
        Fact.OpeningBalanceTaken(_, _, var positions) => positions.Select(position => new Change(
            """
            INSERT INTO positions (token, opening, qty) VALUES (@token, @opening, @opening)
            ON CONFLICT (token) DO UPDATE SET opening = excluded.opening
            """,
            new { token = position.Key.Text, opening = position.Value.Micros })),
        Fact.ExternalCredited credited => Moved(n, credited.Shares, came: true, credited.Why),
        Fact.RoundingAdjusted(_, _, var why, { } shares) => Moved(n, shares, came: false, why),
        Fact.SharesRedeemed redeemed => Moved(n, redeemed.Shares, came: false, "redeemed"),
        Fact.LedgerAccepted accepted => Moved(n, accepted.Came, came: true, accepted.Reason).Concat(Moved(n, accepted.Left, came: false, accepted.Reason)),
        _ => [], // No table of its own.
    };

    /// <summary>Tokens that are ordered, and held perhaps already: from here on it is known whose they are.</summary>
    public static IEnumerable<TokenId> Ordered(Fact fact) => fact switch
    {
        Fact.BasketOpened(_, _, _, var orders) => orders.Select(order => order.Intent.Order.Token),
        Fact.ClosingOrderPlaced(_, _, var order) => [order.Intent.Order.Token],
        _ => [],
    };

    /// <summary>Tokens whose position the fact may change beside trades.</summary>
    public static IEnumerable<TokenId> Tokens(Fact fact) => fact switch
    {
        Fact.OpeningBalanceTaken(_, _, var positions) => positions.Keys,
        Fact.SettlementEnded { End: SettlementEnd.Done } ended => ended.Call.Gives.Concat(ended.Call.Gets).Select(token => token.Token),
        Fact.ExternalCredited credited => credited.Shares.Keys,
        Fact.RoundingAdjusted { Shares: { } shares } => shares.Keys,
        Fact.SharesRedeemed redeemed => redeemed.Shares.Keys,
        Fact.LedgerAccepted accepted => accepted.Came.Keys.Concat(accepted.Left.Keys),
        _ => [],
    };

    /// <summary>The order a fact is news about.</summary>
    public static OrderId? Order(Fact fact) => fact is Fact.OrderChanged(_, var news) ? news.Order : null;

    public static MarketId? Market(Fact fact) => fact switch
    {
        Fact.BasketOpened(_, var basket, _, _) => basket.Market,
        Fact.ClosingOrderPlaced(_, _, var order) => order.Intent.Market,
        Fact.BasketLocked(_, _, var market, _, _) => market,
        Fact.CancelRequested(_, var market, _, _, _) => market,
        Fact.BasketClosed(_, _, var market, _) => market,
        Fact.SettlementStarted(_, _, var call) => call.Market,
        Fact.SettlementEnded(_, _, var call, _, _) => call.Market,
        _ => null,
    };

    public static BasketId? Basket(Fact fact) => fact switch
    {
        Fact.BasketOpened(_, var basket, _, _) => basket.Id,
        Fact.ClosingOrderPlaced(_, _, var order) => order.Intent.Basket,
        Fact.BasketLocked(_, var basket, _, _, _) => basket,
        Fact.BasketClosed(_, var basket, _, _) => basket,
        _ => null,
    };

    private static IEnumerable<Change> Opened(Fact.BasketOpened opened)
    {
        var basket = opened.Basket;
        yield return new Change(
            """
            INSERT INTO baskets (id, market, kind, qty, outlay, locked, state, opened_at)
            VALUES (@id, @market, @kind, @qty, @outlay, 0, 'Open', @at) ON CONFLICT DO NOTHING
            """,
            new
            {
                id = basket.Id.Text,
                market = basket.Market.Text,
                kind = basket.Kind.ToString(),
                qty = basket.Quantity.Micros,
                outlay = basket.Outlay.Micros,
                at = opened.At.Micros,
            });

        foreach (var order in opened.Orders)
        {
            foreach (var change in Placed(opened.At, opened.Reservation, order)) yield return change;
        }
    }

    private static IEnumerable<Change> Placed(Instant at, ReservationId reservation, OrderPlaced placed)
    {
        var (intent, leg) = (placed.Intent, placed.Intent.Order);
        yield return new Change(
            """
            INSERT INTO orders (id, basket, market, condition, token, outcome, side, type, price, size,
                                announced, matched, status, rank, created_at, changed_at)
            VALUES (@id, @basket, @market, @condition, @token, @outcome, @side, @type, @price, @size,
                    0, 0, 'InFlight', 0, @at, @at) ON CONFLICT DO NOTHING
            """,
            new
            {
                id = placed.Id.Text,
                basket = intent.Basket.Text,
                market = intent.Market.Text,
                condition = leg.Condition.Text,
                token = leg.Token.Text,
                outcome = leg.Outcome.ToString(),
                side = leg.Side.ToString(),
                type = leg.Type.ToString(),
                price = leg.Limit.Ticks,
                size = leg.Shares.Micros,
                at = at.Micros,
            });
        yield return new Change(
            """
            INSERT INTO order_intents (order_id, basket, market, purpose, reservation, leg, attempt, maker_amount, taker_amount,
                                       worst_fee, neg_risk, salt, timestamp_ms, expiration_s, at)
            VALUES (@id, @basket, @market, @purpose, @reservation, @leg, @attempt, @maker, @taker,
                    @fee, @negRisk, @salt, @timestamp, @expiration, @at) ON CONFLICT DO NOTHING
            """,
            new
            {
                id = placed.Id.Text,
                basket = intent.Basket.Text,
                market = intent.Market.Text,
                purpose = intent.Purpose.ToString(),
                reservation = reservation.ToString(),
                leg = leg.Leg,
                attempt = leg.Attempt,
                maker = leg.MakerAmount,
                taker = leg.TakerAmount,
                fee = leg.WorstFee.Micros,
                negRisk = leg.NegRisk,
                salt = intent.Salt,
                timestamp = intent.TimestampMs,
                expiration = intent.ExpirationSeconds,
                at = at.Micros,
            });
    }

    private static IEnumerable<Change> Filled(long n, Instant at, Fill fill)
    {
        yield return new Change(
            """
            INSERT INTO fills (trade_id, order_id, seen, token, side, price, size, amount, fee, status, rank, at)
            VALUES (@trade, @order, @n, (SELECT token FROM orders WHERE id = @order), (SELECT side FROM orders WHERE id = @order),
                    @price, @size, @amount, @fee, @status, @rank, @filledAt)
            ON CONFLICT (trade_id, order_id) DO UPDATE
            SET token = coalesce(fills.token, excluded.token), side = coalesce(fills.side, excluded.side), price = excluded.price, size = excluded.size,
                amount = excluded.amount, fee = excluded.fee, status = excluded.status, rank = excluded.rank
            WHERE fills.rank <= excluded.rank AND fills.rank < @final
            """,
            new
            {
                n,
                trade = fill.Trade.Text,
                order = fill.Order.Text,
                price = fill.Price.Ticks,
                size = fill.Shares.Micros,
                amount = fill.Amount.Micros,
                fee = fill.Fee.Micros,
                status = fill.Status.ToString(),
                rank = Rank(fill.Status),
                final = Rank(TradeStatus.Confirmed),
                filledAt = fill.At.Micros,
            });
        foreach (var change in Changed(at, new OrderEvent.Filled(fill))) yield return change;

        if (fill.Status is TradeStatus.Failed)
        {
            yield return new Change(
                "UPDATE baskets SET state = 'Open', locked = 0 WHERE state = 'Locked' AND id = (SELECT basket FROM orders WHERE id = @order)",
                new { order = fill.Order.Text });
        }
    }

    private static IEnumerable<Change> Changed(Instant at, OrderEvent news)
    {
        var (status, rank, why) = Standing(news);
        var announced = news is OrderEvent.Matched matched ? matched.Shares.Micros : 0;
        yield return new Change(
            """
            UPDATE orders
            SET status = CASE WHEN @rank >= rank THEN @status ELSE status END, why = CASE WHEN @rank >= rank THEN @why ELSE why END,
                rank = CASE WHEN @rank > rank THEN @rank ELSE rank END,
                announced = CASE WHEN @announced > announced THEN @announced ELSE announced END,
                changed_at = CASE WHEN @at > changed_at THEN @at ELSE changed_at END
            WHERE id = @order
            """,
            new { order = news.Order.Text, status, rank, why, announced, at = at.Micros });
        yield return new Change(
            """
            UPDATE orders
            SET matched = (SELECT CASE WHEN orders.announced - failed > traded THEN orders.announced - failed ELSE traded END FROM
                              (SELECT coalesce(sum(CASE WHEN status = 'Failed' THEN size ELSE 0 END), 0) AS failed,
                                      coalesce(sum(CASE WHEN status <> 'Failed' THEN size ELSE 0 END), 0) AS traded
                               FROM fills WHERE order_id = @order) AS sums)
            WHERE id = @order
            """,
            new { order = news.Order.Text });
    }

    private static Change Closed(Fact.BasketClosed closed) => new(
        """
        UPDATE baskets SET state = @state, qty = @qty, locked = @locked, note = @note, closed_at = @at WHERE id = @id
        """,
        new
        {
            id = closed.Basket.Text,
            state = closed.Result.End.ToString(),
            qty = closed.Result.Quantity.Micros,
            locked = closed.Result.Payout.Micros,
            note = closed.Result.Note,
            at = closed.At.Micros,
        });

    private static Change Started(Fact.SettlementStarted started) => new(
        """
        INSERT INTO settlements (id, market, kind, shares, dollars, state, started_at)
        VALUES (@id, @market, @kind, @shares, @dollars, 'Started', @at) ON CONFLICT DO NOTHING
        """,
        new
        {
            id = started.Id.ToString(),
            market = started.Call.Market.Text,
            kind = started.Call.Kind.ToString(),
            shares = started.Call.Shares.Micros,
            dollars = started.Call.Dollars.Micros,
            at = started.At.Micros,
        });

    private static IEnumerable<Change> Ended(long n, Fact.SettlementEnded ended)
    {
        var call = ended.Call;
        if (ended.End is SettlementEnd.Done)
        {
            foreach (var token in call.Gives) yield return Moved(token, -call.Shares.Micros);
            foreach (var token in call.Gets) yield return Moved(token, call.Shares.Micros);
        }

        yield return new Change(
            "UPDATE settlements SET state = @state, why = @why, ended_at = @at WHERE id = @id AND state = 'Started'",
            new { id = ended.Id.ToString(), state = ended.End.ToString(), why = ended.Why, at = ended.At.Micros });

        Change Moved(SettlementToken token, long change) => new(
            """
            INSERT INTO settled_tokens (settlement, token, market, condition, outcome, change, seen)
            SELECT id, @token, market, @condition, @outcome, @change, @n FROM settlements WHERE id = @id AND state = 'Started'
            """,
            new { n, id = ended.Id.ToString(), token = token.Token.Text, condition = token.Condition.Text, outcome = token.Outcome.ToString(), change });
    }

    /// <summary>Shares that came or went beside trades and calls of ours.</summary>
    private static IEnumerable<Change> Moved(long n, ImmutableDictionary<TokenId, Size> shares, bool came, string why) => shares.Select(moved => new Change(
        "INSERT INTO moved_tokens (seen, token, change, why) VALUES (@n, @token, @change, @why) ON CONFLICT DO NOTHING",
        new { n, token = moved.Key.Text, change = came ? moved.Value.Micros : -moved.Value.Micros, why }));

    /// <summary>What an order's row shows after the news. News of a lower rank came late and changes nothing.</summary>
    private static (string Status, int Rank, string Why) Standing(OrderEvent news) => news switch
    {
        OrderEvent.Unanswered(_, var why) => ("Unanswered", 1, why),
        OrderEvent.Absent => ("Absent", 2, ""), // Whatever the venue says later proves it was there.
        OrderEvent.Delayed => ("Delayed", 3, ""),
        OrderEvent.Placed => ("Live", 4, ""),
        OrderEvent.Rejected { Why: var why } => ("Rejected", 5, why),
        OrderEvent.Matched or OrderEvent.Filled => ("Matched", 6, ""),
        OrderEvent.Canceled(_, var why) => ("Canceled", 7, why),
        _ => ("InFlight", 0, ""),
    };

    /// <summary>A trade goes to and fro between Mined and Retrying; Confirmed and Failed are its ends, and the first one stays.</summary>
    private static int Rank(TradeStatus status) => status switch
    {
        TradeStatus.Matched => 0,
        TradeStatus.Confirmed or TradeStatus.Failed => 2,
        _ => 1,
    };
}
