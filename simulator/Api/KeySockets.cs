using PolyArb.Simulator.Feed;

namespace PolyArb.Simulator.Api;

/// <summary>Which open user sockets a key has, so that they end with it (protocol 6.1).</summary>
internal sealed class KeySockets
{
    private readonly Lock _gate = new();
    private readonly Dictionary<string, HashSet<FeedSocket>> _open = new(StringComparer.Ordinal);

    public void Add(ApiKey key, FeedSocket socket)
    {
        lock (_gate)
        {
            if (!_open.TryGetValue(key.Key, out var sockets)) _open.Add(key.Key, sockets = []);
            sockets.Add(socket);
        }
    }

    public void Remove(ApiKey key, FeedSocket socket)
    {
        lock (_gate)
        {
            if (_open.TryGetValue(key.Key, out var sockets) && sockets.Remove(socket) && sockets.Count == 0) _open.Remove(key.Key);
        }
    }

    public void EndAll(ApiKey key)
    {
        lock (_gate)
        {
            if (_open.TryGetValue(key.Key, out var sockets)) foreach (var socket in sockets) socket.End();
        }
    }
}
