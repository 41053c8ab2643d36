using PolyArb.Domain;
using PolyArb.Storage;

namespace PolyArb.Tests.Storage;

/// <summary>A directory that is gone after the test.</summary>
public sealed class TempDirectory : IDisposable
{
    public string Root { get; } = Directory.CreateTempSubdirectory("polyarb-test-").FullName;

    public string this[string name] => Path.Combine(Root, name);

    public GatedSqliteDataSource Journal()
    {
        Schema.PrepareJournal(this["polyarb.db"]);
        return GatedSqliteDataSource.Durable(this["polyarb.db"]);
    }

    public GatedSqliteDataSource Events()
    {
        Schema.PrepareEvents(this["events.db"]);
        return GatedSqliteDataSource.Fast(this["events.db"]);
    }

    public void Dispose() => Directory.Delete(Root, recursive: true);
}

internal static class Rows
{
    /// <summary>Every value of a question as text, a line a row.</summary>
    public static string[] Of(string file, string sql)
    {
        using var connection = ReadOnlyDatabase.Open(file);
        using var command = connection.CreateCommand();
        command.CommandText = sql;
        using var rows = command.ExecuteReader();
        List<string> all = [];
        while (rows.Read()) all.Add(string.Join(" | ", Enumerable.Range(0, rows.FieldCount).Select(i => rows.IsDBNull(i) ? "-" : rows.GetString(i))));
        return [.. all];
    }

    /// <summary>Changes a file behind its owner's back.</summary>
    public static void Change(string file, string sql)
    {
        using var connection = new Microsoft.Data.Sqlite.SqliteConnection($"Data Source={file};Pooling=False");
        connection.Open();
        using var command = connection.CreateCommand();
        command.CommandText = sql;
        command.ExecuteNonQuery();
    }
}
