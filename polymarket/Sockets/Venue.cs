namespace PolyArb.Polymarket.Sockets;

internal static class Venue
{
    /// <summary>The base "wss://host/ws" with the channel's name after it.</summary>
    public static Uri Channel(Uri baseUrl, string channel) => new($"{baseUrl.AbsoluteUri.TrimEnd('/')}/{channel}");
}
