using System.Collections.Immutable;
using PolyArb.Domain.Edges;
using PolyArb.Domain.Journal;
using PolyArb.Domain.Orders;

namespace PolyArb.Domain.Risk;

/// <summary>
/// What a gateway knows, made from facts alone: orders and baskets, money and shares, the kill switch, and parameters set by hand. Whoever applies the same
/// facts in the same order knows the same, live, after a restart and in a simulated day.
/// </summary>
public sealed class GatewayState
{
    /// <summary>More than can be told of while one settlement is on its way to the portfolio.</summary>
    private const int LastTrades = 1_000;

    private readonly List<Fact.RoundingAdjusted> _rounded = [];

    public Blotter Blotter { get; } = new();

    public Ledger Ledger { get; } = new();

    public Settlements Settlements { get; } = new();

    public EquityTrail Trail { get; } = new();

    /// <summary>Parameters that were set by hand.</summary>
    public Overrides Overrides { get; } = new();

    /// <summary>Orders of unknown outcome.</summary>
    public int Unresolved => Blotter.Unfinished.Count(order => order.State is OrderState.Unanswered or OrderState.Disputed);

    public TradingState Trading { get; private set; } = TradingState.Paused;

    public long Epoch { get; private set; }

    /// <summary>Who moved it there, and why.</summary>
    public string By { get; private set; } = "";

    public string Reason { get; private set; } = "";

    /// <summary>A fact told the state of the kill switch: this is not the first start.</summary>
    public bool HasState { get; private set; }

    public bool HasOpening { get; private set; }

    /// <summary>Grows with every fact after which orders, shares or dollars may be others.</summary>
    public long Moves { get; private set; }

    /// <summary>Total: a fact is on disk before it gets here, so one that threw would throw at every start.</summary>
    public BlotterChange? Apply(Fact fact)
    {
        Trail.Apply(fact);
        switch (fact)
        {
            case Fact.StateChanged moved:
                (Trading, Epoch, By, Reason, HasState) = (moved.To, moved.Epoch, moved.By, moved.Reason, true);
                return null;
            case Fact.ParametersChanged changed:
                Overrides.Apply(changed);
                return null;
            default:
                HasOpening |= fact is Fact.OpeningBalanceTaken;
                if (Reconciliation.Moves(fact)) Moves++;
                if (fact is Fact.RoundingAdjusted rounded) _rounded.Add(rounded);
                Ledger.Apply(fact);
                if (Settlements.Apply(fact) is { } call) Ledger.Apply(call);
                var change = Blotter.Apply(fact);
                if (change?.Settlement is { } settlement) Ledger.Apply(settlement);
                return change;
        }
    }

    /// <summary>The facts of what the news says that is new. One that follows on another of the same order may say nothing by then.</summary>
    public ImmutableArray<Fact> FactsOf(ImmutableArray<OrderEvent> news, Instant now)
    {
        var touched = new HashSet<OrderId>();
        return [.. news.Where(item => touched.Contains(item.Order) || (Blotter.Preview(item) is not null && touched.Add(item.Order)))
            .Select(Fact (item) => new Fact.OrderChanged(now, item))];
    }

    /// <summary>Dollars that rounding took since then; a share counts as one.</summary>
    public Usd RoundedSince(Instant since) => new(_rounded.Where(fact => fact.At >= since)
        .Sum(fact => fact.Cash.Micros + (fact.Shares?.Values.Sum(shares => shares.Micros) ?? 0)));

    /// <param name="excess">What is to be sold while trading stops.</param>
    public DeskInput.News News(MarketId market, Func<IEnumerable<Position>> excess) => new(
        Blotter.Version(market),
        [.. Blotter.OpenBaskets(market).Select(Standing)],
        StocksOf(market))
    {
        Flattening = Trading is not TradingState.Flattening ? null : new Flattening(
            [.. excess().Where(position => position.Market == market).Select(position => new Stock(position.Token, position.Shares, position.Cost))]),
    };

    /// <summary>A basket with its orders as a desk sees them.</summary>
    public OpenBasket Standing(BasketRecord record) =>
        new(record.Basket, record.OpenedAt, [.. Blotter.OrdersOf(record).Select(LegNews.Of)], record.LockedAt);

    /// <summary>Reservations none of whose orders can spend any more.</summary>
    public ImmutableArray<ReservationId> Releasable(ImmutableArray<BlotterChange> changes)
    {
        var reservations = changes.Select(change => Blotter.ReservationOf(change.After.Id)).OfType<ReservationId>().ToHashSet();
        if (reservations.Count == 0) return [];

        var spending = Blotter.Unfinished.Where(order => order.MaySpend).Select(order => Blotter.ReservationOf(order.Id)).OfType<ReservationId>().ToHashSet();
        return [.. reservations.Where(reservation => !spending.Contains(reservation))];
    }

    public ImmutableArray<MarketId> BusyMarkets() =>
        [.. Blotter.AllOpenBaskets.Select(basket => basket.Basket.Market)
            .Concat(Trading is TradingState.Flattening ? Ledger.Positions.Select(position => position.Market).OfType<MarketId>() : [])
            .Concat(Blotter.Unfinished.Select(order => order.Intent.Market))
            .Concat(Settlements.Open.Select(open => open.Call.Market)).Distinct()];

    /// <summary>Those, and the markets of shares that complete no basket.</summary>
    public ImmutableArray<MarketId> KeptMarkets() =>
        [.. BusyMarkets().Concat(Equity.Excess(Ledger.Positions, _ => null).Select(position => position.Market).OfType<MarketId>()).Distinct()];

    /// <param name="unwritten">What was promised and no fact knows of yet.</param>
    public Announcement Announcement(long gateway, bool isRecovering, IEnumerable<HeldReservation> unwritten) => new(
        gateway, Epoch, Trading, isRecovering, Ledger.Cash, Ledger.Realized, [.. Ledger.Positions], [.. TradesToTell()],
        [.. Blotter.AllOpenBaskets.Where(basket => basket is { LockedAt: null, Basket.Kind: not BasketKind.Excess }).Select(basket => new OpenSlot(basket.Basket.Id, basket.Basket.Slot))],
        [.. Blotter.Unfinished.Where(order => order.MaySpend)
            .GroupBy(order => Blotter.ReservationOf(order.Id) ?? default)
            .Select(orders => new HeldReservation(
                orders.Key,
                orders.First().Intent.Market,
                new Usd(orders.Sum(order => Math.Max(0, (order.Intent.Order.Outlay - order.Money).Micros))),
                orders.Where(order => order.Intent.Order.Side is Side.Sell)
                    .GroupBy(order => order.Intent.Order.Token)
                    .ToImmutableDictionary(sells => sells.Key, sells => new Size(sells.Sum(order => (order.Intent.Order.Shares - order.Filled).Micros))),
                Orders: [.. orders.Select(order => order.Intent.Order.Condition)])),
            .. Settlements.Open.Select(open => new HeldReservation(open.Id, open.Call.Market, Usd.Zero, open.Call.SharesGiven)),
            .. unwritten],
        Trail.ToHistory(), Unresolved);

    /// <summary>
    /// Trades that a settlement under way may be about: the last ones, those that are not final, those of orders that may still change. A final
    /// one that turns over later makes its order unfinished again, and that is announced.
    /// </summary>
    private IEnumerable<TradeSeen> TradesToTell()
    {
        var (unfinished, old) = (Blotter.Unfinished.Select(order => order.Id).ToHashSet(), Ledger.TradeCount - LastTrades);
        return Ledger.Trades.Where((trade, number) =>
            number >= old || trade.Status is not (TradeStatus.Confirmed or TradeStatus.Failed) || unfinished.Contains(trade.Order));
    }

    /// <summary>What the ledger holds beyond the shares that open baskets and calls under way count on, at its average cost.</summary>
    public ImmutableArray<Stock> StocksOf(MarketId market)
    {
        var needed = Blotter.OpenBaskets(market).SelectMany(Held)
            .Concat(Settlements.Open.Where(open => open.Call.Market == market).SelectMany(open => open.Call.SharesGiven))
            .GroupBy(held => held.Key)
            .ToDictionary(held => held.Key, held => new Size(held.Sum(shares => shares.Value.Micros)));
        return [.. Ledger.Positions.Where(position => position.Market == market)
            .Select(position => (position, free: position.Shares - needed.GetValueOrDefault(position.Token)))
            .Where(stock => stock.free > Size.Zero)
            .Select(stock => new Stock(
                stock.position.Token, stock.free,
                new Usd((long)((Int128)stock.position.Cost.Micros * stock.free.Micros / stock.position.Shares.Micros))))
            .OrderBy(stock => stock.Token.Text, StringComparer.Ordinal)];
    }

    /// <summary>
    /// Shares one basket has bought and not sold again, or is to sell still; what it sold from stock is no other basket's.
    /// </summary>
    private IEnumerable<KeyValuePair<TokenId, Size>> Held(BasketRecord basket) => basket.Basket.Side is Side.Sell
        ? basket.Basket.Legs.Select(leg => KeyValuePair.Create(leg.Token, NotNegative(leg.Shares.Micros + Net(basket, leg.Token))))
        : Blotter.OrdersOf(basket).Select(order => order.Intent.Order.Token).Distinct()
            .Select(token => KeyValuePair.Create(token, NotNegative(Net(basket, token))));

    private long Net(BasketRecord basket, TokenId token) => Blotter.OrdersOf(basket).Where(order => order.Intent.Order.Token == token)
        .Sum(order => order.Intent.Order.Side is Side.Buy ? order.Filled.Micros : -order.Filled.Micros);

    private static Size NotNegative(long micros) => new(Math.Max(0, micros));
}
