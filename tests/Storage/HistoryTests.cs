using System.Collections.Immutable;
using System.Text;
using PolyArb.Domain;
using PolyArb.Domain.Journal;
using PolyArb.Domain.Ports;
using PolyArb.Domain.Risk;
using PolyArb.Storage;
using Xunit;

namespace PolyArb.Tests.Storage;

/// <summary>The same in both databases.</summary>
public abstract class HistoryTests : IAsyncDisposable
{
    private readonly Store _store;
    private readonly SqlJournal _journal;
    private readonly SqlHistory _history;

    protected HistoryTests(Store store)
    {
        _store = store;
        _journal = new SqlJournal(store.Database);
        _history = new SqlHistory(store.Database, store.Events);
    }

    public async ValueTask DisposeAsync()
    {
        _history.Dispose();
        await _journal.DisposeAsync();
        _store.Dispose();
        GC.SuppressFinalize(this);
    }

    [Fact]
    public async Task The_newest_facts_come_oldest_first()
    {
        await Append([.. Enumerable.Range(0, 5).Select(second => Moved(second))]);

        var facts = await _history.Facts(new HistoryQuery(Last: 3));

        Assert.Equal([3L, 4, 5], facts.Select(fact => fact.N));
        Assert.Equal("second 4", Assert.IsType<Fact.StateChanged>(DomainJson.Read<Fact>(facts[^1].Body)).Reason);
        Assert.Equal(facts[^1].At, Given.Noon + TimeSpan.FromSeconds(4));
    }

    [Fact]
    public async Task Facts_are_chosen_by_time_number_kind_and_market()
    {
        await Append(Moved(0), Given.Opened(), Moved(2), Moved(3));

        Assert.Equal("3 4", await Numbers(new HistoryQuery(10, Since: Given.Noon + TimeSpan.FromSeconds(2))));
        Assert.Equal("4", await Numbers(new HistoryQuery(10, After: 3)));
        Assert.Equal("2", await Numbers(new HistoryQuery(10, Kind: "basketopened")));
        Assert.Equal("2", await Numbers(new HistoryQuery(10, Market: new MarketId("m1"))));
        Assert.Equal("", await Numbers(new HistoryQuery(10, Market: new MarketId("m2"))));
        Assert.Equal("", await Numbers(new HistoryQuery(0)));
    }

    [Fact]
    public async Task Errors_and_samples_of_equity_come_with_what_they_say()
    {
        await Append(
            new Fact.ErrorNoted(Given.Noon, "basket b1", "held"),
            new Fact.EquitySampled(Given.Noon, Usd.Dollars(100), Usd.Zero),
            new Fact.ErrorNoted(Given.Noon + TimeSpan.FromSeconds(1), "basket b2", "held too"),
            new Fact.EquitySampled(Given.Noon + TimeSpan.FromSeconds(1), Usd.Dollars(101), Usd.Dollars(1)));

        Assert.Equal(["held", "held too"], (await _history.Errors(new HistoryQuery(10))).Select(error => error.What));
        Assert.Equal(["held too"], (await _history.Errors(new HistoryQuery(10, Since: Given.Noon + TimeSpan.FromMilliseconds(1)))).Select(error => error.What));
        Assert.Equal([Usd.Zero, Usd.Dollars(1)], (await _history.Equity(new HistoryQuery(10))).Select(sample => sample.Profit));
        Assert.Equal([Usd.Dollars(101)], (await _history.Equity(new HistoryQuery(1))).Select(sample => sample.Equity));
    }

    [Fact]
    public async Task Orders_come_as_they_stand()
    {
        await Append(Given.Opened(), Given.Filled("t1", "b1-0"));

        var orders = await _history.Orders(new HistoryQuery(10));

        Assert.Equal(["b1-1 InFlight 0", "b1-0 Matched 100"], orders.Select(order => $"{order.Id} {order.Status} {order.Matched}"));
        Assert.Single(await _history.Orders(new HistoryQuery(1)));
        Assert.Empty(await _history.Orders(new HistoryQuery(10, Market: new MarketId("m2"))));
    }

    [Fact]
    public async Task Inputs_are_read_while_they_are_recorded_and_long_ones_are_cut()
    {
        await using var recorder = new SqliteRecorder(_store.Events, _ => { });
        recorder.Take(InputKind.Market, "m1#1", "[]"u8, Given.Noon);
        recorder.Take(InputKind.Rest, "", Encoding.UTF8.GetBytes(new string('x', 10_000)), Given.Noon + TimeSpan.FromSeconds(1));
        await recorder.Flushed();

        var inputs = await _history.Inputs(new HistoryQuery(10));

        Assert.Equal([(1L, "m1#1", "market", "[]"), (2L, "", "rest", new string('x', 4_096))], inputs.Select(input => (input.N, input.Connection, input.Source, input.Text)));
        Assert.Equal([2, 10_000], inputs.Select(input => input.Length));
        Assert.Equal([2L], (await _history.Inputs(new HistoryQuery(10, Since: Given.Noon + TimeSpan.FromSeconds(1)))).Select(input => input.N));
    }

    private static Fact.StateChanged Moved(int second) =>
        new Fact.StateChanged(Given.Noon + TimeSpan.FromSeconds(second), TradingState.Paused, TradingState.Running, 1, "ann", $"second {second}");

    private async Task Append(params ImmutableArray<Fact> facts) => await _journal.Append(facts, await _journal.RaiseFence());

    private async Task<string> Numbers(HistoryQuery asked) => string.Join(' ', (await _history.Facts(asked)).Select(fact => fact.N));
}

public sealed class SqliteHistoryTests() : HistoryTests(Store.Sqlite())
{
    [Fact]
    public async Task A_file_that_is_not_there_is_one_line()
    {
        using var directory = new TempDirectory();
        using var nowhere = new SqlHistory(GatedSqliteDataSource.Durable(directory["no.db"]), GatedSqliteDataSource.Fast(directory["none.db"]));

        Assert.Contains("no.db does not exist", (await Assert.ThrowsAsync<IOException>(() => nowhere.Facts(new HistoryQuery(1)))).Message, StringComparison.Ordinal);
    }
}

public sealed class PostgresHistoryTests(PostgresServer server) : HistoryTests(Store.Postgres(server));
