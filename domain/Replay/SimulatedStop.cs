using System.Collections.Immutable;
using PolyArb.Domain.Edges;
using PolyArb.Domain.Journal;
using PolyArb.Domain.Orders;
using PolyArb.Domain.Risk;

namespace PolyArb.Domain.Replay;

/// <summary>The way of a simulated day through FLATTENING to SAFE, once a breaker has tripped.</summary>
internal sealed class SimulatedStop(GatewayState state, RiskState risk, DayRules rules, Func<MarketId, Market?> marketOf)
{
    /// <summary>No sale was possible for so long: what is left is held.</summary>
    private static readonly TimeSpan NoSaleFor = TimeSpan.FromSeconds(5);

    private Instant _end;
    private Instant _lastSale;
    private int _sales;

    /// <summary>Why, and when; null while trading goes on.</summary>
    public DayStop? Why { get; private set; }

    /// <summary>Nothing new from here on.</summary>
    public void Begin(string why, Instant now)
    {
        Why = new DayStop(now, why);
        (_end, _lastSale) = (now + rules.Flatten.Timeout, now);
        Move(TradingState.Flattening, why, now);
    }

    /// <summary>SAFE once nothing is open and nothing more can be sold, or when the time is over.</summary>
    public void Look(Instant now)
    {
        var isOpen = state.Blotter.Unfinished.Any(order => !order.IsClosed);
        var sales = state.Blotter.Orders.Count(order => order.Intent.Purpose is Purpose.Flatten);
        if (isOpen || sales != _sales) (_lastSale, _sales) = (now, sales);

        var isSold = !rules.Flatten.Sells || Excess().IsEmpty || now - _lastSale > NoSaleFor;
        if ((isSold && !isOpen) || now >= _end) Move(TradingState.Safe, state.Reason, now);
    }

    /// <summary>What is to be sold: shares that complete no basket, where the rules say so.</summary>
    public ImmutableArray<Position> Excess() => !rules.Flatten.Sells
        ? []
        : Equity.Excess(state.Ledger.Positions, market => marketOf(market) is { } known ? rules.Edge.Exhaustive(known) : null);

    private void Move(TradingState to, string why, Instant now)
    {
        state.Apply(new Fact.StateChanged(now, state.Trading, to, state.Epoch + 1, "breaker", why));
        risk.Move(to, state.Epoch);
    }
}
