using System.Collections.Immutable;

namespace PolyArb.Domain.Orders;

/// <summary>Rows that follow each other, the oldest first.</summary>
/// <param name="First">The number of the first of them; the first row there ever was has the number 1.</param>
public readonly record struct Page<T>(long First, ImmutableArray<T> Rows);

public static class Page
{
    /// <summary>The newest rows that come before a number, at most so many. Costs what it gives.</summary>
    internal static Page<T> Of<TKey, T>(List<TKey> all, long before, int most, Func<TKey, T> read)
    {
        var end = (int)(Math.Clamp(before, 1, all.Count + 1L) - 1);
        var start = Math.Max(0, end - Math.Max(0, most));
        var rows = ImmutableArray.CreateBuilder<T>(end - start);
        for (var i = start; i < end; i++) rows.Add(read(all[i]));
        return new Page<T>(start + 1, rows.MoveToImmutable());
    }
}
