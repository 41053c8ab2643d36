using System.Collections.Immutable;
using PolyArb.Domain.Orders;
using PolyArb.Domain.Ports;

namespace PolyArb.Tests;

internal static class Signing
{
    /// <summary>Identified and signed in one go, for tests that are about something else.</summary>
    public static ImmutableArray<SignedOrder> Sign(this IVenue venue, IReadOnlyList<OrderIntent> intents) =>
        venue.Sign(venue.Identify(intents)).GetAwaiter().GetResult();
}
