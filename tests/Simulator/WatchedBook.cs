using System.Text.Json;
using PolyArb.Simulator.Engine;
using PolyArb.Simulator.Feed;

namespace PolyArb.Tests.Simulator;

/// <summary>A client's copy of one token's book, built from frames alone, that recomputes the venue's hash.</summary>
internal sealed class WatchedBook(JsonElement book, bool negRisk)
{
    private readonly SortedDictionary<decimal, (string Price, string Size)> _bids = Levels(book, "bids");
    private readonly SortedDictionary<decimal, (string Price, string Size)> _asks = Levels(book, "asks");

    private string _lastTrade = book.Text("last_trade_price");
    private bool _isTraded;

    public void Apply(JsonElement change)
    {
        var side = change.Text("side") == "BUY" ? _bids : _asks;
        var price = decimal.Parse(change.Text("price"), System.Globalization.CultureInfo.InvariantCulture);
        if (change.Text("size") == "0") side.Remove(price);
        else side[price] = (change.Text("price"), change.Text("size"));
    }

    /// <summary>A book sent again says nothing new but that there may have been a trade, whose price is told later.</summary>
    public void Again(JsonElement again)
    {
        _isTraded = true;
        Xunit.Assert.Equal(_bids.Values, Levels(again, "bids").Values);
        Xunit.Assert.Equal(_asks.Values, Levels(again, "asks").Values);
    }

    /// <summary>True when the book has the hash; after a trade its price is the one of all possible ones that yields the hash.</summary>
    public bool Proves(string timestamp, string hash)
    {
        if (Hash(timestamp) == hash) return true;
        if (!_isTraded) return false;

        var known = _lastTrade;
        for (var price = 10; price < Units.PriceOne; price += 10)
        {
            _lastTrade = Units.LastTrade(price);
            if (Hash(timestamp) != hash) continue;

            _isTraded = false;
            return true;
        }

        _lastTrade = known;
        return false;
    }

    private string Hash(string timestamp) => BookText.Hash(
        $"{{\"market\":\"{book.Text("market")}\",\"asset_id\":\"{book.Text("asset_id")}\",\"timestamp\":\"{timestamp}\",\"hash\":\"\","
        + $"\"bids\":[{Text(_bids.Values)}],\"asks\":[{Text(_asks.Values.Reverse())}],\"min_order_size\":\"5\","
        + $"\"tick_size\":\"{book.Text("tick_size")}\",\"neg_risk\":{(negRisk ? "true" : "false")},\"last_trade_price\":\"{_lastTrade}\"}}");

    private static string Text(IEnumerable<(string Price, string Size)> levels) =>
        string.Join(',', levels.Select(l => $"{{\"price\":\"{l.Price}\",\"size\":\"{l.Size}\"}}"));

    private static SortedDictionary<decimal, (string, string)> Levels(JsonElement book, string side) => new(
        book.GetProperty(side).EnumerateArray().ToDictionary(
            l => decimal.Parse(l.Text("price"), System.Globalization.CultureInfo.InvariantCulture), l => (l.Text("price"), l.Text("size"))));
}
