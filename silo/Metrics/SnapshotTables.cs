using PolyArb.Domain;
using PolyArb.Domain.Books;
using PolyArb.Grains;
using PolyArb.Grains.Interfaces;
using PolyArb.Storage;

namespace PolyArb.Silo.Metrics;

/// <summary>
/// Makes rows of snapshots: money each time, a latency where there were samples, a book where it changed, and where it did not, an hour later again:
/// the row before it will be deleted one day.
/// </summary>
internal sealed class SnapshotTables(SnapshotWriter writer, LatencyBook latencies, GatewayPresence presence) : ISnapshotReader
{
    private readonly long[] _seen = new long[Enum.GetValues<LatencySeries>().Length];
    private static readonly TimeSpan Again = TimeSpan.FromHours(1);

    private Dictionary<ConditionId, SnapshotRow.Book> _books = []; // Of the snapshot before, as they were written.

    public void Take(SiloSnapshot snapshot)
    {
        if (presence.IsHere) writer.Keep(Money(snapshot)); // As the books, the same on every silo of a cluster.
        foreach (var series in Enum.GetValues<LatencySeries>()) Latency(series, snapshot.At);
        if (!presence.IsHere) return;

        Dictionary<ConditionId, SnapshotRow.Book> books = [];
        foreach (var market in snapshot.Books) Books(market, snapshot.At, books);
        _books = books;
    }

    private static SnapshotRow.Money Money(SiloSnapshot snapshot)
    {
        var status = snapshot.Status;
        return new SnapshotRow.Money(
            snapshot.At, status.State, status.Cash, status.Equity, status.Exposure, status.RealizedPnl, status.HourlyPnl, status.DailyPnl, status.Drawdown,
            status.OpenOrders, status.UnresolvedOrders);
    }

    private void Latency(LatencySeries series, Instant at)
    {
        var (samples, total) = latencies.Since(series, _seen[(int)series]);
        _seen[(int)series] = total;
        if (samples.Length == 0) return;

        Array.Sort(samples);
        writer.Keep(new SnapshotRow.Latency(
            at, Words.Snake(series.ToString()), samples.Length, (long)samples.Average(), Percentile(samples, 50), Percentile(samples, 95), Percentile(samples, 99)));
    }

    private void Books(MarketBooks market, Instant at, Dictionary<ConditionId, SnapshotRow.Book> books)
    {
        foreach (var book in market.Books)
        {
            var row = new SnapshotRow.Book(at, market.Id, book.Condition, book.Life.ToString(), book.Proof.ToString(), book.Bids, book.Asks);
            var before = _books.GetValueOrDefault(book.Condition);
            var isKnown = before is not null && at - before.At < Again && IsSame(before, row);
            books[book.Condition] = isKnown ? before! : row;
            if (!isKnown) writer.Keep(row);
        }
    }

    /// <summary>Proofs come and go with each update; they are told with what they are proofs of.</summary>
    private static bool IsSame(SnapshotRow.Book one, SnapshotRow.Book other) =>
        one.Life == other.Life && one.Bids.AsSpan().SequenceEqual(other.Bids.AsSpan()) && one.Asks.AsSpan().SequenceEqual(other.Asks.AsSpan());

    private static long Percentile(long[] sorted, int percent) => sorted[Math.Min(sorted.Length - 1, sorted.Length * percent / 100)];
}
