using System.Collections.Immutable;
using System.Runtime.InteropServices;
using PolyArb.Domain.Journal;
using PolyArb.Domain.Orders;

namespace PolyArb.Polymarket.Orders;

/// <summary>Signs orders in the thread pool, several at once.</summary>
internal static class OrdersBeside
{
    /// <summary>One core is left to what goes on meanwhile: an order is written to the journal beside its signature, and that takes longer.</summary>
    public static int Most { get; } = Math.Max(1, Environment.ProcessorCount - 1);

    /// <summary>In their order. Begins elsewhere, so that the caller goes on at once; the task throws what one of them threw.</summary>
    public static async Task<ImmutableArray<SignedOrder>> Sign(ImmutableArray<OrderPlaced> orders, int most, Func<OrderIntent, SignedOrder> sign)
    {
        var signed = new SignedOrder[orders.Length];
        await Parallel.ForAsync(0, orders.Length, new ParallelOptions { MaxDegreeOfParallelism = most }, (i, _) =>
        {
            signed[i] = sign(orders[i].Intent);
            return ValueTask.CompletedTask;
        });
        return ImmutableCollectionsMarshal.AsImmutableArray(signed);
    }
}
