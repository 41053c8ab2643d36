using PolyArb.Storage;
using Xunit;

namespace PolyArb.Tests.Storage;

public sealed class SchemaTests : IDisposable
{
    private readonly TempDirectory _directory = new();

    public void Dispose() => _directory.Dispose();

    [Fact]
    public void Preparing_twice_changes_nothing_and_the_log_is_write_ahead()
    {
        Schema.PrepareJournal(_directory["a.db"]);
        var before = Rows.Of(_directory["a.db"], "SELECT ScriptName, Applied FROM SchemaVersions");
        Schema.PrepareJournal(_directory["a.db"]);

        Assert.Equal(8, before.Length);
        Assert.Equal(before, Rows.Of(_directory["a.db"], "SELECT ScriptName, Applied FROM SchemaVersions"));
        Assert.Equal(["wal"], Rows.Of(_directory["a.db"], "PRAGMA journal_mode"));
    }

    [Fact]
    public void A_file_of_a_newer_version_is_refused_and_left_alone()
    {
        Schema.PrepareEvents(_directory["a.db"]);
        Rows.Change(_directory["a.db"], "INSERT INTO SchemaVersions (ScriptName, Applied) VALUES ('PolyArb.Storage.migrations.sqlite.events.900_future.sql', '2100-01-01')");

        var refusal = Assert.Throws<StorageException>(() => Schema.PrepareEvents(_directory["a.db"]));

        Assert.Contains("newer version", refusal.Message, StringComparison.Ordinal);
        Assert.Contains("900_future.sql", refusal.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_file_that_is_no_database_is_refused()
    {
        File.WriteAllText(_directory["a.db"], new string('x', 4_096));

        Assert.Contains("not a database", Assert.Throws<StorageException>(() => Schema.PrepareJournal(_directory["a.db"])).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_migration_that_fails_names_itself_and_leaves_the_file_as_it_was()
    {
        Rows.Change(_directory["a.db"], "CREATE TABLE orders (mine TEXT)");

        var refusal = Assert.Throws<StorageException>(() => Schema.PrepareJournal(_directory["a.db"]));

        Assert.Contains("002_projections.sql", refusal.Message, StringComparison.Ordinal);
        Assert.Equal(["orders"], Rows.Of(_directory["a.db"], "SELECT name FROM sqlite_schema WHERE type = 'table'"));
    }

    [Fact]
    public void A_place_without_a_directory_is_refused()
    {
        Assert.Contains("cannot be opened", Assert.Throws<StorageException>(() => Schema.PrepareJournal(_directory["no/a.db"])).Message, StringComparison.Ordinal);
    }
}
