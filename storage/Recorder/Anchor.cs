using Microsoft.Data.Sqlite;

namespace PolyArb.Storage;

/// <summary>Where the chain of an events.db begins: after the last row that was deleted, or at the very first.</summary>
internal sealed record Anchor(long Number, byte[] Seal)
{
    public static Anchor Read(SqliteConnection connection)
    {
        using var command = connection.CreateCommand();
        command.CommandText = "SELECT count(*) FROM sqlite_schema WHERE name = 'anchor'";
        if ((long)command.ExecuteScalar()! == 0) return new Anchor(0, Storage.Seal.Genesis); // Written before rows were ever deleted.

        command.CommandText = "SELECT n, seal FROM anchor";
        using var row = command.ExecuteReader();
        return row.Read() ? new Anchor(row.GetInt64(0), row.GetFieldValue<byte[]>(1)) : new Anchor(0, Storage.Seal.Genesis);
    }

    /// <summary>
    /// For who reads page by page: nothing is missing before the page just read, or <see cref="StorageException"/>. To be asked after the
    /// page: what was deleted since then was still in it.
    /// </summary>
    /// <param name="last">The number of the last row of the page before.</param>
    /// <param name="first">Of the first row of the page just read; null when it has none.</param>
    public static void Follows(SqliteConnection connection, string path, long last, long? first)
    {
        if (first == last + 1) return;

        var deleted = Read(connection).Number;
        if (deleted <= last || first <= deleted) return;

        throw new StorageException(
            $"{path}: n {last + 1} to {deleted} were deleted, too old or too much, before they were read; read it again from its new beginning");
    }
}
