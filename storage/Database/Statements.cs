using System.Data;
using System.Data.Common;
using System.Reflection;

namespace PolyArb.Storage;

/// <summary>
/// The statements of one connection, each prepared once and kept: preparing them again costs more than running them. Values are given as
/// an anonymous object, by the parameters' names without the @.
/// </summary>
internal sealed class Statements(DbConnection connection, Dialect dialect) : IDisposable
{
    private const int WaitingMax = 500;

    private readonly Dictionary<string, Prepared> _prepared = [];
    private DbTransaction? _transaction;
    private DbBatch? _waiting;

    public DbTransaction Begin() => _transaction = connection.BeginTransaction(IsolationLevel.ReadCommitted);

    /// <summary>Nobody waits for its outcome: to a server it goes together with others, before the next question or the end.</summary>
    public void Execute(string sql, object? values = null)
    {
        if (connection.CanCreateBatch) Await(sql, values);
        else Bound(sql, values).ExecuteNonQuery();
    }

    /// <summary>How many rows it changed.</summary>
    public int Change(string sql, object? values = null)
    {
        Flush();
        return Bound(sql, values).ExecuteNonQuery();
    }

    /// <summary>The first column of the first row; null where there is none, or no value in it.</summary>
    public object? Scalar(string sql, object? values = null)
    {
        Flush();
        return Bound(sql, values).ExecuteScalar() is { } value and not DBNull ? value : null;
    }

    /// <summary>Nothing else can be said on this connection before the reader is disposed.</summary>
    public DbDataReader Rows(string sql, object? values = null)
    {
        Flush();
        return Bound(sql, values).ExecuteReader();
    }

    /// <summary>Sends what waits. Throws what the database throws about it.</summary>
    public void Flush()
    {
        if (_waiting is not { } batch) return;

        _waiting = null;
        using (batch) batch.ExecuteNonQuery();
    }

    public void Dispose()
    {
        _waiting?.Dispose();
        foreach (var prepared in _prepared.Values) prepared.Command.Dispose();
        _prepared.Clear();
    }

    private void Await(string sql, object? values)
    {
        if (_waiting is null)
        {
            _waiting = connection.CreateBatch();
            _waiting.Transaction = _transaction;
        }

        var command = _waiting.CreateBatchCommand();
        command.CommandText = sql;
        foreach (var property in values?.GetType().GetProperties() ?? [])
        {
            var parameter = command.CreateParameter();
            (parameter.ParameterName, parameter.Value) = (property.Name, Kept(property.GetValue(values)));
            command.Parameters.Add(parameter);
        }

        _waiting.BatchCommands.Add(command);
        if (_waiting.BatchCommands.Count >= WaitingMax) Flush();
    }

    private DbCommand Bound(string sql, object? values)
    {
        if (!_prepared.TryGetValue(sql, out var prepared)) _prepared[sql] = prepared = Prepare(sql, values);

        prepared.Command.Transaction = _transaction;
        for (var i = 0; i < prepared.Properties.Length; i++) prepared.Command.Parameters[i].Value = Kept(prepared.Properties[i].GetValue(values));
        return prepared.Command;
    }

    private Prepared Prepare(string sql, object? values)
    {
        var properties = values?.GetType().GetProperties() ?? [];
        var command = connection.CreateCommand();
        command.CommandText = sql;
        foreach (var property in properties)
        {
            var parameter = command.CreateParameter();
            parameter.ParameterName = $"@{property.Name}";
            command.Parameters.Add(parameter);
        }

        return new Prepared(command, properties);
    }

    private object Kept(object? value) => value switch
    {
        null => DBNull.Value,
        string text when !dialect.KeepsAnyText => Utf8Text.Of(text),
        _ => value,
    };

    private sealed record Prepared(DbCommand Command, PropertyInfo[] Properties);
}
