using System.Diagnostics;
using System.Globalization;
using PolyArb.Bench.Venue;
using PolyArb.Tests.Storage;

namespace PolyArb.Bench;

/// <summary>
/// Wire events a second through one, two and three silos on a PostgreSQL of their own, sent as fast as they are taken. All share this
/// machine's cores, so what a cluster costs shows in the processor time of an event, not in the events of a second.
/// </summary>
internal static class ClusterThroughput
{
    public static readonly string[] Columns = ["events/s", "us of a core", "first %", "second %", "third %", "markets at most"];

    public static async Task<BenchTable> Measure(BenchTable table, int[] counts, bool isShort)
    {
        var (markets, warm, length) = isShort ? (30, TimeSpan.FromSeconds(1), TimeSpan.FromSeconds(1)) : (600, TimeSpan.FromSeconds(10), TimeSpan.FromSeconds(15));
        using var postgres = new PrivatePostgres();
        var set = MarketSet.Of(markets, pairs: 0, tens: 0);
        foreach (var count in counts)
        {
            postgres.Change($"CREATE DATABASE silos{count}");
            using var venue = new VenueServer(set.Markets, set.Books);
            await using (var silos = await ClusterSilos.Start(count, venue, postgres.ConnectionTo($"silos{count}")))
            {
                await Flood(venue, silos, warm);
                var run = await Flood(venue, silos, length);
                var name = string.Create(CultureInfo.InvariantCulture, $"{count} silo{(count == 1 ? "" : "s")}");
                table.Add(
                    name, "", run.Events / run.Wall.TotalSeconds, run.Used.Sum(used => used.TotalMicroseconds) / run.Events,
                    Share(0), Share(1), Share(2), silos.Markets.Max());
                if (run.Events != run.Sent) table.Note($"{name}: {run.Events} of {run.Sent} events were applied.");

                double? Share(int silo) => silo < count ? 100 * (run.Used[silo] / run.Wall) : null;
            }

            foreach (var book in set.Books) book.Channel = null;
        }

        table.Note(
            $"{markets} markets, price_change frames of two entries, proofs before_trade, recorder off; \"first %\" and so on is each silo's share of one core, the first has the gateway. Venue, sender and database share the machine.");
        return table;
    }

    private sealed record Run(long Sent, long Events, TimeSpan Wall, TimeSpan[] Used);

    private static async Task<Run> Flood(VenueServer venue, ClusterSilos silos, TimeSpan length)
    {
        var before = await Applied(venue, silos);
        TimeSpan[] used = [.. silos.Runs.Select(run => run.ProcessorTime)];
        var start = Stopwatch.GetTimestamp();
        var sent = (await Task.WhenAll(venue.Books.GroupBy(book => book.Channel!).Select(books => Task.Run(() => Send(books, silos, start, length))))).Sum();
        var wall = Stopwatch.GetElapsedTime(start);
        used = [.. silos.Runs.Select((run, number) => run.ProcessorTime - used[number])];
        return new Run(sent, await Applied(venue, silos) - before, wall, used);
    }

    /// <summary>
    /// One socket's rounds, again and again, the next one as soon as the last market of the socket has applied the one before the last: never more
    /// than two wait, and what was sent is applied when this ends.
    /// </summary>
    private static async Task<long> Send(IGrouping<MarketChannel, PreparedBook> books, ClusterSilos silos, long start, TimeSpan length)
    {
        (MarketChannel Channel, byte[] Bytes, int Events)[] batches = [.. Ingest.BatchesOf(books)];
        var last = new Domain.MarketId(books.Last().Condition.Id.Text); // A question's market has its name.
        var round = books.Last().Changes.Length;
        var (first, sent) = (await silos.Events(last), 0L);
        for (var rounds = 1L; Stopwatch.GetElapsedTime(start) < length; rounds++)
        {
            foreach (var (channel, bytes, events) in batches)
            {
                channel.Send(bytes);
                sent += events;
            }

            await Until(silos, last, first + (rounds - 1) * round);
        }

        await Until(silos, last, first + sent / books.Count());
        return sent;
    }

    private static async Task Until(ClusterSilos silos, Domain.MarketId market, long events)
    {
        var since = Stopwatch.GetTimestamp();
        while (await silos.Events(market) < events)
        {
            if (Stopwatch.GetElapsedTime(since) > TimeSpan.FromSeconds(20)) return; // Lost, which the sum will show.
            await Task.Delay(1);
        }
    }

    private static async Task<long> Applied(VenueServer venue, ClusterSilos silos) =>
        (await Task.WhenAll(venue.Markets.Select(market => silos.Events(market.Id)))).Sum();
}
