using Npgsql;
using PolyArb.Domain.Journal;
using PolyArb.Domain.Ports;
using PolyArb.Storage;
using Xunit;

namespace PolyArb.Tests.Storage;

/// <summary>What only a server does: others beside us, and connections that break.</summary>
public sealed class PostgresJournalTests(PostgresServer server) : JournalTests(() => Store.Postgres(server))
{
    private static readonly TimeSpan Patient = TimeSpan.FromSeconds(30);

    [Fact]
    public async Task A_fence_raised_between_check_and_commit_waits_for_the_commit()
    {
        await using var journal = new SqlJournal(Store.Database);
        await using var successor = new SqlJournal(Store.Database);
        Task<long> raising;
        using (await Store.Hold()) // An append that has checked its fence, and has not committed.
        {
            raising = successor.RaiseFence();
            await WaitingForALock();
            Assert.False(raising.IsCompleted);
        }

        Assert.Equal(1, await raising);
        await Assert.ThrowsAsync<FencedException>(() => journal.Append([Given.Error("zombie")], fence: 0));
    }

    /// <summary>Two processes: what one wrote under an old fence is before everything of the new one.</summary>
    [Fact]
    public async Task Of_two_journals_at_once_nothing_of_the_old_comes_after_the_first_of_the_new()
    {
        for (var round = 0; round < 10; round++)
        {
            await using var old = new SqlJournal(Store.Database);
            await using var next = new SqlJournal(Store.Database);
            var first = await old.RaiseFence();
            var writing = Enumerable.Range(0, 4).Select(_ => Task.Run(async () =>
            {
                try
                {
                    while (true) await old.Append([Given.Error($"old {round}")], first);
                }
                catch (FencedException)
                {
                    // As it should.
                }
            })).ToArray();
            var second = await next.RaiseFence();
            await next.Append([Given.Error($"new {round}")], second);
            await Task.WhenAll(writing);

            var facts = (await All(next)).Cast<Fact.ErrorNoted>().Select(fact => fact.What).ToList();
            Assert.Equal($"new {round}", facts[^1]);
        }
    }

    [Fact]
    public async Task Two_journals_under_one_fence_number_their_facts_without_a_gap()
    {
        await using var one = new SqlJournal(Store.Database);
        await using var other = new SqlJournal(Store.Database);

        await Task.WhenAll(new[] { one, other }.Select(journal => Task.Run(async () =>
        {
            for (var i = 0; i < 50; i++) await journal.Append([Given.Error("x")], fence: 0);
        })));

        Assert.Equal(Enumerable.Range(1, 100).Select(n => $"{n}"), Store.Rows("SELECT n FROM facts ORDER BY n"));
    }

    [Fact]
    public async Task A_process_that_stops_in_the_middle_of_a_transaction_holds_nobody_up_for_long()
    {
        await using var journal = new SqlJournal(Store.Database);
        using var connection = ((IDatabase)Store.Database).OpenWriter();
        await using var transaction = await connection.BeginTransactionAsync(TestContext.Current.CancellationToken);
        await using var command = connection.Question(Dialect.Postgres.HoldFence);
        await command.ExecuteScalarAsync(TestContext.Current.CancellationToken); // And then it is silent.

        Assert.Equal(1, await journal.RaiseFence().WaitAsync(Patient, TestContext.Current.CancellationToken));
        var lost = await Assert.ThrowsAnyAsync<Exception>(() => transaction.CommitAsync(TestContext.Current.CancellationToken));
        Assert.Contains("was stopped, or starved", Store.Database.Explain(lost)!.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_connection_that_was_dropped_while_nobody_wrote_is_noticed_by_nobody()
    {
        await using var journal = new SqlJournal(Store.Database);
        await journal.Append([Given.Error("before")], fence: 0);
        Store.Change("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid()");

        await journal.Append([Given.Error("after")], fence: 0);

        Assert.Equal(2, (await All(journal)).Count);
    }

    [Fact]
    public async Task So_is_one_that_a_reader_has_put_back()
    {
        await using var journal = new SqlJournal(Store.Database);
        await journal.Append([Given.Error("before")], fence: 0);
        Assert.Single(new JournalReader(Store.Database).Facts());
        Store.Change("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid()");

        Assert.Single(new JournalReader(Store.Database).Facts());
    }

    [Fact]
    public async Task A_commit_that_never_arrived_has_failed_and_the_next_one_works()
    {
        using var cable = new Cable(server.Itself.Port);
        using var database = Through(cable);
        await using var journal = new SqlJournal(database);
        await journal.Append([Given.Error("before")], fence: 0);

        cable.CutAt(Cable.Cut.BeforeCommit);
        var told = await Assert.ThrowsAsync<StorageException>(() => journal.Append([Given.Error("lost")], fence: 0).WaitAsync(Patient, TestContext.Current.CancellationToken));
        await journal.Append([Given.Error("after")], fence: 0);

        Assert.True(cable.WasCut);
        Assert.DoesNotContain("nobody knows", told.Message, StringComparison.Ordinal);
        Assert.Equal(["before", "after"], (await All(journal)).Cast<Fact.ErrorNoted>().Select(fact => fact.What));
    }

    [Fact]
    public async Task A_commit_whose_answer_was_lost_is_found_and_told_as_what_it_is()
    {
        using var cable = new Cable(server.Itself.Port);
        using var database = Through(cable);
        await using var journal = new SqlJournal(database);

        cable.CutAt(Cable.Cut.AfterCommit);
        await journal.Append([Given.Error("there")], fence: 0).WaitAsync(Patient, TestContext.Current.CancellationToken);

        Assert.True(cable.WasCut);
        Assert.Equal(["there"], (await All(journal)).Cast<Fact.ErrorNoted>().Select(fact => fact.What));
    }

    /// <summary>Told as unknown, and there after all: whoever was told so does not know his own journal, and must begin anew.</summary>
    [Fact]
    public async Task What_nobody_could_answer_for_fences_off_who_was_told_so_if_it_is_there()
    {
        using var cable = new Cable(server.Itself.Port);
        using var database = Through(cable);
        await using var journal = new SqlJournal(database, patience: TimeSpan.FromMilliseconds(100));

        cable.CutAt(Cable.Cut.AfterCommit, staysDown: true);
        var told = await Assert.ThrowsAsync<StorageException>(() => journal.Append([Given.Error("there")], fence: 0).WaitAsync(Patient, TestContext.Current.CancellationToken));
        cable.IsDown = false;

        Assert.Contains("nobody knows whether that one was written", told.Message, StringComparison.Ordinal);
        await Assert.ThrowsAsync<FencedException>(() => journal.Append([Given.Error("next")], fence: 0));
        var fence = await journal.RaiseFence();
        await journal.Append([Given.Error("anew")], fence);
        Assert.Equal(["there", "anew"], (await All(journal)).Cast<Fact.ErrorNoted>().Select(fact => fact.What));
    }

    [Fact]
    public async Task What_nobody_could_answer_for_and_is_not_there_costs_nobody_the_fence()
    {
        using var cable = new Cable(server.Itself.Port);
        using var database = Through(cable);
        await using var journal = new SqlJournal(database, patience: TimeSpan.FromMilliseconds(100));

        cable.CutAt(Cable.Cut.BeforeCommit, staysDown: true);
        await Assert.ThrowsAsync<StorageException>(() => journal.Append([Given.Error("lost")], fence: 0).WaitAsync(Patient, TestContext.Current.CancellationToken));
        cable.IsDown = false;
        await journal.Append([Given.Error("next")], fence: 0);

        Assert.Equal(["next"], (await All(journal)).Cast<Fact.ErrorNoted>().Select(fact => fact.What));
    }

    [Fact]
    public async Task A_database_that_is_away_is_one_line_and_back_it_is_as_before()
    {
        using var cable = new Cable(server.Itself.Port);
        using var database = Through(cable);
        await using var journal = new SqlJournal(database);
        cable.IsDown = true;

        var told = await Assert.ThrowsAsync<StorageException>(() => journal.Append([Given.Error("lost")], fence: 0));
        cable.IsDown = false;
        await journal.Append([Given.Error("next")], fence: 0);

        Assert.Contains($"at 127.0.0.1:{cable.Port}", told.Message, StringComparison.Ordinal);
        Assert.DoesNotContain(PrivatePostgres.Password, told.ToString(), StringComparison.Ordinal);
        Assert.Single(await All(journal));
    }

    private PostgresDatabase Through(Cable cable)
    {
        var connection = new NpgsqlConnectionStringBuilder(server.Prepared()) { Port = cable.Port, SslMode = SslMode.Disable };
        return PostgresDatabase.Open(connection.ToString(), Storage.Store.Nobody);
    }

    private async Task WaitingForALock()
    {
        while (Store.Rows("SELECT 1 FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'").Length == 0)
            await Task.Delay(10, TestContext.Current.CancellationToken);
    }
}
