using System.Globalization;
using PolyArb.Simulator.Engine;
using PolyArb.Simulator.Feed;

namespace PolyArb.Simulator.Recordings;

/// <summary>What enters a book's hash beside its levels: tick in 1/10,000, minimum size in micro-shares, the last trade as the venue wrote it.</summary>
internal sealed record BookFacts(int Tick, long MinSize, bool NegRisk, string LastTrade)
{
    private static readonly int[] Ticks = [100, 10, 1000, 50, 25, 1]; // Protocol 1.3, the usual ones first.
    private static readonly long[] MinSizes = [5, 1, 15, 10, 20, 50, 100];

    /// <summary>
    /// Tries the usual values for what a recording leaves out until the book's hash verifies; null when none does. A fact that is given
    /// is believed, but for the last trade, which may have moved on since.
    /// </summary>
    public static BookFacts? Find(RecordedEvent.Book book, int? tick, long? minSize, bool? negRisk)
    {
        var levels = Levels(book);
        foreach (var last in LastTrades(book))
        {
            foreach (var step in tick is { } known ? [known] : Ticks)
            {
                foreach (var least in minSize is { } given ? [given] : MinSizes.Select(shares => shares * Units.MicrosOne))
                {
                    foreach (var neg in negRisk is { } said ? [said] : (ReadOnlySpan<bool>)[false, true])
                    {
                        var facts = new BookFacts(step, least, neg, last);
                        if (BookText.Hash(levels + facts.Tail()) == book.Hash) return facts;
                    }
                }
            }
        }

        return null;
    }

    private static IEnumerable<string> LastTrades(RecordedEvent.Book book)
    {
        if (book.LastTrade is { } said) return [said];

        var everyPrice = Enumerable.Range(1, 999).Select(price => string.Create(CultureInfo.InvariantCulture, $"0.{price:000}"));
        return ["", .. everyPrice];
    }

    private string Tail() =>
        $",\"min_order_size\":\"{Units.Micros(MinSize)}\",\"tick_size\":\"{Units.Price(Tick)}\",\"neg_risk\":{(NegRisk ? "true" : "false")}"
        + $",\"last_trade_price\":\"{LastTrade}\"}}";

    private static string Levels(RecordedEvent.Book book) => string.Create(
        CultureInfo.InvariantCulture,
        $"{{\"market\":\"{book.Condition}\",\"asset_id\":\"{book.Token}\",\"timestamp\":\"{book.Timestamp}\",\"hash\":\"\",\"bids\":[{Side(book, true)}],\"asks\":[{Side(book, false)}]");

    private static string Side(RecordedEvent.Book book, bool bids) => string.Join(',', book.Levels.Where(l => l.IsBid == bids)
        .Select(l => $"{{\"price\":\"{Units.Price(l.Price)}\",\"size\":\"{Units.Micros(l.Total)}\"}}"));
}
