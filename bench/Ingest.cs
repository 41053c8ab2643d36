using System.Diagnostics;
using PolyArb.Bench.Venue;

namespace PolyArb.Bench;

/// <summary>
/// How many wire events a second go from the sockets through reader, pumps and desks when the venue sends as fast as they are taken, and
/// what of a processor that costs. Nothing is worth a basket.
/// </summary>
internal static class Ingest
{
    /// <summary>Inputs that wait before the venue holds back: enough for batches, too few for a queue to be full.</summary>
    private const int WaitingMax = 6_000;

    /// <summary>Bytes of one write.</summary>
    private const int WriteMax = 32 * 1024;

    public static readonly string[] Columns = ["events/s", "per core", "us of a core", "bytes/event"];

    public static async Task<BenchTable> Measure(BenchTable table, bool isShort)
    {
        var set = MarketSet.Of(questions: isShort ? 40 : 500, pairs: 0, tens: 0);
        var (warm, length) = isShort ? (TimeSpan.FromSeconds(1), TimeSpan.FromSeconds(1)) : (TimeSpan.FromSeconds(10), TimeSpan.FromSeconds(15));
        foreach (var (proofs, records) in new[] { ("before_trade", false), ("always", false), ("before_trade", true) })
        {
            using var venue = new VenueServer(set.Markets, set.Books);
            await using (var silo = await VenueSilo.Start(venue, proofs, records))
            {
                await Flood(venue, silo, warm);
                var run = await Flood(venue, silo, length);
                table.Add(
                    $"proofs {proofs}, recorder {(records ? "on" : "off")}", "", run.Events / run.Wall.TotalSeconds, run.Events / run.Processor.TotalSeconds,
                    run.Processor.TotalMicroseconds / run.Events, run.Allocated / (double)run.Events);
                if (run.Events < run.Sent) table.Note($"proofs {proofs}, recorder {(records ? "on" : "off")}: {run.Sent - run.Events} of {run.Sent} events were not applied.");
            }

            foreach (var book in set.Books) book.Channel = null;
        }

        table.Note($"{set.Markets.Length} markets, price_change frames of two entries; \"per core\" is for each second of a processor that the process used, the venue's sending thread not counted.");
        return table;
    }

    private sealed record Run(long Sent, long Events, TimeSpan Wall, TimeSpan Processor, long Allocated);

    private static async Task<Run> Flood(VenueServer venue, VenueSilo silo, TimeSpan length)
    {
        var batches = venue.Books.GroupBy(book => book.Channel!).SelectMany(BatchesOf).ToArray();
        var before = await silo.Events(venue);
        var (used, allocated, start) = (Environment.CpuUsage.TotalTime, GC.GetTotalAllocatedBytes(), Stopwatch.GetTimestamp());
        var (sent, sending) = await Task.Factory.StartNew(() => Send(batches, silo, length), CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default);
        var (applied, last) = (0L, -1L);
        for (var quiet = 0; applied < sent && quiet < 20; quiet = applied > last ? 0 : quiet + 1)
        {
            if (applied > 0) await Task.Delay(100); // In sockets, queues and batches.
            (last, applied) = (applied, await silo.Events(venue) - before);
        }

        return new Run(
            sent, applied, Stopwatch.GetElapsedTime(start), Environment.CpuUsage.TotalTime - used - sending, GC.GetTotalAllocatedBytes() - allocated);
    }

    /// <summary>Whole rounds of every book's changes, so that they can be sent again and again; and how much of a processor that took.</summary>
    private static (long Sent, TimeSpan Processor) Send((MarketChannel Channel, byte[] Bytes, int Events)[] batches, VenueSilo silo, TimeSpan length)
    {
        var (sent, start, used) = (0L, Stopwatch.GetTimestamp(), Native.ThreadProcessorTime);
        while (Stopwatch.GetElapsedTime(start) < length)
        {
            foreach (var (channel, bytes, events) in batches)
            {
                while (silo.Feed.Waiting > WaitingMax) Native.Sleep(TimeSpan.FromMicroseconds(50));
                channel.Send(bytes);
                sent += events;
            }
        }

        return (sent, Native.ThreadProcessorTime - used);
    }

    public static IEnumerable<(MarketChannel Channel, byte[] Bytes, int Events)> BatchesOf(IGrouping<MarketChannel, PreparedBook> books)
    {
        var (bytes, events) = (new List<byte>(WriteMax), 0);
        var rounds = books.First().Changes.Length;
        for (var round = 0; round < rounds; round++)
        {
            foreach (var book in books)
            {
                bytes.AddRange(book.Changes[round]);
                events++;
                if (bytes.Count < WriteMax) continue;

                yield return (books.Key, bytes.ToArray(), events);
                (bytes, events) = (new List<byte>(WriteMax), 0);
            }
        }

        if (events > 0) yield return (books.Key, bytes.ToArray(), events);
    }
}
