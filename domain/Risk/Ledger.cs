using System.Collections.Immutable;
using PolyArb.Domain.Journal;
using PolyArb.Domain.Orders;

namespace PolyArb.Domain.Risk;

/// <summary>What one trade of one order does to the books of money. The same trade comes once for each status.</summary>
public sealed record Settlement(
    Fill Fill, BasketId Basket, MarketId Market, ConditionId Condition, TokenId Token, Side Side, ReservationId Reservation, Outcome? Outcome = null);

/// <summary>The last status counted of one trade of one order.</summary>
public sealed record TradeSeen(TradeId Trade, OrderId Order, TradeStatus Status);

/// <summary>Shares of one token and what they cost.</summary>
/// <param name="Cost">Dollars paid for the shares held, fees included; shrinks in proportion when some are sold.</param>
/// <param name="Outcome">Like market and condition null for what was held before us.</param>
public sealed record Position(TokenId Token, MarketId? Market, ConditionId? Condition, Size Shares, Usd Cost, Outcome? Outcome = null);

/// <summary>
/// Cash and positions by our own account. Money moves at MATCHED, stays locked until CONFIRMED, and moves back at FAILED.
/// </summary>
public sealed class Ledger
{
    private readonly Dictionary<TokenId, Position> _positions = [];
    private readonly Tally<MarketId> _costIn = new();
    private readonly Dictionary<(TradeId Trade, OrderId Order), TradeStatus> _trades = [];
    private readonly Dictionary<(TradeId Trade, OrderId Order), Booked> _booked = []; // What a failure takes back.

    public Usd Cash { get; private set; }

    /// <summary>Dollars that came in through sells, merges and conversions, less what those shares had cost.</summary>
    public Usd Realized { get; private set; }

    /// <summary>
    /// Dollars that are no doing of ours: what was there before us and what came or went from outside. Cash and the cost of what is held
    /// are always this and <see cref="Realized"/> together.
    /// </summary>
    public Usd External { get; private set; }

    /// <summary>Dollars of trades matched and not yet final.</summary>
    public Usd Unsettled { get; private set; }

    public IReadOnlyCollection<Position> Positions => _positions.Values;

    public Size Shares(TokenId token) => _positions.TryGetValue(token, out var position) ? position.Shares : Size.Zero;

    /// <summary>What all that is held cost.</summary>
    public Usd Cost { get; private set; }

    public Usd CostIn(MarketId market) => new(_costIn.Of(market));

    public void Open(Fact.OpeningBalanceTaken opening)
    {
        External += opening.Cash - Cash;
        Cash = opening.Cash;
        foreach (var (token, shares) in opening.Positions) Put(new Position(token, null, null, shares, Usd.Zero));
    }

    /// <summary>What moves money beside trades and calls; other facts change nothing. Total.</summary>
    public void Apply(Fact fact)
    {
        switch (fact)
        {
            case Fact.OpeningBalanceTaken opening:
                Open(opening);
                break;

            case Fact.ExternalCredited credited:
                Cash += credited.Cash;
                External += credited.Cash;
                Give(credited.Shares);
                break;

            case Fact.RoundingAdjusted rounded:
                Cash -= rounded.Cash;
                Realized -= rounded.Cash + Take(rounded.Shares ?? ImmutableDictionary<TokenId, Size>.Empty);
                break;

            case Fact.SharesRedeemed redeemed:
                Cash += redeemed.Cash;
                Realized += redeemed.Cash - Take(redeemed.Shares);
                break;

            case Fact.LedgerAccepted accepted:
                Cash += accepted.Cash;
                External += accepted.Cash - Take(accepted.Left);
                Give(accepted.Came);
                break;
        }
    }

    public int TradeCount => _trades.Count;

    /// <summary>In the order in which they were first heard of.</summary>
    public IEnumerable<TradeSeen> Trades => _trades.Select(trade => new TradeSeen(trade.Key.Trade, trade.Key.Order, trade.Value));

    public bool Knows(Fill fill) => _trades.ContainsKey((fill.Trade, fill.Order));

    /// <summary>A copy of another ledger's state, as it was announced.</summary>
    public static Ledger From(Announcement announcement)
    {
        var ledger = new Ledger { Cash = announcement.Cash, Realized = announcement.Realized };
        foreach (var position in announcement.Positions) ledger.Put(position);
        foreach (var (trade, order, status) in announcement.Trades) ledger._trades[(trade, order)] = status;
        return ledger;
    }

    /// <summary>True if this status of the trade was new.</summary>
    public bool Apply(Settlement settlement)
    {
        var fill = settlement.Fill;
        var key = (fill.Trade, fill.Order);
        var isKnown = _trades.TryGetValue(key, out var before);
        if (isKnown && !IsNews(before, fill.Status)) return false;

        _trades[key] = fill.Status;
        if (!isKnown && !IsFinal(fill.Status)) Unsettled += fill.Amount;
        if (isKnown && !IsFinal(before) && IsFinal(fill.Status) && _booked.TryGetValue(key, out var booked)) Unsettled -= booked.Fill.Amount;

        var counted = isKnown && before is not TradeStatus.Failed;
        var counts = fill.Status is not TradeStatus.Failed;
        if (counts && !counted) Move(settlement, undo: false);
        if (!counts && counted) Move(settlement, undo: true);
        return true;
    }

    /// <summary>
    /// A merge or conversion that was carried out. What the shares given had cost is paid back by the dollars first; only what these
    /// bring beyond it is profit, for the rest of the cost stays with the shares that come, in equal parts. Where none come, the
    /// difference is certain and realized, a loss too.
    /// </summary>
    public void Apply(SettlementCall call)
    {
        var cost = new Usd(call.Gives.Sum(token => Take(token.Token, call.Shares).Micros));
        var kept = call.Gets.IsEmpty ? Usd.Zero : new Usd(Math.Max(0, (cost - call.Dollars).Micros));
        Cash += call.Dollars;
        Realized += call.Dollars + kept - cost;
        for (var i = 0; i < call.Gets.Length; i++)
        {
            var (condition, token, outcome, _) = call.Gets[i];
            var part = new Usd((kept.Micros / call.Gets.Length) + (i < kept.Micros % call.Gets.Length ? 1 : 0));
            var position = _positions.GetValueOrDefault(token) ?? new Position(token, call.Market, condition, Size.Zero, Usd.Zero, outcome);
            Put(position with
            {
                Shares = position.Shares + call.Shares,
                Cost = position.Cost + part,
                Market = call.Market,
                Condition = condition,
                Outcome = outcome,
            });
        }
    }

    /// <summary>From outside: without a cost.</summary>
    private void Give(ImmutableDictionary<TokenId, Size> shares)
    {
        foreach (var (token, came) in shares.OrderBy(one => one.Key.Text, StringComparer.Ordinal))
        {
            var position = _positions.GetValueOrDefault(token) ?? new Position(token, null, null, Size.Zero, Usd.Zero);
            Put(position with { Shares = position.Shares + came });
        }
    }

    /// <summary>In one order in every process: what is enumerated later depends on it, and a replay with that.</summary>
    private Usd Take(ImmutableDictionary<TokenId, Size> shares) =>
        new(shares.OrderBy(one => one.Key.Text, StringComparer.Ordinal).Sum(gone => Take(gone.Key, gone.Value).Micros));

    /// <summary>Removes shares; returns their part of the cost, rounded so that taking all of them takes all of it.</summary>
    private Usd Take(TokenId token, Size shares)
    {
        var position = _positions.GetValueOrDefault(token) ?? new Position(token, null, null, Size.Zero, Usd.Zero);
        var cost = CostOf(position, shares);
        Put(position with { Shares = position.Shares - shares, Cost = position.Cost - cost });
        return cost;
    }

    /// <summary>Shares that are owed have a cost below zero. It goes as a settlement takes them back; those bought back are added to it.</summary>
    private static Usd CostOf(Position position, Size shares)
    {
        if (position.Shares == Size.Zero || (position.Shares < Size.Zero && shares > Size.Zero)) return Usd.Zero;

        var part = position.Shares > Size.Zero ? Math.Min(shares.Micros, position.Shares.Micros) : Math.Max(shares.Micros, position.Shares.Micros);
        return new Usd((long)((Int128)position.Cost.Micros * part / position.Shares.Micros));
    }

    private static bool IsFinal(TradeStatus status) => status is TradeStatus.Confirmed or TradeStatus.Failed;

    /// <summary>Statuses race: an older one overtaken by a newer says nothing, and a final one can only be contradicted.</summary>
    private static bool IsNews(TradeStatus before, TradeStatus now) => before switch
    {
        TradeStatus.Confirmed => now is TradeStatus.Failed,
        TradeStatus.Failed => now is TradeStatus.Confirmed,
        _ => now != before && now is not TradeStatus.Matched,
    };

    private void Move(Settlement settlement, bool undo)
    {
        var key = (settlement.Fill.Trade, settlement.Fill.Order);
        var isBooked = _booked.Remove(key, out var booked);
        var (fill, buys) = (undo && isBooked ? booked.Fill : settlement.Fill, settlement.Side is Side.Buy);
        var money = buys ? fill.Amount + fill.Fee : fill.Amount - fill.Fee;
        var position = _positions.GetValueOrDefault(settlement.Token)
            ?? new Position(settlement.Token, settlement.Market, settlement.Condition, Size.Zero, Usd.Zero, settlement.Outcome);

        // A sell takes its part of the cost with it, rounded so that selling all of it takes all of it.
        // What a failed sell had taken along of an announced ledger is not known; its proceeds stand in.
        var sold = undo ? isBooked ? booked.Sold : money
            : buys ? Usd.Zero : CostOf(position, fill.Shares);

        Cash += buys != undo ? -money : money;
        var shares = buys != undo ? position.Shares + fill.Shares : position.Shares - fill.Shares;
        var cost = (buys, undo) switch
        {
            (true, false) => position.Cost + money,
            (true, true) => position.Cost - money,
            (false, false) => position.Cost - sold,
            (false, true) => position.Cost + sold,
        };
        if (!buys) Realized += undo ? sold - money : money - sold;
        if (!undo) _booked[key] = new Booked(fill, sold);
        Put(position with { Shares = shares, Cost = cost, Market = settlement.Market, Condition = settlement.Condition, Outcome = settlement.Outcome });
    }

    /// <summary>
    /// Instead of what was held of its token; none of it is no position. What no share is left for is realized: owed shares that were
    /// bought back for more than they had brought are a loss.
    /// </summary>
    private void Put(Position position)
    {
        if (_positions.Remove(position.Token, out var before)) Count(before.Market, -before.Cost.Micros);
        if (position.Shares == Size.Zero)
        {
            Realized -= position.Cost;
            return;
        }

        _positions[position.Token] = position;
        Count(position.Market, position.Cost.Micros);
    }

    private void Count(MarketId? market, long cost)
    {
        Cost += new Usd(cost);
        if (market is { } known) _costIn.Add(known, cost);
    }

    private readonly record struct Booked(Fill Fill, Usd Sold);
}
