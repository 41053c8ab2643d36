using System.Data.Common;
using System.Globalization;
using PolyArb.Storage;

namespace PolyArb.Tests.Storage;

/// <summary>An empty history in one of the two databases, and a look into it past its owner.</summary>
public sealed class Store : IDisposable
{
    public static readonly Identity Nobody = Identity.Markets(137, new Uri("http://venue.test"));

    private readonly TempDirectory _directory = new();
    private readonly Func<IDatabase> _open;

    private Store(Func<TempDirectory, Func<IDatabase>> open)
    {
        _open = open(_directory);
        Database = _open();
        Events = _directory.Events();
    }

    public IDatabase Database { get; private set; }

    /// <summary>Always a file.</summary>
    public GatedSqliteDataSource Events { get; }

    public static Store Sqlite() => new(directory => directory.Journal);

    public static Store Postgres(PostgresServer server)
    {
        var connection = server.Prepared();
        return new Store(_ => () => PostgresDatabase.Open(connection, Nobody));
    }

    /// <summary>As after a restart.</summary>
    public void Reopen()
    {
        Close();
        Database = _open();
    }

    /// <summary>Every value of a question as text, a line a row.</summary>
    public string[] Rows(string sql)
    {
        using var connection = Database.OpenReader();
        using var command = connection.Question(sql);
        using var rows = command.ExecuteReader();
        List<string> all = [];
        while (rows.Read()) all.Add(string.Join(" | ", Enumerable.Range(0, rows.FieldCount).Select(i => Text(rows, i))));
        return [.. all];
    }

    public void Change(string sql)
    {
        using var gate = Database.Enter().AsTask().GetAwaiter().GetResult();
        using var connection = Database.OpenWriter();
        using var command = connection.Question(sql);
        command.ExecuteNonQuery();
    }

    /// <summary>Nobody appends until it is disposed.</summary>
    public async Task<IDisposable> Hold()
    {
        var gate = await Database.Enter();
        var connection = Database.OpenWriter();
        using var quiet = connection.Question(Database.Dialect == Dialect.Postgres ? "SET idle_in_transaction_session_timeout = 0" : "SELECT 1");
        quiet.ExecuteNonQuery();
        var transaction = connection.BeginTransaction();
        using var command = connection.Question(Database.Dialect.HoldFence);
        command.Transaction = transaction;
        command.ExecuteScalar();
        return new Held(gate, transaction, connection);
    }

    public void Dispose()
    {
        Close();
        Events.Dispose();
        _directory.Dispose();
    }

    private void Close() => (Database as IDisposable)?.Dispose();

    private static string Text(DbDataReader rows, int column) => rows.IsDBNull(column) ? "-" : Convert.ToString(rows.GetValue(column), CultureInfo.InvariantCulture)!;

    private sealed class Held(params IDisposable[] all) : IDisposable
    {
        public void Dispose()
        {
            foreach (var one in all.Reverse()) one.Dispose();
        }
    }
}
