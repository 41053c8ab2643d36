using System.Data.Common;
using Microsoft.Data.Sqlite;

namespace PolyArb.Storage;

/// <summary>
/// The writers of one file: one open connection at a time, and waiting for it is asynchronous, so that writers of this process
/// never meet SQLite's own busy wait, which sleeps on pool threads. Readers take connections of their own.
/// </summary>
public sealed class GatedSqliteDataSource : DbDataSource, IDatabase
{
    /// <summary>SQLite's code for a broken constraint.</summary>
    private const int Constraint = 19;

    private readonly SemaphoreSlim _gate = new(1, 1);
    private readonly string _pragmas;

    private GatedSqliteDataSource(string file, string synchronous)
    {
        File = file;
        ConnectionString = new SqliteConnectionStringBuilder { DataSource = file, Mode = SqliteOpenMode.ReadWrite }.ToString();
        _pragmas = $"PRAGMA synchronous={synchronous}; PRAGMA busy_timeout=5000;"; // Both are per connection.
    }

    /// <summary>Committed is on disk, also after a power loss.</summary>
    public static GatedSqliteDataSource Durable(string file) => new(file, "FULL");

    /// <summary>A power loss may take the last commits; the file stays whole.</summary>
    public static GatedSqliteDataSource Fast(string file) => new(file, "NORMAL");

    public string File { get; }

    public override string ConnectionString { get; }

    string IDatabase.Name => File;

    Dialect IDatabase.Dialect => Dialect.Sqlite;

    /// <summary>A connection through the gate; disposing it lets the next one in.</summary>
    public new async ValueTask<SqliteConnection> OpenConnectionAsync(CancellationToken cancellationToken = default) =>
        (SqliteConnection)await base.OpenConnectionAsync(cancellationToken);

    /// <summary>The gate alone, for a writer that keeps its connection; disposing it lets the next one in.</summary>
    public async ValueTask<IDisposable> Enter(CancellationToken cancellationToken = default)
    {
        await _gate.WaitAsync(cancellationToken).ConfigureAwait(false);
        return new Inside(_gate);
    }

    /// <summary>A connection for whoever is inside the gate each time he writes.</summary>
    public SqliteConnection OpenInside() => Opened(gate: null);

    DbConnection IDatabase.OpenWriter() => OpenInside();

    DbConnection IDatabase.OpenReader() => ReadOnlyDatabase.Open(File);

    StorageException? IDatabase.Explain(Exception e) => e switch
    {
        StorageException told => told,
        SqliteException known => StorageException.From(known, File),
        _ => null,
    };

    bool IDatabase.IsOfRow(Exception e) => e is SqliteException { SqliteErrorCode: Constraint };

    bool IDatabase.IsLost(Exception e) => false;

    protected override async ValueTask<DbConnection> OpenDbConnectionAsync(CancellationToken cancellationToken = default)
    {
        await _gate.WaitAsync(cancellationToken).ConfigureAwait(false);
        return Opened(_gate);
    }

    /// <summary>Not through the gate: the grain storage looks at the type of one, and never opens it.</summary>
    protected override DbConnection CreateDbConnection() => new GatedConnection(ConnectionString, null);

    protected override DbConnection OpenDbConnection() => throw new NotSupportedException("only OpenConnectionAsync passes the gate");

    protected override void Dispose(bool disposing)
    {
        if (disposing)
        {
            // A pooled connection would keep writing to a file that was deleted or replaced.
            using var pooled = new SqliteConnection(ConnectionString);
            SqliteConnection.ClearPool(pooled);
        }

        base.Dispose(disposing);
    }

    private GatedConnection Opened(SemaphoreSlim? gate)
    {
        var connection = new GatedConnection(ConnectionString, gate);
        try
        {
            connection.Open(); // Pooled: microseconds.
            using var command = connection.CreateCommand();
            command.CommandText = _pragmas;
            command.ExecuteNonQuery();
            return connection;
        }
        catch
        {
            connection.Dispose();
            throw;
        }
    }

    private sealed class Inside(SemaphoreSlim gate) : IDisposable
    {
        private SemaphoreSlim? _gate = gate;

        public void Dispose() => Interlocked.Exchange(ref _gate, null)?.Release();
    }

    private sealed class GatedConnection(string connectionString, SemaphoreSlim? gate) : SqliteConnection(connectionString)
    {
        private SemaphoreSlim? _gate = gate;

        protected override void Dispose(bool disposing)
        {
            base.Dispose(disposing);
            Interlocked.Exchange(ref _gate, null)?.Release();
        }
    }
}
