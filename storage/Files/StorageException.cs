using Microsoft.Data.Sqlite;

namespace PolyArb.Storage;

/// <summary>The disk or the file said no. One line: what, where, and what to do about it.</summary>
public sealed class StorageException(string message, Exception? inner = null) : Exception(message, inner)
{
    // SQLite's primary result codes (sqlite3.h).
    private const int Busy = 5, Locked = 6, ReadOnly = 8, IoError = 10, Corrupt = 11, Full = 13, CannotOpen = 14, NotADatabase = 26;

    public static StorageException From(SqliteException e, string file) => new(
        e.SqliteErrorCode switch
        {
            Busy or Locked => $"{file} is locked by another process; close whatever has it open and try again",
            ReadOnly => $"{file} cannot be written; give this user write access to it and its directory",
            IoError => $"reading or writing {file} failed ({e.Message}); check the disk",
            Corrupt or NotADatabase => $"{file} is damaged or not a database; restore a backup",
            Full => $"no space left for {file}; free some and try again",
            CannotOpen => $"{file} cannot be opened; check that it exists and that this user may read it",
            _ => $"{file}: {e.Message}",
        },
        e);
}
