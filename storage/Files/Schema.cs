using DbUp;
using DbUp.Engine;
using Microsoft.Data.Sqlite;

namespace PolyArb.Storage;

/// <summary>Brings a file to the schema of this program: creates it, runs the scripts it lacks, refuses one that is newer.</summary>
public static class Schema
{
    /// <summary>polyarb.db. Throws <see cref="StorageException"/>.</summary>
    public static void PrepareJournal(string file) => Prepare(file, "PolyArb.Storage.migrations.sqlite.journal.");

    /// <summary>events.db. Throws <see cref="StorageException"/>.</summary>
    public static void PrepareEvents(string file) => Prepare(file, "PolyArb.Storage.migrations.sqlite.events.");

    private static void Prepare(string file, string scripts)
    {
        var connectionString = new SqliteConnectionStringBuilder { DataSource = file, Pooling = false, DefaultTimeout = 5 }.ToString();
        try
        {
            using (var connection = new SqliteConnection(connectionString))
            {
                connection.Open();
                if (Newer(connection, scripts) is { } unknown)
                {
                    throw new StorageException($"{file} was written by a newer version (it has {unknown}); run that version or restore a backup");
                }
            }

            var upgrade = Upgrader(connectionString, scripts).PerformUpgrade();
            if (!upgrade.Successful) throw Failed(file, upgrade);
        }
        catch (SqliteException e)
        {
            throw StorageException.From(e, file);
        }
    }

    /// <summary>Sets WAL, which the file keeps, and names a script it has seen and this program does not have.</summary>
    private static string? Newer(SqliteConnection connection, string scripts)
    {
        using var command = connection.CreateCommand();
        command.CommandText = "PRAGMA journal_mode=WAL";
        command.ExecuteNonQuery();

        command.CommandText = "SELECT count(*) FROM sqlite_schema WHERE name = 'SchemaVersions'";
        if ((long)command.ExecuteScalar()! == 0) return null;

        HashSet<string> ours = [.. typeof(Schema).Assembly.GetManifestResourceNames()];
        command.CommandText = "SELECT ScriptName FROM SchemaVersions ORDER BY ScriptName";
        using var rows = command.ExecuteReader();
        while (rows.Read())
        {
            var name = rows.GetString(0);
            if (!ours.Contains(name)) return name.StartsWith(scripts, StringComparison.Ordinal) ? name[scripts.Length..] : name;
        }

        return null;
    }

    private static UpgradeEngine Upgrader(string connectionString, string scripts) =>
        DeployChanges.To.SqliteDatabase(connectionString)
            .WithScriptsEmbeddedInAssembly(typeof(Schema).Assembly, name => name.StartsWith(scripts, StringComparison.Ordinal))
            .WithVariablesDisabled()
            .WithTransaction()
            .LogToNowhere()
            .Build();

    private static StorageException Failed(string file, DatabaseUpgradeResult upgrade) =>
        upgrade.Error is SqliteException e && upgrade.ErrorScript is null
            ? StorageException.From(e, file)
            : new StorageException(
                $"{file}: migration {upgrade.ErrorScript?.Name} failed ({upgrade.Error.Message}); nothing was changed, restore a backup or report it",
                upgrade.Error);
}
