using Microsoft.Data.Sqlite;

namespace PolyArb.Storage;

/// <summary>One writer's own connection, open from its first transaction on, its statements prepared. It writes inside the file's gate only.</summary>
/// <param name="pragma">Said once the connection is open; none when it is empty.</param>
internal sealed class KeptConnection(GatedSqliteDataSource source, string pragma = "") : IDisposable
{
    private SqliteConnection? _connection;
    private Statements? _statements;

    /// <summary>All of the work is committed, or none of it. Throws <see cref="SqliteException"/>, and what the work throws.</summary>
    public async Task<T> InTransaction<T>(Func<Statements, T> work)
    {
        using var gate = await source.Enter();
        try
        {
            _statements ??= Open();
            using var transaction = _statements.Begin(); // Immediate: nobody else writes between here and the commit.
            var result = work(_statements);
            transaction.Commit();
            return result;
        }
        catch (Exception)
        {
            Dispose(); // The file may have been the reason: begin anew.
            throw;
        }
    }

    private Statements Open()
    {
        _connection = source.OpenInside();
        var statements = new Statements(_connection);
        if (pragma.Length > 0) statements.Execute(pragma);
        return statements;
    }

    public void Dispose()
    {
        _statements?.Dispose();
        _connection?.Dispose();
        (_statements, _connection) = (null, null);
    }
}
