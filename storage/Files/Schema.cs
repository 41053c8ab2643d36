using DbUp;
using DbUp.Engine;
using Microsoft.Data.Sqlite;

namespace PolyArb.Storage;

/// <summary>Brings a file to the schema of this program: creates it, runs the scripts it lacks, refuses one that is newer.</summary>
public static class Schema
{
    /// <summary>What the names of a file's scripts begin with.</summary>
    internal const string Journal = "PolyArb.Storage.migrations.sqlite.journal.";
    internal const string Events = "PolyArb.Storage.migrations.sqlite.events.";

    /// <summary>polyarb.db. Throws <see cref="StorageException"/>.</summary>
    public static void PrepareJournal(string file) => Prepare(file, Journal);

    /// <summary>events.db. Throws <see cref="StorageException"/>.</summary>
    public static void PrepareEvents(string file) => Prepare(file, Events);

    private static void Prepare(string file, string scripts)
    {
        var connectionString = new SqliteConnectionStringBuilder { DataSource = file, Pooling = false, DefaultTimeout = 5 }.ToString();
        try
        {
            using (var connection = new SqliteConnection(connectionString))
            {
                connection.Open();
                WriteAhead(connection);
                if (Newer(connection, scripts) is { } unknown) throw new StorageException(WrittenByNewer(file, unknown));
            }

            var upgrade = Upgrader(connectionString, scripts).PerformUpgrade();
            if (!upgrade.Successful) throw Failed(file, upgrade);
        }
        catch (SqliteException e)
        {
            throw StorageException.From(e, file);
        }
    }

    /// <summary>A script the file has seen and this program does not have; null when there is none.</summary>
    internal static string? Newer(SqliteConnection connection, string scripts)
    {
        HashSet<string> ours = [.. typeof(Schema).Assembly.GetManifestResourceNames()];
        return Applied(connection).FirstOrDefault(name => !ours.Contains(name)) is { } name
            ? name.StartsWith(scripts, StringComparison.Ordinal) ? name[scripts.Length..] : name
            : null;
    }

    /// <summary>How many of this program's scripts the file has not seen.</summary>
    internal static int Missing(SqliteConnection connection, string scripts)
    {
        var applied = Applied(connection);
        return typeof(Schema).Assembly.GetManifestResourceNames()
            .Count(name => name.StartsWith(scripts, StringComparison.Ordinal) && !applied.Contains(name));
    }

    internal static string WrittenByNewer(string file, string script) =>
        $"{file} was written by a newer version (it has {script}); run that version or restore a backup";

    /// <summary>The file keeps it.</summary>
    private static void WriteAhead(SqliteConnection connection)
    {
        using var command = connection.CreateCommand();
        command.CommandText = "PRAGMA journal_mode=WAL";
        command.ExecuteNonQuery();
    }

    private static SortedSet<string> Applied(SqliteConnection connection)
    {
        using var command = connection.CreateCommand();
        command.CommandText = "SELECT count(*) FROM sqlite_schema WHERE name = 'SchemaVersions'";
        SortedSet<string> names = new(StringComparer.Ordinal);
        if ((long)command.ExecuteScalar()! == 0) return names;

        command.CommandText = "SELECT ScriptName FROM SchemaVersions";
        using var rows = command.ExecuteReader();
        while (rows.Read()) names.Add(rows.GetString(0));
        return names;
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
