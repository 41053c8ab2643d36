using Npgsql;
using PolyArb.Storage;
using Xunit;

namespace PolyArb.Tests.Storage;

public sealed class PostgresSchemaTests(PostgresServer server)
{
    private static readonly Identity Ours = Identity.Live(137, new Uri("https://venue.test"), "0xAA");

    [Fact]
    public async Task Three_silos_that_start_at_once_migrate_once_and_agree_whose_it_is()
    {
        var connection = server.Empty();

        var opened = await Task.WhenAll(Enumerable.Range(0, 3).Select(_ => Task.Run(() => PostgresDatabase.Open(connection, Ours))));

        Assert.Equal(["6 | 6"], Look(opened[0], "SELECT count(*), count(DISTINCT scriptname) FROM schemaversions"));
        Assert.Equal(["live | 137 | venue.test:443 | 0xaa"], Look(opened[0], "SELECT mode, chain_id, venue, wallet FROM identity"));
        Assert.Equal(["0"], Look(opened[0], "SELECT token FROM fence"));
        foreach (var database in opened) database.Dispose();
    }

    [Fact]
    public void Another_wallet_chain_or_venue_is_refused_with_both_names()
    {
        var connection = server.Prepared();
        PostgresDatabase.Open(connection, Ours).Dispose();

        var refusal = Assert.Throws<DataDirectoryException>(() => PostgresDatabase.Open(connection, Ours with { Wallet = "0xbb" }));

        Assert.Contains("belongs to (live, chain 137, venue.test:443, wallet 0xaa), not to (live, chain 137, venue.test:443, wallet 0xbb)", refusal.Message, StringComparison.Ordinal);
        Assert.Throws<DataDirectoryException>(() => PostgresDatabase.Open(connection, Ours with { ChainId = 80002 }));
        Assert.Throws<DataDirectoryException>(() => PostgresDatabase.Open(connection, Identity.Markets(137, new Uri("https://other.test"))));
    }

    [Fact]
    public void A_silo_without_a_key_joins_whoever_owns_it_and_owns_nothing_itself()
    {
        var connection = server.Prepared();
        var markets = Identity.Markets(137, new Uri("https://venue.test"));
        PostgresDatabase.Open(connection, markets).Dispose();
        PostgresDatabase.Open(connection, Ours).Dispose();

        using var database = PostgresDatabase.Open(connection, markets);

        Assert.Equal(["0xaa"], Look(database, "SELECT wallet FROM identity"));
    }

    [Fact]
    public void A_database_of_a_newer_version_is_refused()
    {
        var connection = server.Prepared();
        using (var database = PostgresDatabase.Open(connection, Ours))
            Look(database, "INSERT INTO schemaversions (scriptname, applied) VALUES ('PolyArb.Storage.migrations.postgres.900_future.sql', now()) RETURNING 1");

        var refusal = Assert.Throws<StorageException>(() => PostgresDatabase.Open(connection, Ours));

        Assert.Contains("was written by a newer version (it has 900_future.sql)", refusal.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_migration_that_fails_names_itself_and_changes_nothing()
    {
        var connection = server.Empty();
        Do(connection, "CREATE TABLE orders (mine text)");

        var refusal = Assert.Throws<StorageException>(() => PostgresDatabase.Open(connection, Ours));

        Assert.Contains("002_projections.sql failed", refusal.Message, StringComparison.Ordinal);
        Do(connection, "CREATE TABLE facts (n integer)"); // It is not there.
    }

    [Theory]
    [InlineData("Password=mistyped", "refuses the user of DATABASE_CONNECTION")]
    [InlineData("Database=nowhere", "nowhere at 127.0.0.1:")]
    [InlineData("Database=nowhere", "does not exist; create it (docs/operations.md)")]
    [InlineData("Port=1", "cannot be reached (ConnectionRefused); start PostgreSQL")]
    [InlineData("Host=", "must name Host and Database")]
    [InlineData("Nonsense=1", "cannot be read: must be Host=..;Database=..")]
    public void What_is_wrong_with_a_connection_is_one_line_without_the_password(string change, string line)
    {
        var refusal = Assert.Throws<StorageException>(() => PostgresDatabase.Open($"{server.Prepared()};{change}", Ours));

        Assert.Contains(line, refusal.Message, StringComparison.Ordinal);
        Assert.DoesNotContain('\n', refusal.Message);
        Assert.DoesNotContain(PrivatePostgres.Password, refusal.ToString(), StringComparison.Ordinal);
        Assert.DoesNotContain("mistyped", refusal.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public void The_doctor_sees_it_without_touching_it()
    {
        var connection = server.Empty();

        Assert.Equal(6, Assert.IsType<DatabaseLook.Sound>(PostgresDatabase.Look(connection)).ScriptsMissing);
        Assert.Equal(6, Assert.IsType<DatabaseLook.Sound>(PostgresDatabase.Look(connection)).ScriptsMissing);
        Assert.Equal(0, Assert.IsType<DatabaseLook.Sound>(PostgresDatabase.Look(server.Prepared())).ScriptsMissing);
        Assert.Contains("refuses the user", Assert.IsType<DatabaseLook.Broken>(PostgresDatabase.Look($"{connection};Password=mistyped")).Why, StringComparison.Ordinal);
    }

    /// <summary>Whatever a table of SQLite's journal holds has its place here, under the same name.</summary>
    [Fact]
    public void The_tables_and_columns_are_those_of_SQLite()
    {
        using var directory = new TempDirectory();
        using var file = directory.Journal();
        using var database = PostgresDatabase.Open(server.Prepared(), Ours);

        var here = Look(database, "SELECT table_name || '.' || column_name FROM information_schema.columns WHERE table_schema = 'public'");
        var there = Rows.Of(file.File, """
            SELECT m.name || '.' || p.name FROM sqlite_schema AS m JOIN pragma_table_info(m.name) AS p
            WHERE m.type = 'table' AND m.name <> 'SchemaVersions' AND m.name NOT LIKE 'sqlite%'
            """);

        Assert.Empty(there.Select(column => column.ToLowerInvariant()).Except(here));
    }

    private static string[] Look(IDatabase database, string sql)
    {
        using var connection = database.OpenReader();
        using var command = connection.Question(sql);
        using var rows = command.ExecuteReader();
        List<string> all = [];
        while (rows.Read()) all.Add(string.Join(" | ", Enumerable.Range(0, rows.FieldCount).Select(rows.GetValue)));
        return [.. all];
    }

    private static void Do(string connectionString, string sql)
    {
        using var connection = new NpgsqlConnection(connectionString + ";Pooling=false");
        connection.Open();
        using var command = connection.Question(sql);
        command.ExecuteNonQuery();
    }
}
