using PolyArb.Domain.Journal;
using PolyArb.Domain.Orders;

namespace PolyArb.Storage;

/// <summary>
/// Facts and the tables made from them, inside one transaction. Positions are worked out once, in <see cref="Complete"/>, from all that their
/// token went through; so only where a trade moves them, and never for an order, which waits for this to be sent.
/// </summary>
internal sealed class ProjectionWriter(Statements statements)
{
    private static readonly string[] Tables = ["baskets", "orders", "order_intents", "fills", "positions", "settlements", "settled_tokens", "moved_tokens"];

    private readonly HashSet<string> _tokens = [];
    private long? _last;

    /// <summary>Its number is one more than the last one's: nobody else appends in this transaction's time.</summary>
    /// <param name="body">The fact as it is kept.</param>
    public void Append(Fact fact, string body)
    {
        var n = (_last ?? statements.Scalar("SELECT max(n) FROM facts") as long? ?? 0) + 1;
        statements.Execute(
            """
            INSERT INTO facts (n, at, kind, market, basket, body)
            VALUES (@n, @at, @kind, coalesce(@market, (SELECT market FROM orders WHERE id = @order)),
                    coalesce(@basket, (SELECT basket FROM orders WHERE id = @order)), @body)
            """,
            new
            {
                n,
                at = fact.At.Micros,
                kind = fact.GetType().Name,
                market = Projection.Market(fact)?.Text,
                basket = Projection.Basket(fact)?.Text,
                order = Projection.Order(fact)?.Text,
                body,
            });
        _last = n;
        Apply(n, fact);
    }

    public void Apply(long n, Fact fact)
    {
        var before = TradeOf(fact);
        foreach (var (sql, values) in Projection.Of(n, fact)) statements.Execute(sql, values);
        foreach (var token in Projection.Ordered(fact)) Name(token.Text);
        foreach (var token in Projection.Tokens(fact)) _tokens.Add(token.Text);
        if (TradeOf(fact) is { Token: { } traded } after && after != before) _tokens.Add(traded);
    }

    public void Complete()
    {
        foreach (var token in _tokens) WritePosition(token);
        _tokens.Clear();
    }

    public void Clear()
    {
        foreach (var table in Tables) statements.Execute($"DELETE FROM {table}");
        statements.Execute("DELETE FROM errors WHERE n > 0"); // The others are not made from facts.
    }

    /// <summary>The trade that the fact is news of, as far as a position depends on it; null when it is none, or not known.</summary>
    private Trade? TradeOf(Fact fact)
    {
        if (fact is not Fact.OrderChanged(_, OrderEvent.Filled(var fill))) return null;

        using var rows = statements.Rows(
            "SELECT token, side, size, amount, status = 'Failed' FROM fills WHERE trade_id = @trade AND order_id = @order",
            new { trade = fill.Trade.Text, order = fill.Order.Text });
        return rows.Read()
            ? new Trade(rows.IsDBNull(0) ? null : rows.GetString(0), rows.IsDBNull(1) ? null : rows.GetString(1), rows.GetInt64(2), rows.GetInt64(3), rows.GetBoolean(4))
            : null;
    }

    /// <summary>Of what was held before us nobody knew it.</summary>
    private void Name(string token) => statements.Execute(
        """
        UPDATE positions SET (market, condition, outcome) = (SELECT market, condition, outcome FROM orders WHERE token = @token LIMIT 1)
        WHERE token = @token AND market IS NULL
        """,
        new { token });

    private void WritePosition(string token)
    {
        var opening = (long?)statements.Scalar("SELECT opening FROM positions WHERE token = @token", new { token });
        var executions = Executions(token, out var fills);
        if (opening is null && fills == 0) return; // Ordered, never held.

        var holding = Holding.Of(opening ?? 0, executions);
        statements.Execute(
            """
            INSERT INTO positions (token, market, condition, outcome, opening, qty, avg_price)
            SELECT @token, market, condition, outcome, @opening, @qty, CAST(@average AS bigint) FROM
                (SELECT * FROM (SELECT market, condition, outcome FROM orders WHERE token = @token LIMIT 1) AS ordered
                 UNION ALL SELECT * FROM (SELECT market, condition, outcome FROM settled_tokens WHERE token = @token LIMIT 1) AS settled
                 UNION ALL SELECT NULL, NULL, NULL
                 LIMIT 1) AS named
            WHERE true
            ON CONFLICT (token) DO UPDATE
            SET market = excluded.market, condition = excluded.condition, outcome = excluded.outcome,
                qty = excluded.qty, avg_price = excluded.avg_price
            """,
            new { token, opening = opening ?? 0, qty = holding.Quantity, average = holding.AveragePrice });
    }

    /// <summary>What counts for the position, in the order it was told, and the number of rows with those that failed.</summary>
    private List<Execution> Executions(string token, out int fills)
    {
        using var rows = statements.Rows(
            """
            SELECT side, size, amount, status, seen, trade_id FROM fills WHERE token = @token
            UNION ALL
            SELECT CASE WHEN change < 0 THEN 'Sell' ELSE 'Buy' END, abs(change), NULL, 'Confirmed', seen, settlement FROM settled_tokens WHERE token = @token
            UNION ALL
            SELECT CASE WHEN change < 0 THEN 'Sell' ELSE 'Buy' END, abs(change), NULL, 'Confirmed', seen, '' FROM moved_tokens WHERE token = @token
            ORDER BY 5, 6
            """,
            new { token });
        List<Execution> executions = [];
        fills = 0;
        while (rows.Read())
        {
            fills++;
            if (rows.GetString(3) == "Failed") continue;

            executions.Add(new Execution(rows.GetString(0) == "Buy", rows.GetInt64(1), rows.IsDBNull(2) ? null : rows.GetInt64(2)));
        }

        return executions;
    }

    /// <param name="Token">Null, as the side: of an order that is not in this journal.</param>
    private sealed record Trade(string? Token, string? Side, long Size, long Amount, bool HasFailed);
}
