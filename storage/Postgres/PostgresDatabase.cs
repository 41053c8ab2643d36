using System.Data.Common;
using Npgsql;

namespace PolyArb.Storage;

/// <summary>
/// A history in PostgreSQL, which several silos share: facts and what is made from them, snapshots, errors, identity, the gateway's lease, and
/// Orleans' grain storage and membership. Each silo keeps its recorder in a data directory of its own.
/// </summary>
public sealed class PostgresDatabase : IDatabase, IDisposable
{
    private readonly NpgsqlDataSource _writers;
    private readonly NpgsqlDataSource _readers;

    private PostgresDatabase(PostgresConnection connection)
    {
        Name = connection.Name;
        _writers = NpgsqlDataSource.Create(connection.ForWriters);
        _readers = NpgsqlDataSource.Create(connection.ForReaders);
        Grains = NpgsqlDataSource.Create(connection.ForOrleans);
    }

    public string Name { get; }

    /// <summary>For Orleans' grain storage, whose invariant is "Npgsql".</summary>
    public DbDataSource Grains { get; }

    Dialect IDatabase.Dialect => Dialect.Postgres;

    /// <summary>
    /// Migrated, and of the identity asked for; the first to come writes that down. Several silos may do so at once. Blocks for as long as that
    /// takes. Throws <see cref="StorageException"/>, or <see cref="DataDirectoryException"/> when it belongs to somebody else.
    /// </summary>
    /// <param name="connectionString">Npgsql's form. It is a secret, and in no message.</param>
    public static PostgresDatabase Open(string connectionString, Identity identity)
    {
        var connection = PostgresConnection.Of(connectionString);
        PostgresSchema.Prepare(connection, identity);
        return new PostgresDatabase(connection);
    }

    /// <summary>What it looks like from outside; nothing is made, migrated or claimed. Blocks until PostgreSQL answers, some seconds at most.</summary>
    public static DatabaseLook Look(string connectionString)
    {
        try
        {
            return PostgresSchema.Look(PostgresConnection.Of(connectionString));
        }
        catch (StorageException e)
        {
            return new DatabaseLook.Broken(e.Message);
        }
    }

    /// <summary>For Orleans' clustering, which wants a text. A secret.</summary>
    public static string RevealForOrleans(string connectionString) => PostgresConnection.Of(connectionString).ForOrleans;

    public void Dispose()
    {
        _writers.Dispose();
        _readers.Dispose();
        Grains.Dispose();
    }

    /// <summary>A connection of its own for the lease: nobody's work is before it.</summary>
    internal NpgsqlDataSource Writers => _writers;

    ValueTask<IDisposable> IDatabase.Enter(CancellationToken cancellationToken) => new(Free.OfAll); // The server sees to it.

    DbConnection IDatabase.OpenWriter() => Begun(_writers.OpenConnection());

    /// <summary>One that the server has ended meanwhile is found out here, and not in the middle of an answer.</summary>
    DbConnection IDatabase.OpenReader()
    {
        try
        {
            return Proven(_readers.OpenConnection());
        }
        catch (Exception e) when (PostgresTrouble.IsLost(e))
        {
            _readers.Clear(); // What else it keeps was lost with this one.
            return _readers.OpenConnection();
        }
    }

    StorageException? IDatabase.Explain(Exception e) => PostgresTrouble.Explain(e, Name);

    bool IDatabase.IsOfRow(Exception e) => PostgresTrouble.IsOfRow(e);

    bool IDatabase.IsLost(Exception e) => PostgresTrouble.IsLost(e);

    private static NpgsqlConnection Proven(NpgsqlConnection connection) => Said(connection, "SELECT 1");

    /// <summary>A process that is stopped in the middle of a transaction holds the fence, and must not hold it up for those who take over.</summary>
    private static NpgsqlConnection Begun(NpgsqlConnection connection) => Said(connection, "SET idle_in_transaction_session_timeout = '1s'");

    private static NpgsqlConnection Said(NpgsqlConnection connection, string sql)
    {
        try
        {
            using var command = connection.Question(sql);
            command.ExecuteNonQuery();
            return connection;
        }
        catch
        {
            connection.Dispose();
            throw;
        }
    }

    private sealed class Free : IDisposable
    {
        public static readonly IDisposable OfAll = new Free();

        public void Dispose()
        {
        }
    }
}
