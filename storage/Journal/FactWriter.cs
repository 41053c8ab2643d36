using Microsoft.Data.Sqlite;
using PolyArb.Domain.Journal;

namespace PolyArb.Storage;

/// <summary>Inserts facts with one prepared statement.</summary>
internal sealed class FactWriter : IDisposable
{
    private readonly SqliteCommand _insert;

    public FactWriter(SqliteConnection connection, SqliteTransaction transaction)
    {
        _insert = connection.CreateCommand();
        _insert.Transaction = transaction;
        _insert.CommandText =
            """
            INSERT INTO facts (at, kind, market, basket, body)
            VALUES (@at, @kind, ifnull(@market, (SELECT market FROM orders WHERE id = @order)),
                    ifnull(@basket, (SELECT basket FROM orders WHERE id = @order)), @body)
            RETURNING n
            """;
        foreach (var name in (string[])["@at", "@kind", "@market", "@basket", "@order", "@body"]) _insert.Parameters.Add(new SqliteParameter(name, null));
    }

    /// <summary>Returns the number it got.</summary>
    public long Insert(Fact fact, string body)
    {
        Set("@at", fact.At.Micros);
        Set("@kind", fact.GetType().Name);
        Set("@market", Projection.Market(fact)?.Text);
        Set("@basket", Projection.Basket(fact)?.Text);
        Set("@order", Projection.Order(fact)?.Text);
        Set("@body", body);
        return (long)_insert.ExecuteScalar()!;
    }

    public void Dispose() => _insert.Dispose();

    private void Set(string name, object? value) => _insert.Parameters[name].Value = value ?? DBNull.Value;
}
