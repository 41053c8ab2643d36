namespace PolyArb.Polymarket;

/// <summary>
/// Three named clients: orders are posted once, without retry or redirect; cancels have a pool of their own, so that they
/// never wait behind orders; only reads are retried.
/// </summary>
internal static class VenueClients
{
    public const string Orders = "polymarket-orders";
    public const string Cancels = "polymarket-cancels";
    public const string Reads = "polymarket-reads";
}
