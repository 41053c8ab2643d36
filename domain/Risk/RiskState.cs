using System.Collections.Immutable;
using PolyArb.Domain.Edges;
using PolyArb.Domain.Journal;
using PolyArb.Domain.Orders;

namespace PolyArb.Domain.Risk;

/// <summary>A consumed reservation as the gateway remembers it: money that may be on the wire.</summary>
/// <param name="Opens">The slot of a basket that no fact knows of yet.</param>
/// <param name="Orders">The condition of each order it is for; null for none.</param>
public sealed record HeldReservation(
    ReservationId Id, MarketId Market, Usd Money, ImmutableDictionary<TokenId, Size> Shares, OpenSlot? Opens = null,
    ImmutableArray<ConditionId>? Orders = null);

/// <summary>A basket that is open and not locked, and the slot it occupies.</summary>
public sealed record OpenSlot(BasketId Basket, BasketSlot Slot);

/// <summary>Everything a gateway tells a portfolio when either is new. It replaces what the portfolio believed.</summary>
/// <param name="Gateway">The gateway's generation (its journal fence); calls of older ones are refused.</param>
/// <param name="History">What the journal's samples say of profit; null where there is no journal.</param>
/// <param name="Unresolved">Orders of unknown outcome.</param>
public sealed record Announcement(
    long Gateway,
    long Epoch,
    TradingState Trading,
    bool IsRecovering,
    Usd Cash,
    Usd Realized,
    ImmutableArray<Position> Positions,
    ImmutableArray<TradeSeen> Trades,
    ImmutableArray<OpenSlot> OpenBaskets,
    ImmutableArray<HeldReservation> Consumed,
    EquityHistory? History = null,
    int Unresolved = 0);

/// <summary>The money as the portfolio sees it. In memory only: the gateway's journal can rebuild all of it.</summary>
public sealed class RiskState(long generation)
{
    private static readonly TimeSpan SampleEvery = TimeSpan.FromMinutes(1);

    private readonly Reservations _reservations = new();
    private readonly Dictionary<BasketId, BasketSlot> _open = [];
    private readonly Tally<BasketSlot> _openIn = new(); // The baskets of _open.
    private readonly Marks _marks = new();
    private Ledger _ledger = new();
    private Worth? _worth; // Until money, shares or a mark moves.
    private long _lastNumber;

    public TradingState Trading { get; private set; } = TradingState.Paused;

    public long Epoch { get; private set; }

    /// <summary>Until a gateway has announced itself and reconciled.</summary>
    public bool IsRecovering { get; private set; } = true;

    /// <summary>Why a breaker tripped; null while none has.</summary>
    public string? Trip { get; private set; }

    /// <summary>The gateway this portfolio listens to.</summary>
    public long Gateway { get; private set; }

    /// <summary>Orders of unknown outcome, over all markets.</summary>
    public int Unresolved { get; private set; }

    /// <summary>Profit over time, as far as it is known.</summary>
    public EquityTrail Trail { get; } = new();

    public Usd Cash => _ledger.Cash;

    /// <summary>What all shares held are worth.</summary>
    public Worth Worth => _worth ??= _marks.Of(_ledger.Positions);

    public Usd Equity => Cash + Worth.Value;

    /// <summary>Equity without what came from outside.</summary>
    public Usd Profit => Equity - Trail.Outside;

    public IReadOnlyCollection<Position> Positions => _ledger.Positions;

    public Usd Realized => _ledger.Realized;

    public Usd Reserved => _reservations.Money;

    public Usd FreeCash => Cash - Reserved;

    public Usd Exposure => _ledger.Cost + Reserved;

    public Usd ExposureIn(MarketId market) => _ledger.CostIn(market) + _reservations.MoneyIn(market);

    public bool IsBusy(BasketSlot slot) => _openIn.Of(slot) > 0 || _reservations.IsTaken(slot);

    /// <summary>Reserved or placed, and not known to have ended.</summary>
    public int OpenOrdersOf(ConditionId condition) => _reservations.Orders(condition);

    public Size FreeShares(TokenId token) => _ledger.Shares(token) - _reservations.Shares(token);

    public Reservation Reserve(Proposal proposal, Instant now, TimeSpan ttl)
    {
        var id = new ReservationId(generation, ++_lastNumber);
        _reservations.Put(id, new Reserved(
            proposal.Market, proposal.Purpose, proposal.Opens, proposal.Outlay, proposal.SharesToSell(), proposal.Conditions, now + ttl, Epoch, IsConsumed: false));
        return new Reservation(id, Epoch, now + ttl);
    }

    /// <summary>Shares for a merge or conversion, under an id of the gateway's own; held until its next announcement is without them.</summary>
    public bool SetAside(HeldReservation held)
    {
        if (IsRecovering || !RiskEngine.MaySettle(Trading)) return false;

        Release(held.Id); // An announcement may have told of it already.
        if (held.Shares.Any(wanted => FreeShares(wanted.Key) < wanted.Value)) return false;

        Hold(held);
        return true;
    }

    /// <summary>The gateway is about to send: from here only settlement or release frees the money. Null says yes.</summary>
    public Refusal? Consume(ReservationId id, Instant now)
    {
        if (IsRecovering) return Refusal.Recovering;
        if (_reservations.Find(id) is not { IsConsumed: false } reserved || reserved.Epoch != Epoch || now > reserved.ExpiresAt) return Refusal.NotReserved;
        if (!RiskEngine.IsLegal(reserved.Purpose, Trading)) return Refusal.NotInThisState;
        if (Trip is not null && reserved.Purpose is Purpose.Open or Purpose.Quote) return Refusal.Tripped;

        _reservations.Put(id, reserved with { IsConsumed = true });
        if (reserved.Opens is { } opens) TakeSlot(opens);
        return null;
    }

    /// <summary>Nothing of the reservation can be spent any more.</summary>
    public void Release(ReservationId id) => _reservations.Release(id);

    /// <summary>A basket has closed, or locked: its slot is free.</summary>
    public void FreeSlot(BasketId basket)
    {
        if (_open.Remove(basket, out var slot)) _openIn.Add(slot, -1);
    }

    /// <summary>A locked basket is open again.</summary>
    public void TakeSlot(OpenSlot open)
    {
        FreeSlot(open.Basket);
        _open[open.Basket] = open.Slot;
        _openIn.Add(open.Slot, 1);
    }

    /// <summary>Money of a trade moves from set aside to spent, once.</summary>
    public void Settle(Settlement settlement)
    {
        _worth = null;
        var isFirst = !_ledger.Knows(settlement.Fill);
        if (!_ledger.Apply(settlement) || !isFirst || settlement.Fill.Status is TradeStatus.Failed) return;
        if (_reservations.Find(settlement.Reservation) is not { } reserved) return;

        var spent = settlement.Side is Side.Buy ? settlement.Fill.Amount + settlement.Fill.Fee : Usd.Zero;
        var shares = settlement.Side is Side.Sell && reserved.Shares.TryGetValue(settlement.Token, out var held)
            ? reserved.Shares.SetItem(settlement.Token, Size.Max(Size.Zero, held - settlement.Fill.Shares))
            : reserved.Shares;
        _reservations.Put(settlement.Reservation, reserved with { Money = new Usd(Math.Max(0, (reserved.Money - spent).Micros)), Shares = shares });
    }

    /// <summary>A merge or conversion was carried out, with nothing set aside for it.</summary>
    public void Apply(SettlementCall call)
    {
        _worth = null;
        _ledger.Apply(call);
    }

    /// <summary>Shares of a resolved question became dollars, or nothing.</summary>
    public void Apply(Fact.SharesRedeemed redeemed)
    {
        _worth = null;
        _ledger.Apply(redeemed);
    }

    /// <summary>Reservations nobody consumed in time were never sent.</summary>
    public void Expire(Instant now) => _reservations.Expire(now);

    public void Take(MarketMark mark)
    {
        _marks.Take(mark);
        _worth = null;
    }

    public MarksMemory Marks => _marks.Memory;

    /// <summary>As an earlier life left off. What a gateway announces is not part of it.</summary>
    public void Remember(PortfolioMemory memory)
    {
        Trail.Accept(memory.Trail);
        _marks.Remember(memory.Marks);
        _worth = null;
    }

    public bool DelaysTakers(MarketId market) => _marks.DelaysTakers(market);

    public void Hear(GatewaySigns signs) => Unresolved = signs.Unresolved;

    /// <summary>What all is worth, for the journal: once a minute, when it has changed and all of it is known. Else null.</summary>
    public EquityPoint? Sample(Instant now)
    {
        if (IsRecovering || !Worth.IsWhole) return null;
        if (Trail.Last is { } last && (now - last.At < SampleEvery || (last.Equity, last.Profit) == (Equity, Profit))) return null;

        var point = new EquityPoint(now, Equity, Profit);
        Trail.Add(point);
        return point;
    }

    /// <summary>From here on nothing is opened, until the gateway has stopped. The first reason counts.</summary>
    public void TripOn(string why) => Trip ??= why;

    public void Move(TradingState state, long epoch)
    {
        (Trading, Epoch, Trip) = (state, epoch, null);
        Trail.Moved(state, epoch);
        _reservations.ReleaseWhere(reserved => !reserved.IsConsumed && reserved.Epoch != epoch);
    }

    /// <summary>A gateway may say the same again at any time: what it was promised and has not consumed yet stays promised.</summary>
    public void Accept(Announcement announcement)
    {
        var isSame = (announcement.Gateway, announcement.Epoch) == (Gateway, Epoch);
        _ledger = Ledger.From(announcement);
        (Gateway, Epoch, Trading, IsRecovering) = (announcement.Gateway, announcement.Epoch, announcement.Trading, announcement.IsRecovering);
        if (announcement.Trading is not TradingState.Running) Trip = null; // A new gateway that runs has not heard of it yet.
        _reservations.ReleaseWhere(reserved => reserved.IsConsumed || !isSame);
        foreach (var held in announcement.Consumed) Hold(held);

        Unresolved = announcement.Unresolved;
        Remember(announcement.History);

        _open.Clear();
        _openIn.Clear();
        foreach (var open in announcement.OpenBaskets.Concat(announcement.Consumed.Select(held => held.Opens).OfType<OpenSlot>())) TakeSlot(open);
    }

    /// <summary>Shares that came from outside are credited at what they are worth now, whatever they complete.</summary>
    private void Remember(EquityHistory? history)
    {
        _worth = null;
        if (history is null) return;

        Trail.Accept(history);
        if (history.Credited.IsEmpty) return;

        var without = _ledger.Positions.Select(position => position with { Shares = position.Shares - history.Credited.GetValueOrDefault(position.Token) })
            .Concat(history.Credited.Where(left => left.Value < Size.Zero && _ledger.Positions.All(position => position.Token != left.Key))
                .Select(left => new Position(left.Key, null, null, Size.Zero - left.Value, Usd.Zero))); // All of them left.
        Trail.Credit(Worth.Value - _marks.Of(without).Value);
    }

    private void Hold(HeldReservation held) => _reservations.Put(held.Id, new Reserved(
        held.Market, Purpose.Open, held.Opens, held.Money, held.Shares, held.Orders ?? [], new Instant(long.MaxValue), Epoch, IsConsumed: true));
}
