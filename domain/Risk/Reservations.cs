using System.Collections.Immutable;
using PolyArb.Domain.Edges;
using PolyArb.Domain.Orders;

namespace PolyArb.Domain.Risk;

/// <summary>One reservation: what it sets aside, for whom, and until when.</summary>
/// <param name="Opens">The slot it takes; null when it belongs to a basket that is open already.</param>
/// <param name="Orders">The condition of each order it is for.</param>
/// <param name="IsConsumed">It may be on the wire: it does not expire.</param>
internal sealed record Reserved(
    MarketId Market, Purpose Purpose, OpenSlot? Opens, Usd Money, ImmutableDictionary<TokenId, Size> Shares, ImmutableArray<ConditionId> Orders, Instant ExpiresAt,
    long Epoch, bool IsConsumed);

/// <summary>What is set aside. Whatever a proposal is asked against is kept as a sum, so that asking costs the same however many stand.</summary>
internal sealed class Reservations
{
    private readonly Dictionary<ReservationId, Reserved> _reserved = [];
    private readonly Tally<MarketId> _moneyIn = new();
    private readonly Tally<TokenId> _shares = new();
    private readonly Tally<ConditionId> _orders = new();
    private readonly Tally<BasketSlot> _slots = new(); // Of those that are not consumed: the others' baskets are open.
    private Instant _nextExpiry = new(long.MaxValue); // None expires before.

    public Usd Money { get; private set; }

    public Usd MoneyIn(MarketId market) => new(_moneyIn.Of(market));

    public Size Shares(TokenId token) => new(_shares.Of(token));

    public int Orders(ConditionId condition) => (int)_orders.Of(condition);

    public bool IsTaken(BasketSlot slot) => _slots.Of(slot) > 0;

    public Reserved? Find(ReservationId id) => _reserved.GetValueOrDefault(id);

    /// <summary>Replaces what stood under the id.</summary>
    public void Put(ReservationId id, Reserved reserved)
    {
        Release(id);
        _reserved[id] = reserved;
        Count(reserved, 1);
        if (!reserved.IsConsumed && reserved.ExpiresAt < _nextExpiry) _nextExpiry = reserved.ExpiresAt;
    }

    public void Release(ReservationId id)
    {
        if (_reserved.Remove(id, out var reserved)) Count(reserved, -1);
    }

    public void ReleaseWhere(Func<Reserved, bool> isOver)
    {
        foreach (var (id, reserved) in _reserved.ToArray())
        {
            if (isOver(reserved)) Release(id);
        }
    }

    /// <summary>Those nobody consumed in time were never sent.</summary>
    public void Expire(Instant now)
    {
        if (now <= _nextExpiry) return;

        ReleaseWhere(reserved => !reserved.IsConsumed && now > reserved.ExpiresAt);
        _nextExpiry = _reserved.Values.Where(reserved => !reserved.IsConsumed).Select(reserved => reserved.ExpiresAt).DefaultIfEmpty(new Instant(long.MaxValue)).Min();
    }

    private void Count(Reserved reserved, int sign)
    {
        Money += new Usd(sign * reserved.Money.Micros);
        _moneyIn.Add(reserved.Market, sign * reserved.Money.Micros);
        foreach (var order in reserved.Orders) _orders.Add(order, sign);
        if (!reserved.IsConsumed && reserved.Opens is { } opens) _slots.Add(opens.Slot, sign);
        if (reserved.Shares.IsEmpty) return;

        foreach (var (token, shares) in reserved.Shares) _shares.Add(token, sign * shares.Micros);
    }
}
