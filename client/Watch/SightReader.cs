using System.Collections.Immutable;
using PolyArb.Domain;
using PolyArb.Domain.Ports;
using PolyArb.Grains.Interfaces;

namespace PolyArb.Client.Watch;

/// <summary>
/// Reads what `watch` shows, so that a silo hardly notices: no market more than twice a second and only so many at once, what changes
/// slowly seldom, and orders and facts from the journal's readers, only what is new.
/// </summary>
internal sealed class SightReader(SiloConnection silo, TimeProvider time)
{
    private const int MarketsAtOnce = 24;
    private const int Levels = 8;
    private const int FactsMax = 100;
    private const int OrdersMax = 40;
    private const int ErrorsMax = 10;
    private const int EquityMax = 400;

    /// <summary>Rounds between two looks at what changes slowly.</summary>
    private const int Seldom = 4;

    private readonly Dictionary<MarketId, MarketBooks> _books = [];
    private ImmutableArray<MarketId> _enabled = [];
    private ImmutableArray<OrderLine> _orders = [];
    private ImmutableArray<ErrorLine> _errors = [];
    private ImmutableArray<LatencyHistogram> _latencies = [];
    private ImmutableArray<FactLine> _facts = [];
    private ImmutableArray<Usd> _equity = [];
    private int _round;
    private int _next; // Of the markets.

    public async Task<Sight> Read()
    {
        if (_round == 0) _equity = [.. (await silo.History.Equity(new HistoryQuery(EquityMax))).Select(sample => sample.Equity)];
        if (_round++ % Seldom == 0) await ReadSlow();

        var status = await silo.Control.Status();
        var news = await silo.History.Facts(new HistoryQuery(FactsMax, After: _facts.IsEmpty ? 0 : _facts[^1].N));
        _facts = Last(_facts.AddRange(news), FactsMax);
        if (status.Equity is { } equity) _equity = Last(_equity.Add(equity), EquityMax);
        await ReadBooks();
        var markets = _books.Values.Where(market => !market.Books.IsEmpty).OrderByDescending(market => market.Edge?.Terms.Executable.Micros ?? long.MinValue);
        return new Sight(Instant.From(time.GetUtcNow()), status, _enabled.Length, [.. markets.ThenBy(market => market.Title, StringComparer.Ordinal)], _orders, _facts, _errors, _latencies, _equity);
    }

    private async Task ReadSlow()
    {
        _enabled = await silo.Cluster.Enabled();
        foreach (var gone in _books.Keys.Except(_enabled).ToArray()) _books.Remove(gone);
        _orders = await silo.History.Orders(new HistoryQuery(OrdersMax));
        _errors = await silo.History.Errors(new HistoryQuery(ErrorsMax));
        _latencies = await silo.Cluster.Latencies();
    }

    /// <summary>Some of the markets, in turn.</summary>
    private async Task ReadBooks()
    {
        var count = Math.Min(MarketsAtOnce, _enabled.Length);
        var turn = Enumerable.Range(0, count).Select(offset => _enabled[(_next + offset) % _enabled.Length]);
        foreach (var read in await Task.WhenAll(turn.Select(market => silo.Market(market).Books(Levels)))) _books[read.Id] = read;
        if (count > 0) _next = (_next + count) % _enabled.Length;
    }

    private static ImmutableArray<T> Last<T>(ImmutableArray<T> all, int most) => all.Length > most ? all[^most..] : all;
}
