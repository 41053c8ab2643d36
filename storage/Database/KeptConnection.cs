using System.Data.Common;

namespace PolyArb.Storage;

/// <summary>One writer's own connection, open from its first transaction on, its statements prepared. It writes inside the gate only.</summary>
/// <param name="isRelaxed">A power loss may take its last commits.</param>
internal sealed class KeptConnection(IDatabase database, bool isRelaxed = false) : IDisposable
{
    private DbConnection? _connection;
    private Statements? _statements;

    /// <summary>
    /// All of the work is committed, or none of it; after <see cref="InDoubtException"/> nobody knows. Throws what the database throws, and what
    /// the work throws. A connection that was lost while nobody used it is replaced, and the work done again.
    /// </summary>
    public async Task<T> InTransaction<T>(Func<Statements, T> work)
    {
        using var gate = await database.Enter();
        var wasOpen = _statements is not null;
        try
        {
            return Try(work);
        }
        catch (Exception e) when (wasOpen && database.IsLost(e))
        {
            return Try(work);
        }
    }

    private T Try<T>(Func<Statements, T> work)
    {
        var isCommitting = false;
        try
        {
            _statements ??= Open();
            using var transaction = _statements.Begin();
            var result = work(_statements);
            _statements.Flush();
            isCommitting = true;
            transaction.Commit();
            return result;
        }
        catch (Exception e)
        {
            Dispose(); // The database may have been the reason: begin anew.
            if (isCommitting && database.Dialect.LeaveMark.Length > 0) throw new InDoubtException(e);
            throw;
        }
    }

    private Statements Open()
    {
        _connection = database.OpenWriter();
        var statements = new Statements(_connection, database.Dialect);
        var first = isRelaxed ? database.Dialect.Relaxed : database.Dialect.Durable;
        if (first.Length > 0) statements.Change(first);
        return statements;
    }

    public void Dispose()
    {
        _statements?.Dispose();
        _connection?.Dispose();
        (_statements, _connection) = (null, null);
    }
}
