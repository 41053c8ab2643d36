using System.Collections.Immutable;
using System.Data.Common;
using PolyArb.Domain;
using PolyArb.Domain.Edges;
using PolyArb.Domain.Orders;

namespace PolyArb.Storage;

/// <summary>
/// The journal's tables for whoever looks, on a connection of its own for each question: it may lag, never hold
/// anybody up, and works while a silo writes. Every method throws <see cref="StorageException"/>.
/// </summary>
public sealed class JournalReader(IDatabase database)
{
    /// <param name="file">polyarb.db.</param>
    public JournalReader(string file) : this(GatedSqliteDataSource.Durable(file))
    {
    }

    /// <summary>The newest first.</summary>
    public ImmutableArray<OrderRow> Orders(int max = int.MaxValue) => Read(
        """
        SELECT id, basket, market, condition, token, side, type, price, size, matched, status, why, created_at
        FROM orders ORDER BY created_at DESC, id LIMIT @max
        """,
        max,
        row => new OrderRow(
            new OrderId(row.GetString(0)),
            new BasketId(row.GetString(1)),
            new MarketId(row.GetString(2)),
            new ConditionId(row.GetString(3)),
            new TokenId(row.GetString(4)),
            Enum.Parse<Side>(row.GetString(5)),
            Enum.Parse<OrderType>(row.GetString(6)),
            new Price(row.GetInt32(7)),
            new Size(row.GetInt64(8)),
            new Size(row.GetInt64(9)),
            row.GetString(10),
            row.GetString(11),
            new Instant(row.GetInt64(12)).Millis));

    /// <summary>The newest first.</summary>
    public ImmutableArray<FillRow> Fills(int max = int.MaxValue) => Read(
        "SELECT trade_id, order_id, token, side, price, size, fee, status, at FROM fills ORDER BY at DESC, seen DESC, trade_id LIMIT @max",
        max,
        row => new FillRow(
            new TradeId(row.GetString(0)),
            new OrderId(row.GetString(1)),
            Text(row, 2) is { } token ? new TokenId(token) : null,
            Text(row, 3) is { } side ? Enum.Parse<Side>(side) : null,
            new Price(row.GetInt32(4)),
            new Size(row.GetInt64(5)),
            new Usd(row.GetInt64(6)),
            Enum.Parse<TradeStatus>(row.GetString(7)),
            new Instant(row.GetInt64(8)).Millis));

    /// <summary>What is held now.</summary>
    public ImmutableArray<PositionRow> Positions(int max = int.MaxValue) => Read(
        "SELECT market, condition, token, outcome, qty, avg_price FROM positions WHERE qty <> 0 ORDER BY market, condition, token LIMIT @max",
        max,
        row => new PositionRow(
            Text(row, 0) is { } market ? new MarketId(market) : null,
            Text(row, 1) is { } condition ? new ConditionId(condition) : null,
            new TokenId(row.GetString(2)),
            Text(row, 3) is { } outcome ? Enum.Parse<Outcome>(outcome) : null,
            new Size(row.GetInt64(4)),
            row.IsDBNull(5) ? null : new Usd(row.GetInt64(5))));

    /// <summary>The newest first.</summary>
    public ImmutableArray<BasketRow> Baskets(int max = int.MaxValue) => Read(
        "SELECT id, market, kind, qty, locked, state, note, opened_at FROM baskets ORDER BY opened_at DESC, id LIMIT @max",
        max,
        row => new BasketRow(
            new BasketId(row.GetString(0)),
            new MarketId(row.GetString(1)),
            Enum.Parse<BasketKind>(row.GetString(2)),
            new Size(row.GetInt64(3)),
            new Usd(row.GetInt64(4)),
            row.GetString(5),
            row.GetString(6),
            new Instant(row.GetInt64(7)).Millis));

    /// <summary>The newest first.</summary>
    public ImmutableArray<ErrorRow> Errors(int max = int.MaxValue) => Read(
        "SELECT at, \"where\", what FROM errors ORDER BY at DESC, abs(n) DESC LIMIT @max",
        max,
        row => new ErrorRow(new Instant(row.GetInt64(0)).Millis, row.GetString(1), row.GetString(2)));

    /// <summary>In their order, after the number given: ask again with the last one's to follow the journal.</summary>
    public ImmutableArray<FactRow> Facts(long after = 0, int max = int.MaxValue) => Read(
        "SELECT n, at, kind, market, basket, body FROM facts WHERE n > @after ORDER BY n LIMIT @max",
        max,
        row => new FactRow(
            row.GetInt64(0),
            new Instant(row.GetInt64(1)).Millis,
            row.GetString(2),
            Text(row, 3) is { } market ? new MarketId(market) : null,
            Text(row, 4) is { } basket ? new BasketId(basket) : null,
            row.GetString(5)),
        after);

    private ImmutableArray<T> Read<T>(string sql, int max, Func<DbDataReader, T> read, long after = 0)
    {
        try
        {
            using var connection = database.OpenReader();
            using var command = connection.Question(sql, ("@max", max), ("@after", after));
            using var rows = command.ExecuteReader();
            var all = ImmutableArray.CreateBuilder<T>();
            while (rows.Read()) all.Add(read(rows));
            return all.ToImmutable();
        }
        catch (Exception e) when (database.Explain(e) is { } told)
        {
            throw told;
        }
    }

    private static string? Text(DbDataReader row, int column) => row.IsDBNull(column) ? null : row.GetString(column);
}
