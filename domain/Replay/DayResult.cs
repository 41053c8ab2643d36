using System.Collections.Immutable;
using PolyArb.Domain.Edges;
using PolyArb.Domain.Guards;
using PolyArb.Domain.Orders;
using PolyArb.Domain.Risk;

namespace PolyArb.Domain.Replay;

/// <summary>Reads off a simulated day's books what it came to.</summary>
internal static class DayResult
{
    /// <summary>All of it but what was replayed, and how.</summary>
    public static BacktestResult Of(SimulatedGateway gateway, DayTally tally, DayRules rules, ImmutableArray<DaySeat> seats, Instant end)
    {
        var (state, risk) = (gateway.State, gateway.Risk);
        ImmutableArray<Order> orders = [.. state.Blotter.Orders];
        ImmutableArray<MarketRow> markets = [.. seats.Select(seat => seat.Row(end)).OrderBy(row => row.Market.Text, StringComparer.Ordinal)];
        return new BacktestResult
        {
            Header = new BacktestHeader("", rules.Seed, end, end, [], []),
            Events = 0,
            DecisionsDigest = "",
            Money = new BacktestMoney(
                rules.Capital, state.Ledger.Cash, state.Ledger.Realized, state.Ledger.Cost, risk.Worth.Value,
                new Usd(orders.Sum(order => order.Fees.Micros)), risk.Worth.IsWhole),
            Orders = Count(orders),
            Equity = tally.Equity.Points,
            MaxDrawdown = tally.Equity.MaxDrawdown,
            Markets = markets,
            Baskets = [.. state.Blotter.Baskets.OrderBy(basket => basket.OpenedAt).ThenBy(basket => basket.Basket.Id.Text, StringComparer.Ordinal).Select(basket => Row(basket, state))],
            Refusals = tally.Refusals,
            Phantoms = Phantoms(seats),
            Latencies = tally.Latencies,
            Coverage = Together(markets),
            Stop = gateway.Stop,
        };
    }

    private static OrderCounts Count(ImmutableArray<Order> orders) => new(
        Placed: orders.Length,
        Matched: orders.Count(order => order.Filled > Size.Zero),
        Partial: orders.Count(order => order.IsClosed && order.Filled > Size.Zero && order.Filled < order.Intent.Order.Shares),
        Canceled: orders.Count(order => order.IsClosed && order.Intent.Order.Type is OrderType.Gtc or OrderType.Gtd && order.State is not OrderState.Rejected && order.Matched < order.Intent.Order.Shares),
        Rejected: orders.Count(order => order is { State: OrderState.Rejected, Refusal: not (RejectCode.FokNotFilled or RejectCode.FakNotFilled) }),
        FailedTrades: orders.Sum(order => (long)order.Fills.Values.Count(fill => fill.Status is TradeStatus.Failed)));

    private static BasketRow Row(BasketRecord record, GatewayState state) => new(
        record.Basket.Id, record.Basket.Market, record.Basket.Kind, record.Basket.Style, record.OpenedAt, record.Basket.Quantity, record.Basket.Profit,
        record.Result?.Earned, record.Result?.End, record.IsOpen ? null : JudgedBasket.Of(state.Standing(record)));

    private static ImmutableArray<CauseCount> Phantoms(ImmutableArray<DaySeat> seats) =>
        [.. seats.SelectMany(seat => seat.Desks)
            .SelectMany(desk => desk.Phantoms.Episodes.Select(cause => new CauseCount(cause.Key, cause.Value, desk.Phantoms.Lasted.GetValueOrDefault(cause.Key))))
            .GroupBy(cause => cause.Cause).OrderBy(causes => causes.Key, StringComparer.Ordinal).Select(Sum)];

    private static Coverage Together(ImmutableArray<MarketRow> markets) => new(
        markets.Aggregate(TimeSpan.Zero, (sum, market) => sum + market.Coverage.Watched),
        markets.Aggregate(TimeSpan.Zero, (sum, market) => sum + market.Coverage.Whole),
        markets.Aggregate(default(Books.ProofCounts), (sum, market) => sum + market.Coverage.Proofs),
        [.. markets.SelectMany(market => market.Coverage.Gaps).GroupBy(gap => gap.Cause).OrderBy(gaps => gaps.Key, StringComparer.Ordinal).Select(Sum)],
        markets.Sum(market => market.Coverage.Unchecked));

    private static CauseCount Sum(IGrouping<string, CauseCount> same) => new(
        same.Key, same.Sum(cause => cause.Count), same.Aggregate(TimeSpan.Zero, (sum, cause) => sum + cause.Lasted));
}
