using System.Text.Json;
using Microsoft.Data.Sqlite;
using PolyArb.Domain.Journal;

namespace PolyArb.Storage;

/// <summary>A data directory cannot be used. One line: which, why, and what to do about it.</summary>
public sealed class DataDirectoryException(string message, Exception? inner = null) : Exception(message, inner);

/// <summary>
/// The files of one history: locked for this process, of the identity asked for, at this program's schema. Dispose when
/// everything that writes there has stopped.
/// </summary>
public sealed class DataDirectory : IDisposable
{
    private const string JournalName = "polyarb.db";
    private const string EventsName = "events.db";
    private const string IdentityName = "identity.json";

    internal const string LockName = "polyarb.lock";

    private readonly DirectoryLock _lock;

    private readonly GatedSqliteDataSource? _journal;

    private DataDirectory(string path, Identity identity, DirectoryLock held, string? journal, string events)
    {
        (Root, Identity, _lock) = (path, identity, held);
        _journal = journal is null ? null : GatedSqliteDataSource.Durable(journal);
        Events = GatedSqliteDataSource.Fast(events);
    }

    public string Root { get; }

    public Identity Identity { get; }

    /// <summary>Who had it before and did not end in good order, and since when; null: nobody, or it was left as it should.</summary>
    public string? DiedBefore => _lock.DiedBefore;

    public string Logs => Path.Combine(Root, "logs");

    /// <summary>The writers of polyarb.db: journal and grain storage share its gate. Of <see cref="OpenBeside"/> there is none.</summary>
    public GatedSqliteDataSource Journal => _journal ?? throw new InvalidOperationException($"the journal of {Root} is elsewhere");

    /// <summary>The writers of events.db.</summary>
    public GatedSqliteDataSource Events { get; }

    public static string JournalFile(string path) => Path.Combine(path, JournalName);

    public static string EventsFile(string path) => Path.Combine(path, EventsName);

    /// <summary>True where a history can begin: no such directory, or nothing in it.</summary>
    public static bool IsNewOrEmpty(string path) => !Path.Exists(path) || Directory.Exists(path) && !Directory.EnumerateFileSystemEntries(path).Any();

    /// <summary>
    /// Creates what is missing. Relative names of the two files start at the directory.
    /// Throws <see cref="DataDirectoryException"/> or <see cref="StorageException"/>.
    /// </summary>
    public static DataDirectory Open(
        string path, Identity identity, TimeProvider time, string journal = JournalName, string events = EventsName)
    {
        path = Path.GetFullPath(path);
        (journal, events) = (Path.Combine(path, journal), Path.Combine(path, events));
        return Held(path, time, held =>
        {
            Restore.MustBeFinished(path);
            Claim(path, journal, identity);
            Schema.PrepareJournal(journal);
            Schema.PrepareEvents(events);
            ClaimJournal(path, journal, identity);
            return new DataDirectory(path, identity, held, journal, events);
        });
    }

    /// <summary>
    /// Of a silo whose journal is in PostgreSQL: lock, stop file, logs and recorder are here, and nothing else. One that holds a journal is refused, whose
    /// facts would be forgotten. Throws <see cref="DataDirectoryException"/> or <see cref="StorageException"/>.
    /// </summary>
    /// <param name="journal">What a journal here would be called.</param>
    public static DataDirectory OpenBeside(
        string path, Identity identity, TimeProvider time, string journal = JournalName, string events = EventsName)
    {
        path = Path.GetFullPath(path);
        (journal, events) = (Path.Combine(path, journal), Path.Combine(path, events));
        return Held(path, time, held =>
        {
            if (File.Exists(journal))
                throw new DataDirectoryException($"{path} holds a journal ({Path.GetFileName(journal)}), and storage.provider is postgres; use another --data");

            Claim(path, journal, identity);
            Schema.PrepareEvents(events);
            return new DataDirectory(path, identity, held, journal: null, events);
        });
    }

    public void Dispose()
    {
        _journal?.Dispose();
        Events.Dispose();
        _lock.Dispose();
    }

    private static DataDirectory Held(string path, TimeProvider time, Func<DirectoryLock, DataDirectory> open)
    {
        Create(path);
        var held = DirectoryLock.Take(Path.Combine(path, LockName), time.GetUtcNow());
        try
        {
            return open(held);
        }
        catch
        {
            held.Dispose();
            throw;
        }
    }

    /// <summary>For its owner only: it tells what the wallet does.</summary>
    internal static void Create(string path)
    {
        try
        {
            foreach (var directory in (string[])[path, Path.Combine(path, "logs")])
            {
                if (OperatingSystem.IsWindows()) Directory.CreateDirectory(directory);
                else OwnersOnly(directory);
            }
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new DataDirectoryException($"{path} cannot be created ({e.Message}); choose another --data", e);
        }
    }

    [System.Runtime.Versioning.UnsupportedOSPlatform("windows")]
    private static void OwnersOnly(string directory)
    {
        const UnixFileMode mode = UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute;
        Directory.CreateDirectory(directory, mode);
        File.SetUnixFileMode(directory, mode); // One that was there already as well.
    }

    private static void Claim(string path, string journal, Identity identity)
    {
        if (OwnerOf(path, journal) is { } owner) Compare(path, owner, identity);

        var file = Path.Combine(path, IdentityName);
        if (File.Exists(file)) return;

        try
        {
            File.WriteAllText(file + ".new", DomainJson.Write(identity) + "\n");
            File.Move(file + ".new", file);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new DataDirectoryException($"{file} cannot be read or written ({e.Message}); check who owns the directory", e);
        }
    }

    /// <summary>By its own file, else by its journal; null when neither is there.</summary>
    internal static Identity? OwnerOf(string path, string journal)
    {
        var file = Path.Combine(path, IdentityName);
        try
        {
            if (File.Exists(file)) return DomainJson.Read<Identity>(File.ReadAllText(file));
        }
        catch (JsonException e)
        {
            throw new DataDirectoryException($"{file} cannot be read ({e.Message}); write it again as it was, or remove it: the journal says the same", e);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new DataDirectoryException($"{file} cannot be read or written ({e.Message}); check who owns the directory", e);
        }

        return File.Exists(journal) ? JournalOwner(journal) : null;
    }

    /// <summary>The journal itself says whose it is, so that a copied or restored polyarb.db is recognised too.</summary>
    private static void ClaimJournal(string path, string journal, Identity identity)
    {
        if (JournalOwner(journal) is { } owner)
        {
            Compare(path, owner, identity);
            return;
        }

        using var connection = new SqliteConnection($"Data Source={journal};Pooling=False");
        try
        {
            connection.Open();
            using var command = connection.CreateCommand();
            command.CommandText = "INSERT INTO identity (only, mode, chain_id, venue, wallet) VALUES (1, @mode, @chain, @venue, @wallet)";
            command.Parameters.AddWithValue("@mode", identity.Mode);
            command.Parameters.AddWithValue("@chain", identity.ChainId);
            command.Parameters.AddWithValue("@venue", identity.Venue);
            command.Parameters.AddWithValue("@wallet", identity.Wallet);
            command.ExecuteNonQuery();
        }
        catch (SqliteException e)
        {
            throw StorageException.From(e, journal);
        }
    }

    internal static Identity? JournalOwner(string journal)
    {
        using var connection = ReadOnlyDatabase.Open(journal);
        try
        {
            using var command = connection.CreateCommand();
            command.CommandText = "SELECT count(*) FROM sqlite_schema WHERE name = 'identity'";
            if ((long)command.ExecuteScalar()! == 0) return null;

            command.CommandText = "SELECT mode, chain_id, venue, wallet FROM identity";
            using var row = command.ExecuteReader();
            return row.Read() ? new Identity(row.GetString(0), row.GetInt64(1), row.GetString(2), row.GetString(3)) : null;
        }
        catch (SqliteException e)
        {
            throw StorageException.From(e, journal);
        }
    }

    internal static void Compare(string path, Identity found, Identity asked)
    {
        if (found.Admits(asked)) return;

        throw new DataDirectoryException($"{path} belongs to ({found}), not to ({asked}); use another --data or the configuration it was made with");
    }
}
