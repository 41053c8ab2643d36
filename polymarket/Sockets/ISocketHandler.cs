namespace PolyArb.Polymarket.Sockets;

/// <summary>What a socket tells its owner, one call at a time, in the order it happened. Handlers do not wait.</summary>
internal interface ISocketHandler
{
    /// <summary>Connected; what is sent now goes out first.</summary>
    void Connected(string connection);

    void Received(SocketFrame frame);

    void Disconnected(string connection, string why);
}
