using System.Net.WebSockets;
using System.Threading.Channels;

namespace PolyArb.Polymarket.Sockets;

/// <summary>What lives as long as one connection. The first reason to end it is the one that counts.</summary>
internal sealed class SocketConnection(CancellationToken stopping) : IAsyncDisposable
{
    private const int OutgoingMax = 1_024;

    private readonly Lock _gate = new();
    private readonly CancellationTokenSource _ended = CancellationTokenSource.CreateLinkedTokenSource(stopping);
    private Task _ending = Task.CompletedTask;
    private string? _why;

    public ClientWebSocket Socket { get; } = new();

    public Channel<string> Outgoing { get; } = Channel.CreateBounded<string>(OutgoingMax);

    public CancellationToken Ended => _ended.Token;

    public string Why => stopping.IsCancellationRequested ? "stopping" : _why ?? "ended";

    /// <summary>Queues a text; a full queue ends the connection.</summary>
    public bool Send(string text)
    {
        if (Outgoing.Writer.TryWrite(text)) return true;

        End("too much to send");
        return false;
    }

    /// <summary>Nothing of it runs inside this call: whoever ends a connection may hold the lock that its handler takes.</summary>
    public void End(string why)
    {
        lock (_gate)
        {
            if (_why is not null) return;

            _why = why;
            _ending = _ended.CancelAsync();
        }
    }

    public async ValueTask DisposeAsync()
    {
        End("ended");
        Task ending;
        lock (_gate) ending = _ending;
        await ending;
        Socket.Dispose();
        _ended.Dispose();
    }
}
