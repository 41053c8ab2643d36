using System.Collections.Immutable;

namespace PolyArb.Grains.Interfaces;

/// <summary>All rows of what the gateway gives a page at a time, so that nobody waits for more than a page of them.</summary>
public static class ControlPages
{
    /// <summary>Rows in one answer, at the most.</summary>
    public const int Most = 1_000;

    /// <summary>By the time they were made.</summary>
    public static async Task<ImmutableArray<OrderView>> AllOrders(this IControl control) =>
        [.. (await All(before => control.Orders(before), order => order.N)).OrderBy(order => order.CreatedAt)];

    /// <summary>By their time.</summary>
    public static async Task<ImmutableArray<FillView>> AllFills(this IControl control) =>
        [.. (await All(before => control.Fills(before), fill => fill.N)).OrderBy(fill => fill.Time)];

    /// <summary>By the time they were opened.</summary>
    public static async Task<ImmutableArray<BasketView>> AllBaskets(this IControl control) =>
        [.. await All(before => control.Baskets(before), basket => basket.N)];

    private static async Task<List<T>> All<T>(Func<long, Task<ImmutableArray<T>>> page, Func<T, long> number)
    {
        List<ImmutableArray<T>> pages = [];
        var before = long.MaxValue;
        do
        {
            var rows = await page(before);
            if (rows.IsEmpty) break;

            pages.Add(rows);
            before = number(rows[0]);
        }
        while (before > 1);
        pages.Reverse();
        return [.. pages.SelectMany(rows => rows)];
    }
}
