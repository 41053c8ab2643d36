namespace PolyArb.Polymarket.Sockets;

/// <summary>Names the connections of one socket: "m1#3" is the third of m1, whichever part of the program opened it.</summary>
internal sealed class ConnectionNames(string socket)
{
    private int _count;

    public string None => socket + "#0";

    public string Next() => $"{socket}#{Interlocked.Increment(ref _count)}";
}
