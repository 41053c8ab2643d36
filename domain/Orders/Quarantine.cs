using System.Collections.Immutable;
using PolyArb.Domain.Risk;

namespace PolyArb.Domain.Orders;

/// <summary>When an order nobody answered for may be found absent.</summary>
/// <param name="ResolveAfter">No earlier than this after it was sent.</param>
/// <param name="Tolerance">Dollars by which the venue's cash and ours may differ and still explain each other.</param>
public sealed record QuarantineRules(TimeSpan ResolveAfter, Usd Tolerance);

/// <summary>What the venue said in one round of questions, each of them answered as it should be.</summary>
/// <param name="Known">Orders that it knows by their id, has among the open ones or names in a trade.</param>
/// <param name="Shares">Of the token of each order that was asked about.</param>
public sealed record QuarantineRound(ImmutableHashSet<OrderId> Known, Usd Cash, ImmutableDictionary<TokenId, Size> Shares);

/// <summary>
/// Orders that nobody answered for. One empty answer proves nothing, for a venue may be slow to show what it took; so an order is absent
/// only when three rounds of questions in a row agree that it is, at least five seconds apart. Anything odd starts the count over, also
/// one of the others that turns up: the venue is slow then.
/// </summary>
public sealed class Quarantine(Func<QuarantineRules> inForce)
{
    public const int RoundsNeeded = 3;
    public static readonly TimeSpan Apart = TimeSpan.FromSeconds(5);

    private readonly Dictionary<OrderId, int> _agreed = [];
    private Instant? _lastRound;

    /// <summary>Orders to ask about now; none when the last round was not five seconds ago.</summary>
    public ImmutableArray<Order> Due(IEnumerable<Order> orders, Instant now)
    {
        if (_lastRound is { } last && now < last) Break(now); // The clock went back: nobody knows how far apart the rounds were.
        if (now - _lastRound < Apart) return [];

        return [.. orders.Where(order => order.State is OrderState.Unanswered && now - Instant.FromMillis(order.Intent.TimestampMs) >= inForce().ResolveAfter)];
    }

    /// <summary>A round that brought nothing to rely on, or a stream that may have missed something.</summary>
    public void Break(Instant now)
    {
        _agreed.Clear();
        _lastRound = now;
    }

    /// <summary>Counts a round; the orders that are proven absent by it.</summary>
    /// <param name="asked">As they were before the round.</param>
    /// <param name="before">Our account then, and after the round: what changed meanwhile explains what the venue said too.</param>
    /// <param name="ended">When the last answer was there.</param>
    public ImmutableArray<OrderId> Count(
        ImmutableArray<Order> asked, QuarantineRound round, BalanceRange before, BalanceRange after, Instant ended)
    {
        _lastRound = ended;
        var absent = ImmutableArray.CreateBuilder<OrderId>();
        if (_agreed.Keys.Except(asked.Select(order => order.Id)).Any()) _agreed.Clear(); // One turned up in between.
        foreach (var order in asked)
        {
            var token = order.Intent.Order.Token;
            var agrees = round.Known.IsEmpty && round.Shares.TryGetValue(token, out var shares)
                && new[] { before, after }.Any(ours => ours.Explains(round.Cash, token, shares, inForce().Tolerance));
            _agreed[order.Id] = agrees ? _agreed.GetValueOrDefault(order.Id) + 1 : 0;
            if (_agreed[order.Id] >= RoundsNeeded) absent.Add(order.Id);
        }

        foreach (var order in absent) _agreed.Remove(order);
        return absent.ToImmutable();
    }
}
