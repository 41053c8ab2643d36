using PolyArb.Simulator.Engine;
using PolyArb.Simulator.Feed;
using PolyArb.Simulator.World;

namespace PolyArb.Simulator.Faults;

/// <summary>The books that REST shows: the present ones, or those of the moment a window of stale ones began (protocol 3). Ask with the exchange's lock held.</summary>
internal sealed class StaleBooks
{
    private readonly Exchange _exchange;
    private readonly Dictionary<(string Condition, int Token), string> _then = [];

    public StaleBooks(Exchange exchange)
    {
        _exchange = exchange;
        exchange.Faults.OnOpening(FaultKind.StaleRestBook, Remember);
    }

    public string Summary(Market market, int token) =>
        _then.Count > 0 && _exchange.Faults.Holds(FaultKind.StaleRestBook, market.Condition)
            && _then.TryGetValue((market.Condition.Id, token), out var text)
            ? text
            : BookText.Summary(market, token);

    private void Remember(Condition? of)
    {
        foreach (var condition in of is null ? _exchange.World.Conditions : [of])
        {
            var market = _exchange.MarketOf(condition);
            for (var token = 0; token < 2; token++) _then[(condition.Id, token)] = BookText.Summary(market, token);
        }
    }
}
