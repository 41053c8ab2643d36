using PolyArb.Simulator.Faults;
using PolyArb.Simulator.Feed;
using PolyArb.Simulator.World;

namespace PolyArb.Simulator.Engine;

/// <summary>
/// The matching engine. Every public method takes the one lock, so orders, cancels and timers happen one after another and
/// what the sockets say has the same order. Internal ones of its parts want it held.
/// </summary>
internal sealed class Exchange
{
    private readonly Dictionary<string, Market> _markets = new(StringComparer.Ordinal);
    private readonly Dictionary<string, BookOrder> _orders = new(StringComparer.Ordinal);
    private readonly TradeDesk _desk;
    private readonly Execution _execution;
    private readonly Overfill _overfill;
    private long _accepted;

    public Exchange(ExchangeWorld world, ulong seed, TimeProvider clock)
    {
        World = world;
        Ids = new Ids(seed);
        Agenda = new Agenda(Gate, clock);
        Mode = new TradingMode(Agenda);
        Faults = new FaultBoard(world, Agenda);
        Ledger = new Ledger(world, condition => MarketOf(condition).Payouts);
        Holds = new TakerHolds(this);
        Life = new MarketLife(this);
        _desk = new TradeDesk(Agenda, Ids, Prints, Users, Ledger, new SeededRandom(seed ^ 0x5E771E))
        {
            OnFailed = CoverParties,
            Spoiled = trade => EngineFaults.Fate(Faults, trade.Condition),
        };
        _execution = new Execution(this, _desk);
        _overfill = new Overfill(this);
        Prints.Faults = new FeedFaults(Faults, Agenda, Prints);
        Users.Faults = new UserFaults(Faults, Agenda);
        EngineFaults.Wire(this);
        foreach (var address in PublicAccounts.Addresses) Ledger.Issue(Ledger.Account(address), PublicAccounts.OpeningCash);
        lock (Gate)
        {
            foreach (var condition in world.Conditions) Open(condition);
        }
    }

    public Lock Gate { get; } = new();
    public ExchangeWorld World { get; }
    public Ids Ids { get; }
    public Agenda Agenda { get; }
    public Ledger Ledger { get; }
    public TradingMode Mode { get; }

    /// <summary>What goes wrong, and when (protocol 10.9).</summary>
    public FaultBoard Faults { get; }

    public TakerHolds Holds { get; }
    public MarketLife Life { get; }
    public Wallets Wallets { get; } = new();
    public MarketFeed Prints { get; } = new();
    public UserFeed Users { get; } = new();
    public TradeFates Fates => _desk.Fates;

    /// <summary>No orders, no cancels, no flow; trades already matched still settle. Set by /sim/halt.</summary>
    public bool Halted
    {
        get => Mode.Stands;
        set => Mode.Set(value ? Engine.Mode.Disabled : Engine.Mode.Normal);
    }

    /// <summary>Tokens bought in trades that are not MINED yet cannot be sold (protocol 10.6; off, as the venue may count them earlier).</summary>
    public bool SellsNeedMined { get; set; }

    /// <summary>
    /// Whether a wallet may trade with itself (protocol 10.1 leaves it open). When not, the resting order is canceled: the newer order
    /// says what its owner wants now, and meets everybody else as if the older one were not there.
    /// </summary>
    public bool AllowsSelfTrades { get; set; } = true;

    /// <summary>Proves after every match that no money appeared or vanished; on in debug builds, far too slow for a busy exchange.</summary>
#if DEBUG
    public bool ChecksMoney { get; set; } = true;
#else
    public bool ChecksMoney { get; set; }
#endif

    /// <summary>How often a book changed since the start.</summary>
    public long Changes { get; private set; }

    public Market MarketOf(Condition condition) => _markets[condition.Id];

    public BookOrder? FindOrder(string id)
    {
        lock (Gate) return _orders.GetValueOrDefault(id);
    }

    /// <summary>Every trade that somebody outside has a part in, oldest first. Call with the lock held.</summary>
    public IReadOnlyList<TradeRecord> Trades => _desk.Trades;

    /// <summary>Those of an API key as taker or maker. Call with the lock held.</summary>
    public IEnumerable<TradeRecord> TradesOf(string owner) =>
        Trades.Where(t => t.Taker.Owner == owner || t.Legs.Any(l => l.Maker.Owner == owner));

    /// <summary>Carries an order out at once, whatever its market makes takers wait: for the house.</summary>
    public PlaceResult Place(OrderRequest request)
    {
        lock (Gate) return Duplicate(request) as PlaceResult ?? Execute(new BookOrder(request, MarketOf(request.Condition).Tick, Agenda.Now));
    }

    /// <summary>Takes an order the way its market does: the answer comes when the engine is done with it, or has put it off.</summary>
    public Task<PlaceResult> PlaceAsync(OrderRequest request)
    {
        lock (Gate)
        {
            if (Duplicate(request) is { } duplicate) return Task.FromResult<PlaceResult>(duplicate);

            var order = new BookOrder(request, MarketOf(request.Condition).Tick, Agenda.Now);
            var plan = Plan(request);
            return Refusal(order, plan) is { } refused && !(plan.Crosses && Acceptance.IsKill(refused.Text))
                ? Task.FromResult<PlaceResult>(TurnAway(order, refused))
                : Holds.Take(order, plan.Crosses);
        }
    }

    /// <summary>Takes a resting order off the book. False when it is not there (any more).</summary>
    public bool Cancel(BookOrder order, OrderStatus why = OrderStatus.Canceled)
    {
        lock (Gate)
        {
            if (order.Place is null) return false;

            var market = MarketOf(order.Condition);
            var top = market.Top(0);
            var change = market.Book.Remove(order);
            Close(order, why);
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
                && (condition is null || o.Condition.Id == condition) && (token is null || o.TokenId == token)).OrderBy(o => o.Number)];
        }
    }

    /// <summary>Every resting order of a type, the oldest first; call with the lock held.</summary>
    internal IReadOnlyList<BookOrder> Resting(OrderType type) =>
        [.. _orders.Values.Where(o => o.Place is not null && o.Request.Type == type).OrderBy(o => o.CreatedAt)];

    /// <summary>Gives a condition its market; call with the lock held.</summary>
    internal void Open(Condition condition)
    {
        var market = new Market(condition);
        _markets.Add(condition.Id, market);
        market.Stamp(Agenda.Now);
        Life.Watch(condition);
    }

    /// <summary>Makes an order one that reads and cancels know.</summary>
    internal void Register(BookOrder order)
    {
        var account = Ledger.Account(order.Request.Account);
        if (!_orders.TryAdd(order.Id, order)) return;

        order.Number = ++_accepted;
        if (!account.House) account.Orders.Add(order);
    }

    /// <summary>Matches an order, rests what is left, or says why not.</summary>
    internal PlaceResult Execute(BookOrder order)
    {
        var better = _overfill.Prepare(order);
        var result = CarryOut(order);
        if (better is not null) _overfill.Finish(better, result);
        return result;
    }

    /// <summary>Ends an order that does not rest (any more).</summary>
    internal void Close(BookOrder order, OrderStatus status)
    {
        order.Status = status;
        if (Ledger.Account(order.Request.Account).House) _orders.Remove(order.Id);
    }

    /// <summary>Closes a change of a book.</summary>
    internal void Stamp(Market market)
    {
        market.Stamp(Agenda.Now);
        Changes++;
    }

    /// <summary>Cancels what a wallet's funds no longer cover, the newest first (protocol 10.6).</summary>
    internal void Cover(Account account)
    {
        for (var i = account.Orders.Count - 1; i >= 0; i--)
        {
            var order = account.Orders[i];
            if (order.Place is not null && account.Balance(order.Asset) < account.Reserved(order.Asset)) Cancel(order, OrderStatus.Invalid);
        }
    }

    private PlaceResult CarryOut(BookOrder order)
    {
        var plan = Plan(order.Request);
        if (Refusal(order, plan) is { } refused) return TurnAway(order, refused);

        foreach (var own in plan.Own) Cancel(own);
        return _execution.Accept(order, plan);
    }

    private PlaceResult.Refused? Duplicate(OrderRequest request) => _orders.ContainsKey(request.Id) || Holds.Blocks(request.Id)
        ? new PlaceResult.Refused(400, $"order {request.Id} is invalid. Duplicated.")
        : null;

    private MatchPlan Plan(OrderRequest request) => Matcher.Plan(MarketOf(request.Condition).Book, request, AllowsSelfTrades);

    private PlaceResult.Refused? Refusal(BookOrder order, MatchPlan plan)
    {
        var account = Ledger.Account(order.Request.Account);
        var rests = order.Request.PostOnly || (account.House && !plan.Crosses); // The house goes on quoting in post-only mode.
        if (Mode.ForOrders(rests) is { } barred) return barred;
        if (!MarketOf(order.Condition).AcceptsOrders) return new(400, OrderRules.NotReady);
        if (order.Request.Leaves <= Agenda.Now) return new(400, "invalid expiration"); // It expired while it was held.

        return Acceptance.Refusal(order, plan, account, SellsNeedMined || EngineFaults.NeedsMined(Faults, order, account)) is { } text ? new(400, text) : null;
    }

    private PlaceResult.Refused TurnAway(BookOrder order, PlaceResult.Refused refused)
    {
        if (Acceptance.IsKill(refused.Text)) Users.Killed(order, refused.Text, Agenda.Now);
        return refused;
    }

    private void CoverParties(TradeRecord trade)
    {
        foreach (var address in trade.Moves.Select(m => m.Address).Distinct()) Cover(Ledger.Account(address));
        if (ChecksMoney) Ledger.AssertConserved();
    }
}
