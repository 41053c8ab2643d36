using Microsoft.Data.Sqlite;
using PolyArb.Domain;
using PolyArb.Domain.Journal;
using PolyArb.Domain.Orders;
using PolyArb.Storage;
using SQLitePCL;
using Xunit;

namespace PolyArb.Tests.Storage;

/// <summary>What SQLite has to do for a fact, in its own instructions: an order waits for this before it is sent.</summary>
public sealed class ProjectionWorkTests : IDisposable
{
    private readonly TempDirectory _directory = new();

    public void Dispose() => _directory.Dispose();

    [Fact]
    public void A_basket_costs_no_more_when_its_tokens_were_traded_a_thousand_times() => SameWork(Given.Opened("new"));

    [Fact]
    public void Nor_does_news_of_an_order_or_of_a_trade_that_is_known()
    {
        SameWork(Given.News(new OrderEvent.Canceled(new OrderId("b0-1"), "gone")));
        SameWork(Given.Filled("t0", "b0-0", TradeStatus.Confirmed));
    }

    private void SameWork(Fact fact)
    {
        var (few, many) = (Work(fact, trades: 2), Work(fact, trades: 1_000));

        Assert.True(few > 0, "nothing was counted");
        Assert.True(many <= few * 2, $"{few} ten instructions after 2 trades, {many} ten after 1,000");
    }

    /// <summary>In ten instructions.</summary>
    private int Work(Fact fact, int trades)
    {
        var file = _directory[$"{Guid.NewGuid():n}.db"];
        Schema.PrepareJournal(file);
        using var connection = new SqliteConnection($"Data Source={file};Pooling=False");
        connection.Open();
        using var statements = new Statements(connection, Dialect.Sqlite);
        Write(statements, Enumerable.Range(0, trades).SelectMany(n => new[] { Given.Opened($"b{n}"), Given.Filled($"t{n}", $"b{n}-0") }));

        var tens = 0;
        delegate_progress count = _ =>
        {
            tens++;
            return 0;
        };
        raw.sqlite3_progress_handler(connection.Handle, 10, count, null);
        Write(statements, [fact]);
        raw.sqlite3_progress_handler(connection.Handle, 0, null, null);
        GC.KeepAlive(count);
        return tens;
    }

    private static void Write(Statements statements, IEnumerable<Fact> facts)
    {
        using var transaction = statements.Begin();
        var tables = new ProjectionWriter(statements);
        foreach (var fact in facts) tables.Append(fact, DomainJson.Write(fact));
        tables.Complete();
        transaction.Commit();
    }
}
