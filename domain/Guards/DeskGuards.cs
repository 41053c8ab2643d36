using System.Collections.Immutable;
using PolyArb.Domain.Books;
using PolyArb.Domain.Orders;

namespace PolyArb.Domain.Guards;

/// <summary>What one desk learns from its own orders, news by news.</summary>
public sealed class DeskGuards
{
    private readonly GuardPolicy _policy;
    private readonly Usd _failureBuffer;
    private readonly SlippageMonitor _slippage;
    private ImmutableArray<OpenBasket> _open = []; // As last heard of.

    /// <param name="memory">What an earlier desk of the market knew; null for a clean record.</param>
    public DeskGuards(GuardPolicy policy, Usd failureBuffer, DeskMemory? memory = null)
    {
        (_policy, _failureBuffer, _slippage) = (policy, failureBuffer, new SlippageMonitor(policy.SlippageWindow));
        (Decay, PickedOff) = (new EdgeDecay(policy), new PickedOff(policy));
        if (memory is null) return;

        foreach (var difference in memory.Slippage) _slippage.Observe(difference);
        foreach (var basket in memory.Judged) Decay.Observe(basket);
        PickedOff.Recall(memory.PickedOff, memory.Fresh);
        _open = memory.Open;
    }

    public EdgeDecay Decay { get; private set; }

    public PickedOff PickedOff { get; }

    /// <summary>The failure buffer, widened by the slippage measured, never below its baseline.</summary>
    public Usd Buffer
    {
        get
        {
            var measured = new Usd((long)((Int128)_slippage.P95.Micros * _policy.SlippageMultiplierBps / 10_000));
            return measured > _failureBuffer ? measured : _failureBuffer;
        }
    }

    /// <summary>A person switched the market on again: it starts with a clean record.</summary>
    public void Forgive() => Decay = new EdgeDecay(_policy);

    /// <summary>For the next desk of this market.</summary>
    public DeskMemory Memory => new(
        _open, [.. _slippage.Differences], [.. Decay.Judged], [.. PickedOff.Hits], [.. PickedOff.Fresh]);

    /// <summary>The market's open baskets, and by what changed since the last time what there is to learn. Those that are gone were closed.</summary>
    public void Hear(ImmutableArray<OpenBasket> open, IReadOnlyDictionary<ConditionId, ConditionBook> books, Instant now)
    {
        foreach (var basket in open)
        {
            var known = _open.FirstOrDefault(old => old.Basket.Id == basket.Basket.Id);
            foreach (var order in basket.Orders) Compare(known?.Orders.FirstOrDefault(old => old.Id == order.Id), order, books, now);
        }

        foreach (var judged in _open.Where(old => open.All(basket => basket.Basket.Id != old.Basket.Id)).Select(JudgedBasket.Of).OfType<JudgedBasket>())
            Decay.Observe(judged);
        _open = open;
    }

    private void Compare(LegNews? before, LegNews order, IReadOnlyDictionary<ConditionId, ConditionBook> books, Instant now)
    {
        var isPaid = order.IsClosed && order.Paid == order.Matched; // The trades may be told later than the match.
        if (isPaid && !(before is { IsClosed: true } && before.Paid == before.Matched)) _slippage.Observe(order);
        if (order.Matched <= (before?.Matched ?? Size.Zero) || !books.ContainsKey(order.Order.Condition)) return;

        PickedOff.Filled(order.Order.Condition, order.Order.Outcome, order.Side, DealtAt(order), now);
    }

    /// <summary>The average price, as far as it is known.</summary>
    private static Price DealtAt(LegNews order)
    {
        var (amount, shares) = order.Paid > Size.Zero
            ? (order.Side is Side.Buy ? order.Money - order.Fees : order.Money + order.Fees, order.Paid)
            : (order.Order.ExpectedAmount, order.Order.Expected);
        return shares > Size.Zero ? new Price((int)((Int128)amount.Micros * Price.TicksPerDollar / shares.Micros)) : order.Order.Limit;
    }
}
