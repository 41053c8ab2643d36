using System.Collections.Concurrent;
using Microsoft.Extensions.Time.Testing;
using PolyArb.Domain;
using PolyArb.Domain.Books;
using PolyArb.Domain.Risk;
using PolyArb.Storage;
using Xunit;

namespace PolyArb.Tests.Storage;

/// <summary>The same in both databases.</summary>
public abstract class SnapshotWriterTests(Store store) : IDisposable
{
    private protected static readonly SnapshotLimits Limits = new(
        WaitingMax: 1_000, HighWatermark: 800, TimeSpan.FromSeconds(2), TimeSpan.FromSeconds(3), Retention: TimeSpan.FromDays(30), BookRetention: TimeSpan.FromDays(2));

    private readonly FakeTimeProvider _time = new(new DateTimeOffset(2026, 3, 1, 12, 0, 0, TimeSpan.Zero));
    private readonly ConcurrentQueue<string> _reports = [];

    protected Store Store => store;

    protected Instant Now => Instant.From(_time.GetUtcNow());

    public void Dispose()
    {
        store.Dispose();
        GC.SuppressFinalize(this);
    }

    [Fact]
    public async Task Rows_stand_in_the_tables_as_integers_with_null_for_what_is_not_known()
    {
        await using (var writer = Writer(Limits))
        {
            writer.Keep(Money(Now, equity: null));
            writer.Keep(new SnapshotRow.Latency(Now, "send_to_ack", 3, 120, 100, 200, 200));
            writer.Keep(Book(Now));
        }

        Assert.Equal($"{Now.Micros}|Running|1000000||2000000|-500000||7|8|1|2", Row("SELECT at, state, cash, equity, exposure, realized, hourly, daily, drawdown, open_orders, unresolved_orders FROM pnl_snapshots"));
        Assert.Equal("send_to_ack|3|120|100|200|200", Row("SELECT series, samples, mean, p50, p95, p99 FROM latency_metrics"));
        Assert.Equal("m|c|Synced|Proven|[[4800,1500000],[4700,2000000]]|[]", Row("SELECT market, condition, life, proof, bids, asks FROM book_snapshots"));
    }

    [Fact]
    public async Task What_is_old_is_deleted_and_books_before_figures()
    {
        await using var writer = Writer(Limits);
        foreach (var days in (int[])[31, 29, 3, 1])
        {
            writer.Keep(Money(Now + -TimeSpan.FromDays(days), equity: null));
            writer.Keep(Book(Now + -TimeSpan.FromDays(days)));
        }

        await Until(() => Count("pnl_snapshots") == 3 && Count("book_snapshots") == 1);
    }

    [Fact]
    public async Task Too_many_are_dropped_and_counted_and_a_pile_is_reported_once()
    {
        await using (var writer = Writer(Limits with { WaitingMax = 10, HighWatermark = 5 }))
        {
            for (var i = 0; i < 12; i++) writer.Keep(Money(Now, equity: null));
            Assert.Equal((10, 2), (writer.Waiting, writer.Dropped));
        }

        Assert.Equal(10, Count("pnl_snapshots"));
        Assert.Equal("snapshots pile up: 5 rows wait, the disk is too slow", Assert.Single(_reports));
    }

    [Fact]
    public async Task A_table_that_cannot_be_written_costs_its_rows_and_one_line_and_the_next_are_written()
    {
        Do("ALTER TABLE pnl_snapshots RENAME TO elsewhere");
        await using var writer = Writer(Limits);
        writer.Keep(Money(Now, equity: null));
        await Until(() => writer.Dropped == 1);
        writer.Keep(Money(Now, equity: null));
        await Until(() => writer.Dropped == 2);
        Do("ALTER TABLE elsewhere RENAME TO pnl_snapshots");
        writer.Keep(Money(Now, equity: null));
        await Until(() => Count("pnl_snapshots") == 1);

        Assert.Contains("snapshots are not written", Assert.Single(_reports), StringComparison.Ordinal);
    }

    private protected static SnapshotRow.Money Money(Instant at, Usd? equity) =>
        new(at, TradingState.Running, new Usd(1_000_000), equity, new Usd(2_000_000), new Usd(-500_000), null, new Usd(7), new Usd(8), 1, 2);

    private static SnapshotRow.Book Book(Instant at) => new(
        at, new MarketId("m"), new ConditionId("c"), "Synced", "Proven",
        [new Level(new Price(4_800), new Size(1_500_000)), new Level(new Price(4_700), new Size(2_000_000))], []);

    private protected SnapshotWriter Writer(SnapshotLimits limits) => new(store.Database, limits, _time, _reports.Enqueue);

    private protected Task Until(Func<bool> holds) => PassingTime.Until(_time, TimeSpan.FromSeconds(2), holds);

    private protected long Count(string table) => long.Parse(Row($"SELECT count(*) FROM {table}"), System.Globalization.CultureInfo.InvariantCulture);

    private string Row(string sql) => store.Rows(sql)[0].Replace(" | ", "|", StringComparison.Ordinal).Replace("|-|", "||", StringComparison.Ordinal);

    private void Do(string sql) => store.Change(sql);
}

public sealed class PostgresSnapshotWriterTests(PostgresServer server) : SnapshotWriterTests(Store.Postgres(server));

public sealed class SqliteSnapshotWriterTests() : SnapshotWriterTests(Store.Sqlite())
{
    [Fact]
    public async Task Nobody_who_keeps_a_row_waits_for_a_writer_in_the_gate()
    {
        await using var writer = Writer(Limits);
        using (await Store.Database.Enter(TestContext.Current.CancellationToken))
        {
            writer.Keep(Money(Now, equity: null));
            await Until(() => writer.Waiting == 0); // Taken, and it waits at the gate.
            writer.Keep(Money(Now, equity: null));
            Assert.Equal((1, 0), (writer.Waiting, Count("pnl_snapshots")));
        }

        await Until(() => Count("pnl_snapshots") == 2);
    }
}
