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
using PolyArb.Tests.Storage;
using Xunit;
using Given = PolyArb.Tests.Domain.Given;

namespace PolyArb.Tests.Silo;

/// <summary>What counts as a change of a book that is worth a row, beside <see cref="SnapshotTablesTests"/>.</summary>
public sealed class SnapshotChangesTests : IAsyncDisposable
{
    private readonly TempDirectory _directory = new();
    private readonly GatedSqliteDataSource _source;
    private readonly SnapshotWriter _writer;
    private readonly SnapshotTables _tables;

    public SnapshotChangesTests()
    {
        _source = _directory.Journal();
        _writer = new SnapshotWriter(
            _source, new SnapshotLimits(100, 100, TimeSpan.FromSeconds(2), TimeSpan.FromSeconds(3), TimeSpan.FromDays(1), TimeSpan.FromDays(1)), new FakeTimeProvider(), Assert.Fail);
        _tables = new SnapshotTables(_writer, new LatencyBook());
    }

    public async ValueTask DisposeAsync()
    {
        await _writer.DisposeAsync();
        await _source.DisposeAsync();
        _directory.Dispose();
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
}
