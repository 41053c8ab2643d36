using PolyArb.Simulator.Faults;
using PolyArb.Simulator.Feed;
using PolyArb.Simulator.World;

namespace PolyArb.Simulator.Engine;

/// <summary>
/// What happens to a market beside trading (protocol 10.7): listed, its tick changed, cleared, closed, resolved. Answers null, or one
/// sentence that says why nothing was done.
/// </summary>
internal sealed class MarketLife(Exchange exchange)
{
    /// <summary>Every price step there is, the coarsest first (protocol 1.3).</summary>
    public static readonly int[] Ticks = [1000, 100, 50, 25, 10, 1];

    private const string NoTick = "tick must be one of 0.1, 0.01, 0.005, 0.0025, 0.001, 0.0001";

    /// <summary>
    /// Adds a condition while the exchange runs. It is announced at once; the CLOB knows it after the hydration time only and answers
    /// 404 until then.
    /// </summary>
    public string? List(Condition condition, long hydrationMs = 0)
    {
        lock (exchange.Gate)
        {
            if (exchange.World.Listed.Any(c => c.Id == condition.Id)) return $"condition {condition.Id} is listed already";
            if (!Ticks.Contains(condition.Tick)) return NoTick;

            var siblings = exchange.World.Listed.Where(c => condition.NegRisk && c.NegRiskMarketId == condition.NegRiskMarketId);
            if (siblings.Any(Converted)) return "an event with converted positions takes no further condition: nothing would back its win";

            exchange.World.Announce(condition);
            exchange.Open(condition);
            exchange.Prints.Broadcast(ListingText.NewMarket(exchange.World, condition, exchange.Agenda.Now));
            if (hydrationMs > 0)
            {
                exchange.MarketOf(condition).AcceptsOrders = false;
                exchange.Agenda.In(hydrationMs, () => Hydrate(condition));
            }
            else
            {
                exchange.World.Open(condition);
            }

            return null;
        }
    }

    /// <summary>Resting orders off the new grid stay (undocumented, protocol 10.7); both tokens hear of the step and get fresh books.</summary>
    public string? ChangeTick(Condition condition, int tick)
    {
        if (!Ticks.Contains(tick)) return NoTick;

        lock (exchange.Gate)
        {
            var market = exchange.MarketOf(condition);
            if (market.IsClosed) return "the market is closed";
            if (market.Tick == tick) return "the market has this tick already";

            var old = market.Tick;
            market.Tick = tick;
            exchange.Stamp(market); // The tick is in the hash.
            for (var token = 0; token < 2; token++)
            {
                exchange.Prints.Tell(market, token, ListingText.TickSizeChange(market, token, old));
            }

            exchange.Prints.Changed(market, 0, [], topMoved: false, matched: true);
            return null;
        }
    }

    /// <summary>No more orders; what rests is canceled.</summary>
    public string? Close(Condition condition)
    {
        lock (exchange.Gate)
        {
            var market = exchange.MarketOf(condition);
            if (market.IsClosed) return "the market is closed already";

            (market.AcceptsOrders, market.IsClosed) = (false, true);
            Empty(market, OrderStatus.MarketResolved);
            return null;
        }
    }

    /// <summary>Null as the winner: 50/50. Closes the market if it is not. In a neg-risk event exactly one condition ends YES.</summary>
    public string? Resolve(Condition condition, int? winner)
    {
        lock (exchange.Gate)
        {
            var market = exchange.MarketOf(condition);
            if (market.Payouts is not null) return "the market is resolved already";
            if (condition.NegRisk && Contradiction(condition, winner) is { } contradiction) return contradiction;

            if (!market.IsClosed) Close(condition);
            market.Payouts = winner switch
            {
                null => [Units.MicrosOne / 2, Units.MicrosOne / 2],
                0 => [Units.MicrosOne, 0],
                _ => [0, Units.MicrosOne],
            };
            if (exchange.Faults.Strikes(FaultKind.MissingMarketResolved, condition) is not null) return null;

            exchange.Prints.Broadcast(ListingText.MarketResolved(exchange.World, condition, winner, exchange.Agenda.Now));
            return null;
        }
    }

    /// <summary>Sees to the game start of a condition that is cleared then (cbos); details are UNVERIFIED, the market goes on.</summary>
    public void Watch(Condition condition)
    {
        if (!condition.ClearsAtStart || condition.GameStart is not { } start) return;

        var wait = start.ToUnixTimeMilliseconds() - exchange.Agenda.Now;
        if (wait > 0) exchange.Agenda.In(wait, () => Empty(exchange.MarketOf(condition), OrderStatus.Canceled));
    }

    private void Hydrate(Condition condition)
    {
        exchange.MarketOf(condition).AcceptsOrders = true;
        exchange.World.Open(condition);
    }

    private void Empty(Market market, OrderStatus why)
    {
        foreach (var bids in (ReadOnlySpan<bool>)[true, false])
        {
            foreach (var order in market.Book.FromBest(bids).SelectMany(level => level.Orders).ToArray()) exchange.Cancel(order, why);
        }
    }

    private string? Contradiction(Condition condition, int? winner)
    {
        if (winner is null) return "a condition of a neg-risk event ends YES or NO, never 50/50";

        var others = exchange.World.Listed.Where(c => c.NegRiskMarketId == condition.NegRiskMarketId && c.Id != condition.Id)
            .Select(c => exchange.MarketOf(c).Payouts).ToArray();
        if (others.Length == 0) return null; // A recording that knows one of the event only.
        if (winner == 0 && others.Any(p => p is [> 0, _])) return "another condition of the event ended YES";
        return winner == 1 && others.All(p => p is [0, _]) ? "all others of the event ended NO, so this one ends YES" : null;
    }

    private bool Converted(Condition condition) =>
        exchange.Ledger.Vault.Supply(condition.Tokens[0]) != exchange.Ledger.Vault.Supply(condition.Tokens[1]);
}
