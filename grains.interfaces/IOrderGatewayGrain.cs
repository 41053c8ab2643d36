using System.Collections.Immutable;
using Orleans.Concurrency;
using PolyArb.Domain;
using PolyArb.Domain.Edges;
using PolyArb.Domain.Journal;
using PolyArb.Domain.Orders;
using PolyArb.Domain.Ports;
using PolyArb.Domain.Risk;

namespace PolyArb.Grains.Interfaces;

/// <summary>The only road to the venue. One activation a cluster, key 0.</summary>
[Alias("PolyArb.IOrderGatewayGrain")]
public interface IOrderGatewayGrain : IGrainWithIntegerKey, IControl
{
    /// <summary>The ignition loop's call: be there. Says how the silo's market stream is, and hears whether parameters have changed.</summary>
    [Alias("Wake")]
    Task<GatewayWord> Wake(string silo, StreamHealth market);

    /// <summary>All that may be set while a silo runs, as the gateway's silo has it: every other one follows.</summary>
    [Alias("Parameters")]
    Task<ImmutableArray<ParameterWish>> Parameters();

    /// <summary>Answers when the send has started, or why there was none.</summary>
    [Alias("Submit")]
    Task<DeskInput> Submit(Proposal proposal, Reservation reservation);

    /// <summary>Where a market's open baskets stand.</summary>
    [Alias("News")]
    Task<DeskInput.News> News(MarketId market);

    /// <summary>Every leg has matched, by news of this version; nothing happens when there is newer news.</summary>
    [Alias("Lock")]
    Task Lock(BasketId basket, MarketId market, long version, Size quantity, Usd payout);

    /// <summary>Cancels resting orders of the market, as far as their lifetime and the cancels a second allow: all of them when it is urgent.</summary>
    [Alias("Pull")]
    Task<DeskInput.Pulled> Pull(MarketId market, ImmutableArray<OrderId> orders, string why, bool isUrgent);

    /// <summary>The same as for a lock.</summary>
    [Alias("CloseBasket")]
    Task CloseBasket(BasketId basket, MarketId market, long version, BasketResult result);

    /// <summary>News from the user channel; repeats are harmless.</summary>
    [Alias("Observe")]
    Task Observe(ImmutableArray<OrderEvent> news);

    /// <summary>The user channel is back: what it missed must be read.</summary>
    [Alias("CatchUp")]
    Task CatchUp();

    /// <summary>Markets that must stay open because something of theirs is.</summary>
    [Alias("BusyMarkets")]
    Task<ImmutableArray<MarketId>> BusyMarkets();

    /// <summary>Those, and the markets of shares that complete no basket: somebody must say what they are worth.</summary>
    [Alias("KeptMarkets")]
    Task<ImmutableArray<MarketId>> KeptMarkets();
}

/// <summary>The verbs of the operator. External clients may call these and the views, nothing else.</summary>
[Alias("PolyArb.IControl")]
public interface IControl : IGrainWithIntegerKey
{
    /// <summary>No new baskets from here on; what is open is finished.</summary>
    [ResponseTimeout(AskedAnew.After), Alias("Pause")]
    Task<ControlAnswer> Pause(string by, string reason);

    /// <summary>Durable before it is true. Does nothing in SAFE: go through pause.</summary>
    [Alias("Resume")]
    Task<ControlAnswer> Resume(string by, string reason);

    /// <summary>Fence, cancel all, reduce as `trading_safety.flatten_mode` says, SAFE. Answers then, which may take as long as `flatten_timeout_sec`.</summary>
    [ResponseTimeout("01:30:00"), Alias("Flatten")]
    Task<ControlAnswer> Flatten(string by, string reason);

    /// <summary>Fence, cancel all, SAFE. After its ack nothing of ours is on the wire. Sells nothing.</summary>
    [Alias("Kill")]
    Task<ControlAnswer> Kill(string by, string reason);

    /// <summary>Fence, cancel all, PAUSED (SAFE stays SAFE), then the process ends.</summary>
    [Alias("Stop")]
    Task<ControlAnswer> Stop(string by, string reason);

    /// <summary>On or off, by market or condition id; nothing changes when one of them is unknown.</summary>
    [Alias("SwitchMarkets")]
    Task<SwitchAnswer> SwitchMarkets(ImmutableArray<string> ids, bool on, string by);

    /// <summary>
    /// Parameters by key, or by the last part of it: all of them or none. In force before it answers, and over restarts until a reload, or
    /// until the configuration says something new of it.
    /// </summary>
    [Alias("SetParameters")]
    Task<ParametersAnswer> SetParameters(ImmutableArray<ParameterWish> wishes, string by);

    /// <summary>Reads the configuration again, and puts in force what of it may change while the silo runs; what was set by hand is forgotten.</summary>
    [Alias("Reload")]
    Task<ParametersAnswer> Reload(string by);

    /// <summary>
    /// Holds orders, trades, cash and shares against the venue's now, within half a minute. With a reason, the venue's figures are taken where
    /// nothing explains the difference.
    /// </summary>
    [Alias("Reconcile")]
    Task<ReconcileAnswer> Reconcile(string by, string? accept);

    [ReadOnly, AlwaysInterleave, ResponseTimeout(AskedAnew.After), Alias("Status")]
    Task<Status> Status();

    /// <summary>The newest that come before a number, the oldest of them first; at most <see cref="ControlPages.Most"/>.</summary>
    [ReadOnly, AlwaysInterleave, ResponseTimeout(AskedAnew.After), Alias("OrdersBefore")]
    Task<ImmutableArray<OrderView>> Orders(long before = long.MaxValue, int last = ControlPages.Most);

    /// <summary>All that may still change, by the time they were made.</summary>
    [ReadOnly, AlwaysInterleave, ResponseTimeout(AskedAnew.After), Alias("OpenOrders")]
    Task<ImmutableArray<OrderView>> OpenOrders();

    /// <summary>As for <see cref="Orders"/>, in the order in which they were first told of.</summary>
    [ReadOnly, AlwaysInterleave, ResponseTimeout(AskedAnew.After), Alias("FillsBefore")]
    Task<ImmutableArray<FillView>> Fills(long before = long.MaxValue, int last = ControlPages.Most);

    [ReadOnly, AlwaysInterleave, ResponseTimeout(AskedAnew.After), Alias("Positions")]
    Task<PositionsView> Positions();

    /// <summary>As for <see cref="Orders"/>.</summary>
    [ReadOnly, AlwaysInterleave, ResponseTimeout(AskedAnew.After), Alias("BasketsBefore")]
    Task<ImmutableArray<BasketView>> Baskets(long before = long.MaxValue, int last = ControlPages.Most);

    /// <summary>All that are open, by the time they were opened.</summary>
    [ReadOnly, AlwaysInterleave, ResponseTimeout(AskedAnew.After), Alias("OpenBaskets")]
    Task<ImmutableArray<BasketView>> OpenBaskets();

    /// <summary>Of all baskets that ended, by market.</summary>
    [ReadOnly, AlwaysInterleave, ResponseTimeout(AskedAnew.After), Alias("Earned")]
    Task<ImmutableArray<Earnings>> Earned();
}

/// <param name="Fence">Which gateway it is.</param>
/// <param name="Changes">Of parameters since it came.</param>
public sealed record GatewayWord(long Fence, long Changes);

/// <param name="IsDone">The verb did all it promises; else <paramref name="Text"/> says what it could not.</param>
public sealed record ControlAnswer(bool IsDone, string Text, TradingState State, long Epoch);

public sealed record ParameterWish(string Name, string Text);

/// <param name="Refused">A line for everything that is wrong; nothing was changed then.</param>
/// <param name="Changes">What is another one now.</param>
/// <param name="NeedsRestart">What the configuration says otherwise, and is read at start only.</param>
public sealed record ParametersAnswer(ImmutableArray<string> Refused, ImmutableArray<ParameterChange> Changes, ImmutableArray<StartOnly> NeedsRestart)
{
    public static ParametersAnswer Refuses(ImmutableArray<string> lines) => new(lines, [], []);
}

/// <param name="Running">What this process started with.</param>
/// <param name="Configured">What the next start would read; neither is told of a secret.</param>
public sealed record StartOnly(string Key, string Running, string Configured);

/// <param name="IsExplained">Everything was compared, and what differed was explained or accepted.</param>
/// <param name="Lines">What was found and done, in its order; empty when both sides agree.</param>
public sealed record ReconcileAnswer(bool IsExplained, ImmutableArray<ReconcileLine> Lines);

/// <param name="What">order, settled, redeemed, credited, rounding, unexplained, accepted, not accepted or not compared.</param>
public sealed record ReconcileLine(string What, string Text);

/// <summary>The gateway's part of `status`.</summary>
public sealed record Status
{
    public required TradingState State { get; init; }

    public required string Reason { get; init; }

    public required long Epoch { get; init; }

    public required string Mode { get; init; }

    public required bool DryRun { get; init; }

    public required bool Recovering { get; init; }

    public required long UptimeSeconds { get; init; }

    public required Usd Exposure { get; init; }

    public required Usd Cash { get; init; }

    /// <summary>Cash and what is held, at what complete baskets pay and the proven bid of the rest; null while it is not known.</summary>
    public required Usd? Equity { get; init; }

    public required Usd RealizedPnl { get; init; }

    /// <summary>Profit within the last hour; null before the first sample.</summary>
    public required Usd? HourlyPnl { get; init; }

    public required Usd? DailyPnl { get; init; }

    /// <summary>Below the highest equity, zero or more.</summary>
    public required Usd? Drawdown { get; init; }

    public required int OpenOrders { get; init; }

    public required int UnresolvedOrders { get; init; }

    public required string MarketStream { get; init; }

    public required string UserStream { get; init; }

    /// <summary>Why no orders go to the venue, or why it could not be asked about them; empty when all is well.</summary>
    public required string Venue { get; init; }

    /// <summary>Why facts cannot be written, so that nothing is sent; empty when they are.</summary>
    public string Journal { get; init; } = "";

    /// <summary>Inputs since the start that the recorder could not keep: a replay misses them.</summary>
    public long InputsLost { get; init; }

    /// <summary>Parameters that were set by hand and hold in place of the configuration's.</summary>
    public ImmutableArray<ParameterOverride> Overrides { get; init; } = [];
}

public sealed record OrderView(
    OrderId Id, BasketId Basket, MarketId Market, ConditionId Condition, TokenId Token, Side Side, OrderType Type,
    Price Price, Size Size, Size Matched, OrderState Status, Instant CreatedAt, string Note)
{
    /// <summary>How many there were with it; 0 where it was not asked for by number.</summary>
    public long N { get; init; }
}

public sealed record FillView(
    TradeId TradeId, OrderId OrderId, TokenId Token, Side Side, Price Price, Size Size, Usd Fee, TradeStatus Status, Instant Time)
{
    /// <summary>How many there were with it.</summary>
    public long N { get; init; }
}

public sealed record PositionView(MarketId? Market, ConditionId? Condition, TokenId Token, Outcome? Outcome, Size Qty, Usd AvgPrice);

/// <param name="Edge">Term by term, as it was when the basket was found.</param>
/// <param name="Expected">What it was to earn.</param>
/// <param name="Earned">Null while it is open.</param>
public sealed record BasketView(
    BasketId Id, MarketId Market, BasketKind Kind, Side Side, BasketStyle Style, Size Qty, Usd Locked, string State, Usd Spent, EdgeTerms Edge, Usd Expected,
    Usd? Earned)
{
    /// <summary>How many there were with it; 0 where it was not asked for by number.</summary>
    public long N { get; init; }
}

/// <summary>Free shares that are worth dollars at once.</summary>
/// <param name="Condition">Of a merge.</param>
/// <param name="Questions">Of a conversion: whose NO is given.</param>
/// <param name="Gets">YES tokens that come besides the dollars.</param>
/// <param name="Call">The call to make, exactly.</param>
public sealed record SettleableView(
    MarketId Market, ConditionId? Condition, ImmutableArray<int> Questions, Size Shares, Usd Dollars, ImmutableArray<TokenId> Gets, string Call);

/// <param name="Baskets">That are open.</param>
/// <param name="IsSettling">A merge or conversion is under way, or about to be made: cash and positions are about to move.</param>
public sealed record PositionsView(
    Usd Cash, ImmutableArray<PositionView> Positions, ImmutableArray<BasketView> Baskets, ImmutableArray<SettleableView> Mergeable,
    ImmutableArray<SettleableView> Convertible, bool IsSettling);
