using PolyArb.Domain.Journal;

namespace PolyArb.Storage;

/// <summary>Facts and the tables made from them, inside one transaction. Positions are worked out once, in <see cref="Complete"/>.</summary>
internal sealed class ProjectionWriter(Statements statements)
{
    private static readonly string[] Tables = ["baskets", "orders", "order_intents", "fills", "positions", "settlements", "settled_tokens", "moved_tokens"];

    private readonly HashSet<string> _orders = [];
    private readonly HashSet<string> _tokens = [];

    /// <param name="body">The fact as it is kept.</param>
    public void Append(Fact fact, string body) => Apply(
        (long)statements.Scalar(
            """
            INSERT INTO facts (at, kind, market, basket, body)
            VALUES (@at, @kind, ifnull(@market, (SELECT market FROM orders WHERE id = @order)),
                    ifnull(@basket, (SELECT basket FROM orders WHERE id = @order)), @body)
            RETURNING n
            """,
            new
            {
                at = fact.At.Micros,
                kind = fact.GetType().Name,
                market = Projection.Market(fact)?.Text,
                basket = Projection.Basket(fact)?.Text,
                order = Projection.Order(fact)?.Text,
                body,
            })!,
        fact);

    public void Apply(long n, Fact fact)
    {
        foreach (var (sql, values) in Projection.Of(n, fact)) statements.Execute(sql, values);
        foreach (var token in Projection.Tokens(fact)) _tokens.Add(token.Text);
        if (Projection.Order(fact) is { } order) _orders.Add(order.Text);
    }

    public void Complete()
    {
        foreach (var order in _orders)
        {
            if (statements.Scalar("SELECT token FROM orders WHERE id = @order", new { order }) is string token) _tokens.Add(token);
        }

        foreach (var token in _tokens) WritePosition(token);
        _orders.Clear();
        _tokens.Clear();
    }

    public void Clear()
    {
        foreach (var table in Tables) statements.Execute($"DELETE FROM {table}");
        statements.Execute("DELETE FROM errors WHERE n > 0"); // The others are not made from facts.
    }

    private void WritePosition(string token)
    {
        var opening = (long?)statements.Scalar("SELECT opening FROM positions WHERE token = @token", new { token });
        var executions = Executions(token, out var fills);
        if (opening is null && fills == 0) return; // Ordered, never held.

        var holding = Holding.Of(opening ?? 0, executions);
        statements.Execute(
            """
            INSERT INTO positions (token, market, condition, outcome, opening, qty, avg_price)
            SELECT @token, min(market), min(condition), max(outcome), @opening, @qty, @average FROM
                (SELECT market, condition, outcome FROM orders WHERE token = @token
                 UNION ALL SELECT market, condition, outcome FROM settled_tokens WHERE token = @token)
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
            SELECT iif(change < 0, 'Sell', 'Buy'), abs(change), NULL, 'Confirmed', seen, settlement FROM settled_tokens WHERE token = @token
            UNION ALL
            SELECT iif(change < 0, 'Sell', 'Buy'), abs(change), NULL, 'Confirmed', seen, '' FROM moved_tokens WHERE token = @token
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
}
