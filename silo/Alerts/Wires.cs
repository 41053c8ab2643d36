namespace PolyArb.Silo.Alerts;

/// <summary>Connections to where a secret is part of the address: nobody writes that address down on the way, no log and no trace.</summary>
internal static class Wires
{
    private static readonly TimeSpan ConnectWithin = TimeSpan.FromSeconds(10);

    /// <summary>An address in the domain name system may move.</summary>
    private static readonly TimeSpan ConnectionAgeMax = TimeSpan.FromMinutes(10);

    /// <summary>Without a time limit of its own: callers give one for each request.</summary>
    public static HttpClient Client() => new(
        new SocketsHttpHandler
        {
            ActivityHeadersPropagator = null, // No span: it would hold the address.
            AllowAutoRedirect = false,
            ConnectTimeout = ConnectWithin,
            PooledConnectionLifetime = ConnectionAgeMax,
        })
    {
        Timeout = Timeout.InfiniteTimeSpan,
    };
}
