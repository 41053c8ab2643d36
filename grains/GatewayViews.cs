using System.Collections.Immutable;
using PolyArb.Domain;
using PolyArb.Domain.Edges;
using PolyArb.Domain.Orders;
using PolyArb.Domain.Ports;
using PolyArb.Domain.Risk;
using PolyArb.Grains.Interfaces;

namespace PolyArb.Grains;

/// <summary>The gateway's books as readers see them: what is open, and pages of the rest. None of it costs as much as there ever was.</summary>
internal static class GatewayViews
{
    public static Status Status(
        this GatewayBooks books, TradingRules rules, PortfolioView portfolio, bool isRecovering, string venue, long uptimeSeconds,
        StreamHealth market, StreamHealth user) => new()
        {
            State = books.Trading,
            Reason = books.Reason,
            Epoch = books.Epoch,
            Mode = rules.Mode,
            DryRun = rules.DryRun,
            Recovering = isRecovering,
            Venue = venue,
            UptimeSeconds = uptimeSeconds,
            Exposure = portfolio.Exposure,
            Cash = books.Ledger.Cash,
            Equity = portfolio.IsRecovering ? null : portfolio.Performance.Equity,
            RealizedPnl = books.Ledger.Realized,
            HourlyPnl = portfolio.Performance.Hourly,
            DailyPnl = portfolio.Performance.Daily,
            Drawdown = portfolio.Performance.Drawdown,
            OpenOrders = books.Blotter.Unfinished.Count(order => !order.IsClosed),
            UnresolvedOrders = books.Unresolved,
            MarketStream = $"{market.State}: {market.Detail}",
            UserStream = $"{user.State}: {user.Detail}",
            Overrides = books.Overrides,
        };

    public static ImmutableArray<OrderView> Orders(this Blotter blotter, long before, int last) => Numbered(
        blotter.OrdersBefore(before, Bounded(last)), (order, number) => View(order) with { N = number });

    /// <summary>Without their numbers.</summary>
    public static ImmutableArray<OrderView> OpenOrders(this Blotter blotter) =>
        [.. blotter.Unfinished.Select(order => View(order)).OrderBy(order => order.CreatedAt)];

    public static ImmutableArray<FillView> Fills(this Blotter blotter, long before, int last) => Numbered(
        blotter.FillsBefore(before, Bounded(last)),
        (traded, number) => View(traded.Order, traded.Fill) with { N = number });

    public static PositionsView Positions(this GatewayBooks books, Settler settler) => new(
        books.Ledger.Cash,
        [.. books.Ledger.Positions.Select(position => new PositionView(
            position.Market, position.Condition, position.Token, position.Outcome, position.Shares,
            new Usd((long)((Int128)position.Cost.Micros * 1_000_000 / Math.Max(1, position.Shares.Micros)))))],
        books.OpenBaskets(),
        Calls(settler, SettlementKind.Merge),
        Calls(settler, SettlementKind.Convert),
        settler.IsBusy);

    public static ImmutableArray<BasketView> Baskets(this GatewayBooks books, long before, int last) => Numbered(
        books.Blotter.BasketsBefore(before, Bounded(last)), (basket, number) => View(books, basket) with { N = number });

    /// <summary>Without their numbers.</summary>
    public static ImmutableArray<BasketView> OpenBaskets(this GatewayBooks books) =>
        [.. books.Blotter.AllOpenBaskets.OrderBy(basket => basket.OpenedAt).Select(basket => View(books, basket))];

    private static int Bounded(int last) => Math.Clamp(last, 0, ControlPages.Most);

    private static ImmutableArray<TView> Numbered<T, TView>(Page<T> page, Func<T, long, TView> view) =>
        [.. page.Rows.Select((row, place) => view(row, page.First + place))];

    private static OrderView View(Order order) => new(
        order.Id, order.Intent.Basket, order.Intent.Market, order.Intent.Order.Condition, order.Intent.Order.Token, order.Intent.Order.Side,
        order.Intent.Order.Type, order.Intent.Order.Limit, order.Intent.Order.Shares, order.Matched, order.State,
        Instant.FromMillis(order.Intent.TimestampMs), order.Note);

    private static FillView View(Order order, Fill fill) => new(
        fill.Trade, order.Id, order.Intent.Order.Token, order.Intent.Order.Side, fill.Price, fill.Shares, fill.Fee, fill.Status, fill.At);

    private static BasketView View(GatewayBooks books, BasketRecord record) =>
        View(record, new BasketTally(books.Standing(record)), books.Blotter.OrdersOf(record));

    private static BasketView View(BasketRecord record, BasketTally tally, IEnumerable<Order> orders) => new(
        record.Basket.Id, record.Basket.Market, record.Basket.Kind, record.Basket.Side, record.Basket.Style,
        record.Result?.Quantity ?? tally.Least,
        record.Basket.Side is Side.Sell ? Usd.Zero : tally.Worth,
        record.Result is { } result ? result.End.ToString() : record.LockedAt is null ? "Open" : "Locked",
        new Usd(orders.Sum(order => order.Intent.Order.Side is Side.Buy ? order.Money.Micros : -order.Money.Micros)),
        record.Basket.Edge,
        record.Basket.Profit,
        record.Result?.Earned);

    private static ImmutableArray<SettleableView> Calls(Settler settler, SettlementKind kind) => [.. settler.Calls.Where(call => call.Kind == kind)
        .Select(call => new SettleableView(
            call.Market, kind is SettlementKind.Merge ? call.Gives[0].Condition : null, call.Questions, call.Shares, call.Dollars,
            [.. call.Gets.Select(token => token.Token)], settler.Describe(call)))];
}
