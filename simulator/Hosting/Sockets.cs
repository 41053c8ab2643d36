using PolyArb.Simulator.Feed;

namespace PolyArb.Simulator.Hosting;

/// <summary>A websocket's life: read until it ends, then leave every list it is on.</summary>
internal static class Sockets
{
    public static async Task RunAsync(FeedSocket socket, Func<string, bool> read, Action leave, CancellationToken stop)
    {
        try
        {
            await socket.RunAsync(read, stop);
        }
        finally
        {
            leave();
        }
    }
}
