using System.Collections.Immutable;
using Microsoft.Extensions.Time.Testing;
using PolyArb.Domain;
using PolyArb.Domain.Books;
using PolyArb.Domain.Risk;
using PolyArb.Grains;
using PolyArb.Grains.Interfaces;
using PolyArb.Silo.Metrics;
using PolyArb.Storage;
using PolyArb.Tests.Grains;
using PolyArb.Tests.Silo.Alerts;
using PolyArb.Tests.Storage;
using Xunit;
using Given = PolyArb.Tests.Domain.Given;

namespace PolyArb.Tests.Silo;

public sealed class SnapshotTablesTests : IAsyncDisposable
{
    private readonly TempDirectory _directory = new();
    private readonly GatedSqliteDataSource _source;
    private readonly LatencyBook _latencies = new();
    private readonly SnapshotWriter _writer;
    private readonly SnapshotTables _tables;

    public SnapshotTablesTests()
    {
        _source = _directory.Journal();
        _writer = new SnapshotWriter(
            _source, new SnapshotLimits(100, 100, TimeSpan.FromSeconds(2), TimeSpan.FromSeconds(3), TimeSpan.FromDays(1), TimeSpan.FromDays(1)), new FakeTimeProvider(), Assert.Fail);
        _tables = new SnapshotTables(_writer, _latencies, Here.Now);
    }

    public async ValueTask DisposeAsync()
    {
        await _writer.DisposeAsync();
        await _source.DisposeAsync();
        _directory.Dispose();
    }

    [Fact]
    public async Task Money_is_written_each_time_and_a_book_only_where_its_top_changed()
    {
        _tables.Take(Snapshot(Book(bid: 4_800, ProofState.Proven), Book(bid: 100, ProofState.Proven, condition: "other")));
        _tables.Take(Snapshot(Book(bid: 4_800, ProofState.Unsettled), Book(bid: 100, ProofState.Proven, condition: "other"))); // Another proof of the same is no change.
        _tables.Take(Snapshot(Book(bid: 4_900, ProofState.Unsettled), Book(bid: 100, ProofState.Proven, condition: "other")));

        await _writer.DisposeAsync();

        Assert.Equal(3, Query("SELECT count(*) FROM pnl_snapshots"));
        Assert.Equal(3, Query("SELECT count(*) FROM book_snapshots"));
        Assert.Equal(1, Query("SELECT count(*) FROM book_snapshots WHERE proof = 'Unsettled' AND bids = '[[4900,1000000]]'"));
    }

    /// <summary>Rows are deleted when they are old: a book that never changes would have none at all.</summary>
    [Fact]
    public async Task A_book_that_does_not_change_is_written_once_an_hour_and_one_that_comes_back_at_once()
    {
        var same = Book(bid: 4_800, ProofState.Proven);
        foreach (var minutes in (int[])[0, 30, 59, 60, 61]) _tables.Take(Snapshot(same) with { At = Given.Noon + TimeSpan.FromMinutes(minutes) });
        _tables.Take(Snapshot() with { At = Given.Noon + TimeSpan.FromMinutes(62) });
        _tables.Take(Snapshot(same) with { At = Given.Noon + TimeSpan.FromMinutes(63) });

        await _writer.DisposeAsync();

        Assert.Equal(3, Query("SELECT count(*) FROM book_snapshots"));
        Assert.Equal(3, Query($"SELECT count(*) FROM book_snapshots WHERE at - {Given.Noon.Micros} IN (0, 3600000000, 3780000000)"));
    }

    [Fact]
    public void A_book_is_written_when_its_life_or_either_side_has_changed()
    {
        ImmutableArray<Level> bid = [new Level(new Price(4_800), Size.Shares(1))], ask = [new Level(new Price(5_000), Size.Shares(1))];

        Assert.Equal(1, Rows(BookLife.Synced, bid, ask));
        Assert.Equal(0, Rows(BookLife.Synced, bid, ask));
        Assert.Equal(1, Rows(BookLife.Synced, bid, []));
        Assert.Equal(1, Rows(BookLife.Synced, [], []));
        Assert.Equal(1, Rows(BookLife.Stale, [], []));
        Assert.Equal(0, Rows(BookLife.Stale, [], []));
    }

    [Fact]
    public async Task A_latency_is_of_the_samples_since_the_snapshot_before_and_there_is_none_without_samples()
    {
        foreach (var micros in (int[])[100, 200, 300]) Sample(micros);
        _tables.Take(Snapshot());
        _tables.Take(Snapshot());
        Sample(5_000);
        _tables.Take(Snapshot());

        await _writer.DisposeAsync();

        Assert.Equal(2, Query("SELECT count(*) FROM latency_metrics"));
        Assert.Equal(1, Query("SELECT count(*) FROM latency_metrics WHERE series = 'recv_to_decision' AND samples = 3 AND mean = 200 AND p50 = 200 AND p95 = 300 AND p99 = 300"));
        Assert.Equal(1, Query("SELECT count(*) FROM latency_metrics WHERE samples = 1 AND mean = 5000 AND p50 = 5000 AND p99 = 5000"));
    }

    [Fact]
    public void Samples_that_are_not_kept_any_more_are_not_told_twice()
    {
        for (var i = 0; i < 65_536 + 10; i++) Sample(i);
        var (first, seen) = _latencies.Since(LatencySeries.RecvToDecision, 0);
        Sample(7);
        var (next, total) = _latencies.Since(LatencySeries.RecvToDecision, seen);

        Assert.Equal((65_536, 10, 65_545), (first.Length, first[0], first[^1]));
        Assert.Equal([7], next);
        Assert.Equal(65_547, total);
    }

    /// <summary>Rows that it made besides the one of money.</summary>
    private int Rows(BookLife life, ImmutableArray<Level> bids, ImmutableArray<Level> asks)
    {
        var before = _writer.Waiting;
        var book = new BookLadder(
            new ConditionId("c"), "", new TokenId("y"), new TokenId("n"), life, "", ProofState.Proven, IsTrusted: true, IsCrossed: false, default, new Price(100), null,
            Given.Noon, 1, bids, asks);
        _tables.Take(new SiloSnapshot(Given.Noon, GivenView.Status, [], [new MarketBooks(new MarketId("m"), "", NegRisk: false, Given.Noon, [book], null, null)]));
        return _writer.Waiting - before - 1;
    }

    private void Sample(int micros) => _latencies.Record(LatencySeries.RecvToDecision, Given.Noon, Given.Noon + TimeSpan.FromMicroseconds(micros));

    private static SiloSnapshot Snapshot(params BookLadder[] books) => new(
        Given.Noon,
        GivenView.Status with { Cash = Usd.Zero },
        [],
        [new MarketBooks(new MarketId("m"), "", NegRisk: false, Given.Noon, [.. books], null, null)]);

    private static BookLadder Book(int bid, ProofState proof, string condition = "c") => new(
        new ConditionId(condition), "", new TokenId("y"), new TokenId("n"), BookLife.Synced, "", proof, IsTrusted: true, IsCrossed: false, default, new Price(100), null,
        Given.Noon, 1, [new Level(new Price(bid), Size.Shares(1))], []);

    private long Query(string sql)
    {
        using var connection = new Microsoft.Data.Sqlite.SqliteConnection($"Data Source={_directory["polyarb.db"]};Pooling=False");
        connection.Open();
        using var command = connection.CreateCommand();
        command.CommandText = sql;
        return (long)command.ExecuteScalar()!;
    }
}
