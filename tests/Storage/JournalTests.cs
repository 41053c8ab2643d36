using PolyArb.Domain.Journal;
using PolyArb.Domain.Ports;
using PolyArb.Storage;
using Xunit;

namespace PolyArb.Tests.Storage;

/// <summary>The same in both databases.</summary>
public abstract class JournalTests(Func<Store> open) : IDisposable
{
    private readonly Store _store = open();

    protected Store Store => _store;

    public void Dispose()
    {
        _store.Dispose();
        GC.SuppressFinalize(this);
    }

    [Fact]
    public async Task Facts_survive_a_restart_in_their_order_and_with_every_value()
    {
        Fact[] facts = [Given.Opened(), Given.Filled("t1", "b1-0"), Given.Error("ünïcode \"quoted\"")];
        await using (var journal = new SqlJournal(_store.Database)) await journal.Append([.. facts], fence: 0);

        _store.Reopen();
        await using var reopened = new SqlJournal(_store.Database);
        await reopened.Append([Given.Error("after")], fence: 0);

        Fact[] expected = [.. facts, Given.Error("after")];
        Assert.Equal(expected.Select(DomainJson.Write), (await All(reopened)).Select(DomainJson.Write));
    }

    [Fact]
    public async Task Many_appenders_share_commits_and_each_keeps_its_order()
    {
        const int Appenders = 32;
        const int Each = 25;
        await using var journal = new SqlJournal(_store.Database);

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
        await using var journal = new SqlJournal(_store.Database);

        await Task.WhenAll(Enumerable.Range(0, 10_000).Select(i => journal.Append([Given.Error($"{i}")], fence: 0)).ToArray());

        Assert.Equal(Enumerable.Range(0, 10_000).Select(i => $"{i}"), (await All(journal)).Cast<Fact.ErrorNoted>().Select(fact => fact.What));
    }

    [Fact]
    public async Task The_fence_refuses_the_old_writer_and_writes_nothing_of_it()
    {
        await using var old = new SqlJournal(_store.Database);
        var first = await old.RaiseFence();
        await old.Append([Given.Error("old")], first);

        await using var successor = new SqlJournal(_store.Database);
        var second = await successor.RaiseFence();

        var refusal = await Assert.ThrowsAsync<FencedException>(() => old.Append([Given.Error("zombie"), Given.Opened()], first));
        await successor.Append([Given.Error("new")], second);

        Assert.True(second > first);
        Assert.Contains($"fence {second}, ours {first}", refusal.Message, StringComparison.Ordinal);
        Assert.Equal(["old", "new"], (await All(successor)).Cast<Fact.ErrorNoted>().Select(fact => fact.What));
        Assert.Empty(_store.Rows("SELECT id FROM baskets"));
    }

    [Fact]
    public async Task One_batch_with_old_and_new_fences_fails_only_the_old()
    {
        await using var journal = new SqlJournal(_store.Database);
        var fence = await journal.RaiseFence();

        var (appends, held) = (new List<Task>(), await _store.Hold());
        for (var i = 0; i < 20; i++) appends.Add(journal.Append([Given.Error($"{i}")], i % 2 == 0 ? fence : fence - 1));
        held.Dispose();
        await Task.WhenAll(appends).ContinueWith(_ => { }, TestContext.Current.CancellationToken, TaskContinuationOptions.None, TaskScheduler.Default);

        Assert.Equal(10, appends.Count(append => append.IsCompletedSuccessfully));
        Assert.All(appends.Where(append => append.IsFaulted), append => Assert.IsType<FencedException>(append.Exception!.InnerException));
        Assert.Equal(10, (await All(journal)).Count);
    }

    [Fact]
    public async Task The_fence_survives_a_restart_and_only_grows()
    {
        long first;
        await using (var journal = new SqlJournal(_store.Database)) first = await journal.RaiseFence();

        _store.Reopen();
        await using var reopened = new SqlJournal(_store.Database);

        Assert.Equal(first + 1, await reopened.RaiseFence());
    }

    [Fact]
    public async Task A_closed_journal_says_so()
    {
        var journal = new SqlJournal(_store.Database);
        await journal.DisposeAsync();

        await Assert.ThrowsAsync<StorageException>(() => journal.Append([Given.Error("late")], fence: 0));
    }

    [Fact]
    public async Task A_long_journal_is_read_whole()
    {
        await using var journal = new SqlJournal(_store.Database);
        await journal.Append([.. Enumerable.Range(0, 2_500).Select(i => Given.Error($"{i}"))], fence: 0);

        Assert.Equal(2_500, (await All(journal)).Count);
    }

    [Fact]
    public async Task Whatever_text_comes_from_outside_can_be_written()
    {
        await using var journal = new SqlJournal(_store.Database);

        await journal.Append([Given.Error("nul \0, half \ud800, whole \U0001f600")], fence: 0);

        Assert.Contains("whole \U0001f600", _store.Rows("SELECT what FROM errors")[0], StringComparison.Ordinal);
    }

    [Fact]
    public async Task Numbers_have_no_gap_where_an_append_failed()
    {
        await using var journal = new SqlJournal(_store.Database);
        await journal.Append([Given.Error("one")], fence: 0);
        _store.Change("ALTER TABLE errors RENAME TO elsewhere");
        await Assert.ThrowsAsync<StorageException>(() => journal.Append([Given.Opened(), Given.Error("refused")], fence: 0));
        _store.Change("ALTER TABLE elsewhere RENAME TO errors");

        await journal.Append([Given.Error("two")], fence: 0);

        Assert.Equal(["1", "2"], _store.Rows("SELECT n FROM facts ORDER BY n"));
        Assert.Empty(_store.Rows("SELECT id FROM baskets"));
    }

    private protected static async Task<List<Fact>> All(SqlJournal journal)
    {
        List<Fact> facts = [];
        await foreach (var fact in journal.ReadAll(TestContext.Current.CancellationToken)) facts.Add(fact);
        return facts;
    }
}
