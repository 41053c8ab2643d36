using System.Collections.Immutable;
using System.Data.Common;
using System.Text.Json;
using PolyArb.Domain;
using PolyArb.Domain.Journal;
using PolyArb.Domain.Ports;

namespace PolyArb.Storage;

/// <summary>
/// Reads journal and recorder on connections of their own, one for each question, on the thread pool; few questions at a time,
/// so that asking often costs the asker.
/// </summary>
public sealed class SqlHistory(IDatabase journal, IDatabase events) : IHistory, IDisposable
{
    private const int AtOnce = 2;

    /// <summary>A snapshot of a long book has hundreds of thousands of characters; `capture export` has them all.</summary>
    private const int TextMax = 4_096;

    private readonly SemaphoreSlim _turn = new(AtOnce);

    public Task<ImmutableArray<FactLine>> Facts(HistoryQuery asked) => Read(
        journal,
        HistorySql.Facts(asked, journal.Dialect),
        asked,
        row => new FactLine(
            row.GetInt64(0), new Instant(row.GetInt64(1)), row.GetString(2), row.IsDBNull(3) ? null : new MarketId(row.GetString(3)),
            row.IsDBNull(4) ? null : new BasketId(row.GetString(4)), row.GetString(5)),
        fact => fact.At);

    public Task<ImmutableArray<ErrorLine>> Errors(HistoryQuery asked) => Read(
        journal,
        HistorySql.Errors,
        asked,
        row => new ErrorLine(new Instant(row.GetInt64(0)), row.GetString(1), row.GetString(2)),
        error => error.At);

    public Task<ImmutableArray<InputLine>> Inputs(HistoryQuery asked) => Read(
        events,
        HistorySql.Inputs,
        asked,
        row => new InputLine(row.GetInt64(0), new Instant(row.GetInt64(1)), row.GetString(2), row.GetString(3), row.GetString(4), row.GetInt32(5)),
        input => input.At);

    public Task<ImmutableArray<EquityLine>> Equity(HistoryQuery asked) => Read(
        journal,
        HistorySql.Equity(journal.Dialect),
        asked with { Kind = nameof(Fact.EquitySampled) },
        row => DomainJson.Read<Fact>(row.GetString(0)) is Fact.EquitySampled sample
            ? new EquityLine(sample.At, sample.Equity, sample.Profit)
            : throw new JsonException("a sample of equity that is none"),
        sample => sample.At);

    public Task<ImmutableArray<OrderLine>> Orders(HistoryQuery asked) => Read(
        journal,
        HistorySql.Orders(asked),
        asked,
        row => new OrderLine(
            new Instant(row.GetInt64(0)), new OrderId(row.GetString(1)), new BasketId(row.GetString(2)), new MarketId(row.GetString(3)), new TokenId(row.GetString(4)),
            Enum.Parse<Side>(row.GetString(5)), Enum.Parse<OrderType>(row.GetString(6)), new Price(row.GetInt32(7)), new Size(row.GetInt64(8)),
            new Size(row.GetInt64(9)), row.GetString(10), row.GetString(11)),
        order => order.At);

    public void Dispose() => _turn.Dispose();

    /// <summary>Rows come newest first and are nearly in the order of time, so the first that is too old ends it.</summary>
    private async Task<ImmutableArray<T>> Read<T>(IDatabase database, string sql, HistoryQuery asked, Func<DbDataReader, T> read, Func<T, Instant> at)
    {
        await _turn.WaitAsync();
        try
        {
            return await Task.Run(() => Rows(database, sql, asked, read, at));
        }
        catch (Exception e) when ((e is JsonException ? e : database.Explain(e)) is { } told)
        {
            throw new IOException(told.Message); // The asker may be elsewhere, and not know our exceptions.
        }
        finally
        {
            _turn.Release();
        }
    }

    private static ImmutableArray<T> Rows<T>(IDatabase database, string sql, HistoryQuery asked, Func<DbDataReader, T> read, Func<T, Instant> at)
    {
        using var connection = database.OpenReader();
        using var command = connection.Question(
            sql,
            ("@last", Math.Clamp(asked.Last, 0, HistoryQuery.Most)), ("@since", asked.Since?.Micros ?? long.MinValue), ("@after", asked.After),
            ("@kind", asked.Kind), ("@market", asked.Market?.Text), ("@text", TextMax));
        using var rows = command.ExecuteReader();
        List<T> found = [];
        while (rows.Read())
        {
            var line = read(rows);
            if (asked.Since is { } since && at(line) < since) break;

            found.Add(line);
        }

        found.Reverse();
        return [.. found];
    }
}
