using PolyArb.Domain.Journal;
using PolyArb.Domain.Ports;
using PolyArb.Storage;
using Xunit;

namespace PolyArb.Tests.Storage;

public sealed class SqliteJournalTests : IDisposable
{
    private readonly TempDirectory _directory = new();

    public void Dispose() => _directory.Dispose();

    [Fact]
    public async Task Facts_survive_a_restart_in_their_order_and_with_every_value()
    {
        Fact[] facts = [Given.Opened(), Given.Filled("t1", "b1-0"), Given.Error("ünïcode \"quoted\"")];
        using (var source = _directory.Journal())
        await using (var journal = new SqliteJournal(source)) await journal.Append([.. facts], fence: 0);

        using var again = _directory.Journal();
        await using var reopened = new SqliteJournal(again);
        await reopened.Append([Given.Error("after")], fence: 0);

        Fact[] expected = [.. facts, Given.Error("after")];
        Assert.Equal(expected.Select(DomainJson.Write), (await All(reopened)).Select(DomainJson.Write));
    }

    [Fact]
    public async Task What_was_acknowledged_is_there_for_a_reader_that_comes_after_a_crash()
    {
        using var source = _directory.Journal();
        await using var journal = new SqliteJournal(source);
        await journal.Append([Given.Opened()], fence: 0);

        // What a killed process leaves: the file and its log, nothing closed.
        foreach (var file in Directory.GetFiles(_directory.Root)) File.Copy(file, Path.Combine(_directory.Root, "crash-" + Path.GetFileName(file)));
        using var copy = GatedSqliteDataSource.Durable(_directory["crash-polyarb.db"]);
        await using var after = new SqliteJournal(copy);

        Assert.IsType<Fact.BasketOpened>(Assert.Single(await All(after)));
    }

    [Fact]
    public async Task Many_appenders_share_commits_and_each_keeps_its_order()
    {
        const int Appenders = 32;
        const int Each = 25;
        using var source = _directory.Journal();
        await using var journal = new SqliteJournal(source);

        await Task.WhenAll(Enumerable.Range(0, Appenders).Select(appender => Task.Run(async () =>
        {
            for (var i = 0; i < Each; i++) await journal.Append([new Fact.ErrorNoted(Given.Noon, $"{appender}", $"{i}")], fence: 0);
        })));

        var facts = (await All(journal)).Cast<Fact.ErrorNoted>().ToLookup(fact => fact.Where, fact => fact.What);
        Assert.Equal(Appenders, facts.Count);
        Assert.All(facts, appender => Assert.Equal(Enumerable.Range(0, Each).Select(i => $"{i}"), appender));
        Assert.True(journal.Commits < Appenders * Each / 2, $"{journal.Commits} commits");
    }

    [Fact]
    public async Task Appends_that_nobody_waited_for_in_between_keep_their_order()
    {
        using var source = _directory.Journal();
        await using var journal = new SqliteJournal(source);

        await Task.WhenAll(Enumerable.Range(0, 10_000).Select(i => journal.Append([Given.Error($"{i}")], fence: 0)).ToArray());

        Assert.Equal(Enumerable.Range(0, 10_000).Select(i => $"{i}"), (await All(journal)).Cast<Fact.ErrorNoted>().Select(fact => fact.What));
    }

    [Fact]
    public async Task The_fence_refuses_the_old_writer_and_writes_nothing_of_it()
    {
        using var source = _directory.Journal();
        await using var old = new SqliteJournal(source);
        var first = await old.RaiseFence();
        await old.Append([Given.Error("old")], first);

        await using var successor = new SqliteJournal(source);
        var second = await successor.RaiseFence();

        var refusal = await Assert.ThrowsAsync<FencedException>(() => old.Append([Given.Error("zombie"), Given.Opened()], first));
        await successor.Append([Given.Error("new")], second);

        Assert.True(second > first);
        Assert.Contains($"fence {second}, ours {first}", refusal.Message, StringComparison.Ordinal);
        Assert.Equal(["old", "new"], (await All(successor)).Cast<Fact.ErrorNoted>().Select(fact => fact.What));
        Assert.Empty(Rows.Of(source.File, "SELECT id FROM baskets"));
    }

    [Fact]
    public async Task One_batch_with_old_and_new_fences_fails_only_the_old()
    {
        using var source = _directory.Journal();
        await using var journal = new SqliteJournal(source);
        var fence = await journal.RaiseFence();

        var (appends, gate) = (new List<Task>(), await source.OpenConnectionAsync(TestContext.Current.CancellationToken));
        for (var i = 0; i < 20; i++) appends.Add(journal.Append([Given.Error($"{i}")], i % 2 == 0 ? fence : fence - 1));
        await gate.DisposeAsync();
        await Task.WhenAll(appends).ContinueWith(_ => { }, TestContext.Current.CancellationToken, TaskContinuationOptions.None, TaskScheduler.Default);

        Assert.Equal(10, appends.Count(append => append.IsCompletedSuccessfully));
        Assert.All(appends.Where(append => append.IsFaulted), append => Assert.IsType<FencedException>(append.Exception!.InnerException));
        Assert.Equal(10, (await All(journal)).Count);
    }

    [Fact]
    public async Task The_fence_survives_a_restart_and_only_grows()
    {
        long first;
        using (var source = _directory.Journal())
        await using (var journal = new SqliteJournal(source)) first = await journal.RaiseFence();

        using var again = _directory.Journal();
        await using var reopened = new SqliteJournal(again);

        Assert.Equal(first + 1, await reopened.RaiseFence());
    }

    [Fact]
    public async Task A_full_disk_is_told_to_every_appender_and_nothing_of_theirs_is_kept()
    {
        using var source = _directory.Journal();
        await using (var before = new SqliteJournal(source)) await before.Append([Given.Error("fits")], fence: 0);

        // The page limit belongs to the pooled connection, which the next journal gets: SQLite answers FULL, as with no space left.
        await using (var connection = await source.OpenConnectionAsync(TestContext.Current.CancellationToken))
        {
            using var limit = connection.CreateCommand();
            limit.CommandText = "PRAGMA max_page_count=1";
            limit.ExecuteNonQuery();
        }

        await using var journal = new SqliteJournal(source);
        var refusal = await Assert.ThrowsAsync<StorageException>(() => journal.Append([Given.Error(new string('x', 1 << 20))], fence: 0));

        Assert.Contains("no space left", refusal.Message, StringComparison.Ordinal);
        Assert.Single(await All(journal));
    }

    [Fact]
    public async Task A_closed_journal_says_so()
    {
        using var source = _directory.Journal();
        var journal = new SqliteJournal(source);
        await journal.DisposeAsync();

        await Assert.ThrowsAsync<StorageException>(() => journal.Append([Given.Error("late")], fence: 0));
    }

    [Fact]
    public async Task A_long_journal_is_read_whole()
    {
        using var source = _directory.Journal();
        await using var journal = new SqliteJournal(source);
        await journal.Append([.. Enumerable.Range(0, 2_500).Select(i => Given.Error($"{i}"))], fence: 0);

        Assert.Equal(2_500, (await All(journal)).Count);
    }

    private static async Task<List<Fact>> All(SqliteJournal journal)
    {
        List<Fact> facts = [];
        await foreach (var fact in journal.ReadAll(TestContext.Current.CancellationToken)) facts.Add(fact);
        return facts;
    }
}
