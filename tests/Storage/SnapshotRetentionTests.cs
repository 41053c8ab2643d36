using System.Collections.Concurrent;
using System.Globalization;
using Microsoft.Extensions.Time.Testing;
using PolyArb.Domain;
using PolyArb.Domain.Risk;
using PolyArb.Storage;
using PolyArb.Tests.Grains;
using Xunit;

namespace PolyArb.Tests.Storage;

/// <summary>How long snapshots are kept, and what is said of those that are not, beside <see cref="SnapshotWriterTests"/>.</summary>
public abstract class SnapshotRetentionTests(Store store) : IDisposable
{
    private static readonly SnapshotLimits Limits = new(
        WaitingMax: 1_000, HighWatermark: 10, TimeSpan.FromSeconds(2), TimeSpan.FromSeconds(3), Retention: TimeSpan.FromDays(30), BookRetention: TimeSpan.FromDays(2));

    private protected readonly FakeTimeProvider _time = new(new DateTimeOffset(2026, 3, 1, 12, 0, 0, TimeSpan.Zero));
    private protected readonly ConcurrentQueue<string> _reports = [];

    protected Store Store => store;

    protected Instant Now => Instant.From(_time.GetUtcNow());

    public void Dispose()
    {
        store.Dispose();
        GC.SuppressFinalize(this);
    }

    [Fact]
    public async Task Latencies_are_kept_as_long_as_money_and_not_only_as_long_as_books()
    {
        await using var writer = Writer();
        foreach (var days in (int[])[31, 29, 3]) writer.Keep(new SnapshotRow.Latency(Now + -TimeSpan.FromDays(days), "send_to_ack", 1, 1, 1, 1, 1));

        await PassingTime.Until(_time, TimeSpan.FromSeconds(2), () => HasCut && Count("latency_metrics") == 2);
    }

    [Fact]
    public async Task All_that_is_old_goes_in_one_cut_however_much_it_is()
    {
        Do($"""
            WITH RECURSIVE rows(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM rows WHERE i < 1700)
            INSERT INTO latency_metrics (at, series, samples, mean, p50, p95, p99)
            SELECT {(Now + -TimeSpan.FromDays(31)).Micros} + i, 'send_to_ack', 1, 1, 1, 1, 1 FROM rows
            """);
        await using var writer = Writer();

        await PassingTime.Until(_time, TimeSpan.FromSeconds(2), () => Count("latency_metrics") < 1_700);

        await FaultDay.Until(() => Task.FromResult(Count("latency_metrics") == 0)); // And the clock stands still: no other cut comes.
    }

    [Fact]
    public async Task A_pile_is_reported_again_once_it_was_gone()
    {
        await using var writer = Writer();
        for (var pile = 1; pile <= 2; pile++)
        {
            for (var i = 0; i < 9; i++) writer.Keep(Money(Now));
            Assert.Equal(pile - 1, _reports.Count);
            writer.Keep(Money(Now)); // As many as the mark says.
            Assert.Equal(pile, _reports.Count);
            await PassingTime.Until(_time, TimeSpan.FromSeconds(2), () => writer.Waiting == 0);
        }

        Assert.All(_reports, report => Assert.Equal("snapshots pile up: 10 rows wait, the disk is too slow", report));
    }

    [Fact]
    public async Task A_failure_is_reported_again_once_it_was_over()
    {
        await using var writer = Writer();
        for (var round = 1; round <= 2; round++)
        {
            var dropped = round;
            Do("ALTER TABLE pnl_snapshots RENAME TO elsewhere");
            writer.Keep(Money(Now));
            await PassingTime.Until(_time, TimeSpan.FromSeconds(2), () => writer.Dropped == dropped);
            Assert.Equal(round, _reports.Count);
            Do("ALTER TABLE elsewhere RENAME TO pnl_snapshots");
            writer.Keep(Money(Now));
            await PassingTime.Until(_time, TimeSpan.FromSeconds(2), () => Count("pnl_snapshots") == dropped);
        }
    }

    [Fact]
    public async Task What_comes_after_the_end_is_counted_as_lost()
    {
        var writer = Writer();
        writer.Keep(Money(Now));
        await writer.DisposeAsync();

        writer.Keep(Money(Now));

        Assert.Equal((0, 1, 1), (writer.Waiting, writer.Dropped, Count("pnl_snapshots")));
    }

    /// <summary>What is old is deleted once a minute.</summary>
    private bool HasCut => _time.GetUtcNow() - _time.Start > TimeSpan.FromMinutes(3);

    private protected static SnapshotRow.Money Money(Instant at) => new(at, TradingState.Running, Usd.Zero, null, Usd.Zero, Usd.Zero, null, null, null, 0, 0);

    private protected SnapshotWriter Writer() => new(store.Database, Limits, _time, _reports.Enqueue);

    private long Count(string table) => long.Parse(store.Rows($"SELECT count(*) FROM {table}")[0], CultureInfo.InvariantCulture);

    private void Do(string sql) => store.Change(sql);
}

public sealed class PostgresSnapshotRetentionTests(PostgresServer server) : SnapshotRetentionTests(Store.Postgres(server));

public sealed class SqliteSnapshotRetentionTests() : SnapshotRetentionTests(Store.Sqlite())
{
    [Fact]
    public async Task A_pile_that_only_shrinks_is_the_same_pile()
    {
        await using var writer = Writer();
        using (await Store.Database.Enter(TestContext.Current.CancellationToken))
        {
            for (var i = 0; i < 600; i++) writer.Keep(Money(Now));
            await PassingTime.Until(_time, TimeSpan.FromSeconds(2), () => writer.Waiting < 600); // Some were taken, and wait at the gate.
            writer.Keep(Money(Now));
            Assert.Single(_reports);
        }
    }
}
