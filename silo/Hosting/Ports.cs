using System.Net;
using System.Net.Sockets;

namespace PolyArb.Silo.Hosting;

/// <summary>
/// Orleans would share its ports with another silo on this host, and commands would reach either. So each port is tried alone first.
/// </summary>
internal static class Ports
{
    /// <exception cref="IOException">One line: which port is taken, and what to do.</exception>
    public static void MustBeFree(IPAddress address, params ReadOnlySpan<int> ports)
    {
        foreach (var port in ports)
        {
            if (!IsFree(address, port))
                throw new IOException($"{address}:{port} is taken, perhaps by another silo: stop it, or set silo.port and silo.gateway_port");
        }
    }

    /// <summary>The usual port if nobody listens there, else one that is free.</summary>
    public static int Free(int usual)
    {
        if (IsFree(IPAddress.Loopback, usual)) return usual;

        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }

    public static bool IsFree(IPAddress address, int port)
    {
        try
        {
            using var listener = new TcpListener(address, port);
            listener.Start();
            return true;
        }
        catch (SocketException)
        {
            return false;
        }
    }
}
