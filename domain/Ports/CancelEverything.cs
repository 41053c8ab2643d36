using System.Collections.Immutable;
using PolyArb.Domain.Orders;

namespace PolyArb.Domain.Ports;

/// <summary>What cancelling everything came to.</summary>
/// <param name="IsRead">Open orders read empty twice running.</param>
/// <param name="Left">As last read.</param>
/// <param name="Why">Nobody knows better; empty when it was read.</param>
public sealed record CanceledEverything(bool IsRead, ImmutableArray<OrderId> Left, string Why);

public static class CancelEverything
{
    /// <summary>Cancels all of ours, again and again, until open orders read empty twice running or it is cancelled itself.</summary>
    /// <param name="rest">A short wait between two tries.</param>
    public static async Task<CanceledEverything> UntilEmpty(IVenue venue, Func<Task> rest, CancellationToken cancellation)
    {
        var empty = 0;
        var left = ImmutableArray<OrderId>.Empty;
        var why = "open orders could not be read";
        while (!cancellation.IsCancellationRequested)
        {
            await venue.CancelAll(cancellation);
            switch (await venue.OpenOrders(cancellation))
            {
                case VenueAnswer<ImmutableArray<VenueOrder>>.Ok({ IsEmpty: true }):
                    left = [];
                    if (++empty == 2) return new CanceledEverything(true, left, "");
                    why = "open orders were read empty only once";
                    continue; // Once more, at once.
                case VenueAnswer<ImmutableArray<VenueOrder>>.Ok(var open):
                    (empty, left, why) = (0, [.. open.Select(order => order.Id)], "still open");
                    break;
                case VenueAnswer<ImmutableArray<VenueOrder>>.Unavailable(var failure):
                    empty = 0;
                    if (!cancellation.IsCancellationRequested) why = failure.Why; // Our own giving up explains nothing.
                    break;
            }

            await rest();
        }

        return new CanceledEverything(false, left, why);
    }
}
