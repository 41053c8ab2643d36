using Npgsql;
using PolyArb.Storage;
using PolyArb.Tests.Storage;
using Xunit;

[assembly: AssemblyFixture(typeof(PostgresServer))]

namespace PolyArb.Tests.Storage;

/// <summary>One server for all tests, started for the first that needs it, with as many databases as they ask for.</summary>
public sealed class PostgresServer : IDisposable
{
    private const string Template = "template_of_tests";

    private readonly Lazy<PrivatePostgres> _server = new(Start);
    private int _databases;

    /// <summary>The connection string of an empty database, without a table in it.</summary>
    public string Empty()
    {
        var name = $"test{Interlocked.Increment(ref _databases)}";
        _server.Value.Change($"CREATE DATABASE {name}");
        return _server.Value.ConnectionTo(name);
    }

    /// <summary>The same, migrated, and nobody's yet.</summary>
    public string Prepared()
    {
        var name = $"test{Interlocked.Increment(ref _databases)}";
        lock (_server) _server.Value.Change($"CREATE DATABASE {name} TEMPLATE {Template}");
        return _server.Value.ConnectionTo(name);
    }

    public PrivatePostgres Itself => _server.Value;

    public void Dispose()
    {
        if (!_server.IsValueCreated) return;

        NpgsqlConnection.ClearAllPools();
        _server.Value.Dispose();
    }

    private static PrivatePostgres Start()
    {
        var server = new PrivatePostgres();
        server.Change($"CREATE DATABASE {Template}");
        PostgresDatabase.Open(server.ConnectionTo(Template), Store.Nobody).Dispose();
        return server;
    }
}
