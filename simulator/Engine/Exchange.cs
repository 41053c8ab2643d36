using PolyArb.Simulator.Feed;
using PolyArb.Simulator.World;

namespace PolyArb.Simulator.Engine;

/// <summary>
/// The matching engine. Every public method takes the one lock, so orders, cancels and timers happen one after another and
/// what the sockets say has the same order.
/// </summary>
internal sealed class Exchange
{
    public const string Disabled = "Trading is currently disabled. Check polymarket.com for updates";

    private readonly Dictionary<string, Market> _markets = new(StringComparer.Ordinal);
    private readonly Dictionary<string, BookOrder> _orders = new(StringComparer.Ordinal);
    private readonly TradeDesk _desk;

    public Exchange(ExchangeWorld world, ulong seed, TimeProvider clock)
    {
        World = world;
        Ids = new Ids(seed);
        Agenda = new Agenda(Gate, clock);
        Ledger = new Ledger(world);
        _desk = new TradeDesk(Agenda, Ids, Prints, Users, new SeededRandom(seed ^ 0x5E771E));
        foreach (var condition in world.Conditions) _markets.Add(condition.Id, new Market(condition));
        foreach (var address in PublicAccounts.Addresses) Ledger.Issue(Ledger.Account(address), PublicAccounts.OpeningCash);
        foreach (var market in _markets.Values) market.Stamp(Agenda.Now);
    }

    public Lock Gate { get; } = new();
    public ExchangeWorld World { get; }
    public Ids Ids { get; }
    public Agenda Agenda { get; }
    public Ledger Ledger { get; }
    public MarketFeed Prints { get; } = new();
    public UserFeed Users { get; } = new();

    /// <summary>Set by /sim/halt: no orders, no cancels, no flow; trades already matched still settle.</summary>
    public bool Halted { get; set; }

    /// <summary>How often a book changed since the start.</summary>
    public long Changes { get; private set; }

    public Market MarketOf(Condition condition) => _markets[condition.Id];

    public BookOrder? FindOrder(string id)
    {
        lock (Gate) return _orders.GetValueOrDefault(id);
    }

    /// <summary>The trades of an API key as taker or maker, oldest first. Call with the lock held.</summary>
    public IEnumerable<TradeRecord> TradesOf(string owner) => _desk.TradesOf(owner);

    public PlaceResult Place(OrderRequest request)
    {
        lock (Gate)
        {
            if (Halted) return new PlaceResult.Refused(503, Disabled);
            if (_orders.ContainsKey(request.Id)) return new PlaceResult.Refused(400, $"order {request.Id} is invalid. Duplicated.");

            var market = MarketOf(request.Condition);
            var account = Ledger.Account(request.Account);
            var plan = Matcher.Plan(market.Book, request);
            var order = new BookOrder(request, Agenda.Now);
            if (Acceptance.Refusal(request, plan, account) is not { } refusal) return Accept(market, account, order, plan);

            if (refusal is Acceptance.FokKilled or Acceptance.FakKilled) Users.Killed(order, refusal, Agenda.Now);
            return new PlaceResult.Refused(400, refusal);
        }
    }

    /// <summary>Takes a resting order off the book. False when it is not there (any more).</summary>
    public bool Cancel(BookOrder order)
    {
        lock (Gate)
        {
            if (order.Place is null) return false;

            var market = MarketOf(order.Condition);
            var top = market.Top(0);
            var change = market.Book.Remove(order);
            Close(order, OrderStatus.Canceled);
            Ledger.Account(order.Request.Account).Reserve(order);
            Stamp(market);
            Prints.Changed(market, order.Token, [change], top != market.Top(0));
            Users.Canceled(order, Agenda.Now);
            return true;
        }
    }

    /// <summary>The resting orders of an API key, oldest first; all of them when nothing narrows the choice.</summary>
    public IReadOnlyList<BookOrder> OpenOrders(string owner, string? condition = null, string? token = null)
    {
        lock (Gate)
        {
            return [.. _orders.Values.Where(o => o.Place is not null && o.Owner == owner
                && (condition is null || o.Condition.Id == condition) && (token is null || o.TokenId == token)).OrderBy(o => o.CreatedAt)];
        }
    }

    private PlaceResult.Accepted Accept(Market market, Account account, BookOrder order, MatchPlan plan)
    {
        var top = market.Top(0);
        if (!account.House) account.Orders.Add(order);
        _orders.Add(order.Id, order);

        var changes = new List<LevelChange>();
        var trade = plan.Legs.Count > 0 ? Match(market, account, order, plan, changes) : null;
        if (order.Request.Immediate)
        {
            Close(order, plan.Whole ? OrderStatus.Matched : OrderStatus.Canceled);
        }
        else if (order.Remaining > 0)
        {
            changes.Add(market.Book.Add(order));
            account.Reserve(order);
            ExpireLater(order);
        }
        else
        {
            Close(order, OrderStatus.Matched);
        }

        Stamp(market);
        Prints.Changed(market, order.Token, changes, top != market.Top(0), trade is not null);
        if (!order.Request.Immediate) Users.Placed(order, Agenda.Now);
        if (trade is not null) _desk.Announce(trade);
        if (order.Status is OrderStatus.Canceled) Users.Canceled(order, Agenda.Now);
        return new PlaceResult.Accepted(order, trade);
    }

    /// <summary>Carries a plan out: fills, money, fee, one trade. Each level it touched is reported once, with its final total.</summary>
    private TradeRecord Match(Market market, Account account, BookOrder order, MatchPlan plan, List<LevelChange> changes)
    {
        var trade = _desk.Open(order, plan);
        foreach (var leg in plan.Legs)
        {
            var change = market.Book.Fill(leg.Maker, leg.Shares);
            if (changes.Count > 0 && changes[^1].Price == change.Price) changes[^1] = change;
            else changes.Add(change);

            var maker = Ledger.Account(leg.Maker.Request.Account);
            Ledger.Settle(account, order.Request, maker, leg);
            maker.Reserve(leg.Maker);
            if (leg.Maker.Place is null) Close(leg.Maker, OrderStatus.Matched);
            if (!maker.House) Note(maker, leg.Maker, trade);
        }

        order.Matched = plan.Shares;
        Ledger.ChargeFee(account, plan.Fee);
        if (!account.House) Note(account, order, trade);
        market.Print(order.Token, order.Side, plan.LastPrice);
        Ledger.AssertConservedInDebug();
        return trade;
    }

    private void Stamp(Market market)
    {
        market.Stamp(Agenda.Now);
        Changes++;
    }

    private static void Note(Account account, BookOrder order, TradeRecord trade)
    {
        order.Trades.Add(trade.Id);
        if (account.Trades.Count == 0 || account.Trades[^1] != trade) account.Trades.Add(trade);
    }

    private void Close(BookOrder order, OrderStatus status)
    {
        order.Status = status;
        if (Ledger.Account(order.Request.Account).House) _orders.Remove(order.Id);
    }

    /// <summary>A GTD order leaves a minute before its expiration (protocol 10.4).</summary>
    private void ExpireLater(BookOrder order)
    {
        if (order.Request.Type is not OrderType.Gtd) return;

        Agenda.In((order.Request.Expiration - 60) * 1000 - Agenda.Now, () => Cancel(order));
    }
}
