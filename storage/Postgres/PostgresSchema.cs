using System.Reflection;
using DbUp;
using DbUp.Engine;
using Npgsql;

namespace PolyArb.Storage;

/// <summary>Brings a database to the schema of this program, says whose it is, and refuses one that is newer or another's. One process at a time.</summary>
internal static class PostgresSchema
{
    internal const string Scripts = "PolyArb.Storage.migrations.postgres.";

    /// <summary>Any number, the same in every version.</summary>
    private const long Lock = 7_020_109;

    /// <summary>Throws <see cref="StorageException"/> or <see cref="DataDirectoryException"/>.</summary>
    public static void Prepare(PostgresConnection database, Identity identity)
    {
        try
        {
            using var connection = new NpgsqlConnection(database.ForWriters);
            connection.Open();
            using var waiting = connection.Question("SELECT pg_advisory_lock(@lock)", ("lock", Lock)); // The session holds it to its end.
            waiting.CommandTimeout = 60;
            waiting.ExecuteNonQuery();
            if (Newer(connection) is { } unknown) throw new StorageException(Schema.WrittenByNewer(database.Name, unknown));

            var upgrade = Upgrader(database.ForWriters).PerformUpgrade();
            if (!upgrade.Successful) throw Failed(database.Name, upgrade);

            Claim(connection, database.Name, identity);
        }
        catch (Exception e) when (PostgresTrouble.Explain(e, database.Name) is { } told)
        {
            throw told;
        }
    }

    /// <summary>Throws <see cref="StorageException"/>.</summary>
    public static DatabaseLook Look(PostgresConnection database)
    {
        try
        {
            using var connection = new NpgsqlConnection(database.ForWriters);
            connection.Open();
            if (Newer(connection) is { } unknown) return new DatabaseLook.Broken(Schema.WrittenByNewer(database.Name, unknown));

            using var size = connection.Question("SELECT pg_database_size(current_database())");
            var applied = Applied(connection);
            var missing = Assembly.GetManifestResourceNames().Count(name => name.StartsWith(Scripts, StringComparison.Ordinal) && !applied.Contains(name));
            return new DatabaseLook.Sound((long)size.ExecuteScalar()!, missing);
        }
        catch (Exception e) when (PostgresTrouble.Explain(e, database.Name) is { } told)
        {
            throw told;
        }
    }

    /// <summary>A script the database has seen and this program does not have; null when there is none.</summary>
    private static string? Newer(NpgsqlConnection connection)
    {
        HashSet<string> ours = [.. Assembly.GetManifestResourceNames()];
        return Applied(connection).FirstOrDefault(name => !ours.Contains(name)) is { } name
            ? name.StartsWith(Scripts, StringComparison.Ordinal) ? name[Scripts.Length..] : name
            : null;
    }

    private static SortedSet<string> Applied(NpgsqlConnection connection)
    {
        SortedSet<string> names = new(StringComparer.Ordinal);
        using var look = connection.Question("SELECT to_regclass('schemaversions') IS NOT NULL");
        if (look.ExecuteScalar() is not true) return names;

        using var command = connection.Question("SELECT scriptname FROM schemaversions");
        using var rows = command.ExecuteReader();
        while (rows.Read()) names.Add(rows.GetString(0));
        return names;
    }

    private static Assembly Assembly => typeof(PostgresSchema).Assembly;

    private static UpgradeEngine Upgrader(string connectionString) =>
        DeployChanges.To.PostgresqlDatabase(connectionString)
            .WithScriptsEmbeddedInAssembly(Assembly, name => name.StartsWith(Scripts, StringComparison.Ordinal))
            .WithVariablesDisabled()
            .WithTransaction()
            .LogToNowhere()
            .Build();

    private static StorageException Failed(string name, DatabaseUpgradeResult upgrade) =>
        upgrade.ErrorScript is null && PostgresTrouble.Explain(upgrade.Error, name) is { } told
            ? told
            : new StorageException(
                $"{name}: migration {upgrade.ErrorScript?.Name} failed ({upgrade.Error.Message.ReplaceLineEndings(" ")}); nothing was changed, restore a backup or report it",
                upgrade.Error);

    private static void Claim(NpgsqlConnection connection, string name, Identity identity)
    {
        if (identity.IsOfWallet)
        {
            using var claim = connection.Question(
                """INSERT INTO identity ("only", mode, chain_id, venue, wallet) VALUES (1, @mode, @chain, @venue, @wallet) ON CONFLICT DO NOTHING""",
                ("mode", identity.Mode), ("chain", identity.ChainId), ("venue", identity.Venue), ("wallet", identity.Wallet));
            claim.ExecuteNonQuery();
        }

        using var look = connection.Question("SELECT mode, chain_id, venue, wallet FROM identity");
        using var row = look.ExecuteReader();
        if (!row.Read()) return; // Nobody's yet who holds a key.

        var owner = new Identity(row.GetString(0), row.GetInt64(1), row.GetString(2), row.GetString(3));
        if (!owner.Admits(identity))
            throw new DataDirectoryException($"{name} belongs to ({owner}), not to ({identity}); use another database or the configuration it was made with");
    }
}
