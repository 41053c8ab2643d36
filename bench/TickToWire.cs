using System.Collections.Immutable;
using System.Globalization;
using PolyArb.Bench.Venue;
using PolyArb.Domain.Ports;
using PolyArb.Grains;

namespace PolyArb.Bench;

/// <summary>
/// From the bytes of a frame on the exchange's socket to those of the order for it, through a whole silo, at rates of events that come
/// meanwhile; and beside it, in the same seconds, a bare POST as long as the order's; at last a bare write and sync of as many pages as the journal's.
/// </summary>
internal sealed class TickToWire(BenchTable table, MarketSet set, VenueServer venue, VenueSilo silo, BarePost bare, BareSync sync)
{
    private const int HitsPerSecond = 25;

    public static readonly string[] Columns = BenchTable.Percentiles;

    public static async Task<BenchTable> Measure(BenchTable table, string proofs, int[] rates, bool isShort)
    {
        var set = isShort ? MarketSet.Of(questions: 20, pairs: 20, tens: 4) : MarketSet.Of(questions: 410, pairs: 70, tens: 20);
        var (two, ten) = (await BareSync.PagesOf(legs: 2), await BareSync.PagesOf(legs: 10));
        using var sync = new BareSync();
        using var venue = new VenueServer(set.Markets, set.Books);
        await using var silo = await VenueSilo.Start(venue, proofs, records: true);
        using var bare = new BarePost(venue);
        var run = new TickToWire(table, set, venue, silo, bare, sync);
        var length = TimeSpan.FromSeconds(isShort ? 2 : 25);
        table.Note($"{set.Markets.Length} markets with {set.Books.Length} questions, proofs {proofs}, recorder on, managed signer, journal FULL; the venue is part of this process.");
        table.Note("Percentiles are microseconds. \"Received to decided\" counts each batch of each market from its first frame; the others each order.");
        var middle = rates[rates.Length / 2];

        // Until nearly all is compiled as it stays: a silo runs for days, and the compiler takes a core meanwhile.
        await run.Pass(set.Pairs, middle, length: TimeSpan.FromSeconds(isShort ? 1 : 20), prints: false, legs: "two legs");
        await run.Pass(set.Tens, middle, length: TimeSpan.FromSeconds(isShort ? 1 : 10), prints: false, legs: "ten legs");
        foreach (var rate in rates) await run.Pass(set.Pairs, rate, length, prints: true, legs: "two legs");
        await run.Pass(set.Tens, middle, length, prints: true, legs: "ten legs");
        var shorter = isShort ? length : length / 2;
        await run.Parts(set.Pairs, middle, shorter, "two legs");
        await run.Parts(set.Tens, middle, shorter, "ten legs");
        await run.Floor(middle, shorter, "two legs", two);
        await run.Floor(middle, shorter, "ten legs", ten);
        return table;
    }

    /// <summary>The same once more with somebody who listens to the spans, and only they are printed: listening has its price.</summary>
    private async Task Parts(ImmutableArray<PreparedBook> books, int rate, TimeSpan length, string legs)
    {
        using var spans = new SpanTimes();
        await Pass(books, rate, length, prints: false, legs);
        foreach (var part in (string[])["basket", "reserve", "submit", "sign", "journal"])
            table.AddSpread(string.Create(CultureInfo.InvariantCulture, $"{rate:#,0}/s, {legs}, span: {part}"), "us", spans.Of(part));
    }

    /// <summary>Not while orders are written: two that sync at once wait for each other.</summary>
    private async Task Floor(int rate, TimeSpan length, string legs, int pages)
    {
        var syncing = sync.Run(pages, HitsPerSecond, length);
        await Pace.Run(set.Steady, rate, length, hits: null);
        table.AddSpread(string.Create(CultureInfo.InvariantCulture, $"{rate:#,0}/s, no orders: {pages} pages written and synced"), "us", await syncing);
        table.Note($"SQLite writes {pages} pages of 4 KB to its log for a basket of {legs}, all indexes included.");
    }

    private async Task Pass(ImmutableArray<PreparedBook> books, int rate, TimeSpan length, bool prints, string legs)
    {
        var hits = new Hits(books, HitsPerSecond);
        venue.Ordered = hits.Heard;
        var seen = Enum.GetValues<LatencySeries>().ToDictionary(series => series, series => silo.Latencies.Since(series, 0).Total);
        var before = await silo.Events(venue);
        var posting = bare.Run(_bodyLength, HitsPerSecond, length);
        var sent = await Pace.Run(set.Steady, rate, length, hits);
        var (there, back) = await posting;
        var waiting = silo.Feed.Waiting;
        await Task.Delay(TimeSpan.FromSeconds(1)); // What is still under way.
        _bodyLength = hits.BodyLength > 0 ? hits.BodyLength : _bodyLength;
        var applied = await silo.Events(venue) - before;
        if (!prints) return;

        var at = string.Create(CultureInfo.InvariantCulture, $"{rate:#,0}/s, {legs}: ");
        table.AddSpread(at + "frame to order", "us", hits.Micros);
        table.AddSpread(at + "bare POST, arrived", "us", there);
        table.AddSpread(at + "bare POST, answered", "us", back);
        Series(LatencySeries.RecvToDecision, "received to decided");
        Series(LatencySeries.DecisionToSend, "decided to sent");
        Series(LatencySeries.SendToAck, "sent to answered");
        table.Note(string.Create(
            CultureInfo.InvariantCulture,
            $"{at}{sent:#,0} events sent and {applied:#,0} applied with the hits and books, {waiting} waiting at the end; {hits.Sent} hits, {hits.Micros.Count} orders."));

        void Series(LatencySeries series, string name) =>
            table.AddSpread(at + name, "us", silo.Latencies.Since(series, seen[series]).Samples.Select(micros => (double)micros));
    }

    private int _bodyLength = 1_500; // Until an order was seen.
}
