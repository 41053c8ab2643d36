using PolyArb.Storage;
using Xunit;

namespace PolyArb.Tests.Storage;

public sealed class PostgresLeaseTests : IAsyncDisposable
{
    private static readonly TimeSpan Long = TimeSpan.FromMinutes(10);

    private readonly PostgresDatabase _database;
    private readonly PostgresLease _one;
    private readonly PostgresLease _other;

    public PostgresLeaseTests(PostgresServer server)
    {
        _database = PostgresDatabase.Open(server.Prepared(), Store.Nobody);
        (_one, _other) = (new PostgresLease(_database), new PostgresLease(_database));
    }

    public async ValueTask DisposeAsync()
    {
        await _one.DisposeAsync();
        await _other.DisposeAsync();
        _database.Dispose();
    }

    [Fact]
    public async Task The_first_gets_it_and_renews_it_and_a_newer_one_waits()
    {
        Assert.True(await _one.Take("a", 1, Long));
        Assert.True(await _one.Take("a", 1, Long));
        Assert.False(await _other.Take("b", 2, Long));
        Assert.False(await _other.Take("a", 2, Long)); // The same silo's next gateway: the one before it may still be sending.
    }

    [Fact]
    public async Task One_that_ran_out_is_anybodys_with_a_newer_fence()
    {
        Assert.True(await _one.Take("a", 1, TimeSpan.Zero));

        Assert.True(await _other.Take("b", 2, Long));
        Assert.False(await _one.Take("a", 1, Long));
    }

    [Fact]
    public async Task A_smaller_fence_never_gets_it_again()
    {
        Assert.True(await _one.Take("a", 5, TimeSpan.Zero));

        Assert.False(await _other.Take("b", 4, Long));
        await _one.Release("a", 5);
        Assert.False(await _other.Take("b", 4, Long));
        Assert.True(await _other.Take("b", 5, Long));
    }

    [Fact]
    public async Task Giving_it_up_lets_the_next_one_in_and_only_the_owner_can()
    {
        Assert.True(await _one.Take("a", 1, Long));

        await _other.Release("b", 2);
        await _other.Release("a", 2);
        Assert.False(await _other.Take("b", 2, Long));
        await _one.Release("a", 1);
        Assert.True(await _other.Take("b", 2, Long));
    }

    [Fact]
    public async Task Of_many_takers_at_once_one_gets_it()
    {
        var leases = Enumerable.Range(0, 8).Select(_ => new PostgresLease(_database)).ToArray();

        var answers = await Task.WhenAll(leases.Select((lease, i) => Task.Run(() => lease.Take($"{i}", 7, Long))));

        Assert.Equal(1, answers.Count(got => got));
        foreach (var lease in leases) await lease.DisposeAsync();
    }

    [Fact]
    public async Task A_start_is_marked_until_its_gateway_has_written_how_it_began()
    {
        Assert.True(await _one.IsStart()); // Of a database that nobody has used yet.
        await _one.Take("a", 3, Long);
        await _one.ClearStart(3);
        Assert.False(await _other.IsStart());

        await _other.MarkStart();
        await _one.ClearStart(2); // By a gateway of the past.
        Assert.True(await _one.IsStart());
        await _one.ClearStart(4);
        Assert.False(await _one.IsStart());
    }

    [Fact]
    public async Task A_lost_connection_is_replaced_and_one_that_does_not_answer_is_one_line()
    {
        await _one.Take("a", 1, Long);
        using (var connection = ((IDatabase)_database).OpenWriter())
        {
            using var end = connection.Question("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid()");
            end.ExecuteNonQuery();
        }

        Assert.True(await _one.Take("a", 1, Long));

        using var blocking = ((IDatabase)_database).OpenWriter();
        using var transaction = blocking.BeginTransaction();
        using var held = blocking.Question("SET idle_in_transaction_session_timeout = 0; SELECT 1 FROM gateway_lease FOR UPDATE");
        held.ExecuteNonQuery();
        var told = await Assert.ThrowsAsync<StorageException>(() => _one.Take("a", 1, Long));
        Assert.Contains("did not answer about the lease within 2 s", told.Message, StringComparison.Ordinal);
        await transaction.RollbackAsync(TestContext.Current.CancellationToken);
        Assert.True(await _one.Take("a", 1, Long));
    }
}
