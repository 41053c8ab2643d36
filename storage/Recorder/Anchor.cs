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
}
