using System.Reflection;
using Microsoft.Data.Sqlite;

namespace PolyArb.Storage;

/// <summary>
/// The statements of one connection, each prepared once and kept: preparing them again costs more than running them. Values are given as
/// an anonymous object, by the parameters' names without the @.
/// </summary>
internal sealed class Statements(SqliteConnection connection) : IDisposable
{
    private readonly Dictionary<string, Prepared> _prepared = [];
    private SqliteTransaction? _transaction;

    public SqliteTransaction Begin() => _transaction = connection.BeginTransaction();

    public void Execute(string sql, object? values = null) => Bound(sql, values).ExecuteNonQuery();

    /// <summary>The first column of the first row; null where there is none, or no value in it.</summary>
    public object? Scalar(string sql, object? values = null) => Bound(sql, values).ExecuteScalar() is { } value and not DBNull ? value : null;

    /// <summary>The statement cannot run again before the reader is disposed.</summary>
    public SqliteDataReader Rows(string sql, object? values = null) => Bound(sql, values).ExecuteReader();

    public void Dispose()
    {
        foreach (var prepared in _prepared.Values) prepared.Command.Dispose();
        _prepared.Clear();
    }

    private SqliteCommand Bound(string sql, object? values)
    {
        if (!_prepared.TryGetValue(sql, out var prepared)) _prepared[sql] = prepared = Prepare(sql, values);

        prepared.Command.Transaction = _transaction;
        for (var i = 0; i < prepared.Properties.Length; i++)
            prepared.Command.Parameters[i].Value = prepared.Properties[i].GetValue(values) ?? DBNull.Value;
        return prepared.Command;
    }

    private Prepared Prepare(string sql, object? values)
    {
        var properties = values?.GetType().GetProperties() ?? [];
        var command = connection.CreateCommand();
        command.CommandText = sql;
        foreach (var property in properties) command.Parameters.Add(new SqliteParameter($"@{property.Name}", null));
        return new Prepared(command, properties);
    }

    private sealed record Prepared(SqliteCommand Command, PropertyInfo[] Properties);
}
