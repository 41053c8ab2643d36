using PolyArb.Domain.Journal;
using PolyArb.Storage;
using Xunit;

namespace PolyArb.Tests.Storage;

public sealed class SqliteJournalTests() : JournalTests(Store.Sqlite)
{
    [Fact]
    public async Task What_was_acknowledged_is_there_for_a_reader_that_comes_after_a_crash()
    {
        using var directory = new TempDirectory();
        using var source = directory.Journal();
        await using var journal = new SqlJournal(source);
        await journal.Append([Given.Opened()], fence: 0);

        // What a killed process leaves: the file and its log, nothing closed.
        foreach (var file in Directory.GetFiles(directory.Root)) File.Copy(file, Path.Combine(directory.Root, "crash-" + Path.GetFileName(file)));
        using var copy = GatedSqliteDataSource.Durable(directory["crash-polyarb.db"]);
        await using var after = new SqlJournal(copy);

        Assert.IsType<Fact.BasketOpened>(Assert.Single(await All(after)));
    }

    [Fact]
    public async Task A_full_disk_is_told_to_every_appender_and_nothing_of_theirs_is_kept()
    {
        using var directory = new TempDirectory();
        using var source = directory.Journal();
        await using (var before = new SqlJournal(source)) await before.Append([Given.Error("fits")], fence: 0);

        // The page limit belongs to the pooled connection, which the next journal gets: SQLite answers FULL, as with no space left.
        await using (var connection = await source.OpenConnectionAsync(TestContext.Current.CancellationToken))
        {
            using var limit = connection.CreateCommand();
            limit.CommandText = "PRAGMA max_page_count=1";
            limit.ExecuteNonQuery();
        }

        await using var journal = new SqlJournal(source);
        var refusal = await Assert.ThrowsAsync<StorageException>(() => journal.Append([Given.Error(new string('x', 1 << 20))], fence: 0));

        Assert.Contains("no space left", refusal.Message, StringComparison.Ordinal);
        Assert.Single(await All(journal));
    }
}
