using PolyArb.Domain;

namespace PolyArb.Polymarket.Sockets;

/// <summary>One text message as received. The bytes are the socket's buffer: good only until the handler returns.</summary>
/// <param name="Connection">Socket and epoch: "m1#3" is the third connection of m1.</param>
public readonly record struct SocketFrame(string Connection, ReadOnlyMemory<byte> Bytes, Instant At);
