using System.Text.Json;
using PolyArb.Simulator.Feed;

namespace PolyArb.Tests.Simulator;

/// <summary>A client's copy of one token's book, built from frames alone, that recomputes the venue's hash.</summary>
internal sealed class WatchedBook(JsonElement book, bool negRisk)
{
    private readonly SortedDictionary<decimal, (string Price, string Size)> _bids = Levels(book, "bids");
    private readonly SortedDictionary<decimal, (string Price, string Size)> _asks = Levels(book, "asks");

    public string LastTrade { get; set; } = book.Text("last_trade_price");

    public void Apply(JsonElement change)
    {
        var side = change.Text("side") == "BUY" ? _bids : _asks;
        var price = decimal.Parse(change.Text("price"), System.Globalization.CultureInfo.InvariantCulture);
        if (change.Text("size") == "0") side.Remove(price);
        else side[price] = (change.Text("price"), change.Text("size"));
    }

    public string Hash(string timestamp) => BookText.Hash(
        $"{{\"market\":\"{book.Text("market")}\",\"asset_id\":\"{book.Text("asset_id")}\",\"timestamp\":\"{timestamp}\",\"hash\":\"\","
        + $"\"bids\":[{Text(_bids.Values)}],\"asks\":[{Text(_asks.Values.Reverse())}],\"min_order_size\":\"5\","
        + $"\"tick_size\":\"{book.Text("tick_size")}\",\"neg_risk\":{(negRisk ? "true" : "false")},\"last_trade_price\":\"{LastTrade}\"}}");

    private static string Text(IEnumerable<(string Price, string Size)> levels) =>
        string.Join(',', levels.Select(l => $"{{\"price\":\"{l.Price}\",\"size\":\"{l.Size}\"}}"));

    private static SortedDictionary<decimal, (string, string)> Levels(JsonElement book, string side) => new(
        book.GetProperty(side).EnumerateArray().ToDictionary(
            l => decimal.Parse(l.Text("price"), System.Globalization.CultureInfo.InvariantCulture), l => (l.Text("price"), l.Text("size"))));
}
