using System.Net.WebSockets;
using System.Text;
using System.Threading.Channels;

namespace PolyArb.Simulator.Feed;

/// <summary>
/// One websocket. What it must say waits in a bounded queue in the order of the engine; a reader too slow for it is cut off. The port
/// is that of its other end.
/// </summary>
internal sealed class FeedSocket(WebSocket socket, int port) : IFrameSink, IDisposable
{
    private const int QueueMax = 8192;
    private const int FrameMax = 1 << 20;

    private readonly Channel<byte[]> _queue = Channel.CreateBounded<byte[]>(
        new BoundedChannelOptions(QueueMax) { SingleReader = true, FullMode = BoundedChannelFullMode.Wait });

    private readonly CancellationTokenSource _cut = new();

    public int Port { get; } = port;

    public bool Custom { get; set; }

    public void Send(byte[] frame)
    {
        // Never inline: what follows a cut changes the list that the caller walks.
        if (!_queue.Writer.TryWrite(frame)) End();
    }

    public void Send(string frame) => Send(Encoding.UTF8.GetBytes(frame));

    /// <summary>Cuts the socket off, without a close frame.</summary>
    public void End() => _ = _cut.CancelAsync();

    /// <summary>Reads text frames until either side ends it. PING is answered here (protocol 4.1).</summary>
    public async Task RunAsync(Func<string, bool> onText, CancellationToken stop)
    {
        using var ends = CancellationTokenSource.CreateLinkedTokenSource(stop, _cut.Token);
        var writing = WriteAsync(ends.Token);
        try
        {
            while (await ReadAsync(ends.Token) is { } text)
            {
                if (text == "PING") Send("PONG");
                else if (!onText(text)) break;
            }

            await socket.CloseOutputAsync(WebSocketCloseStatus.NormalClosure, null, ends.Token);
        }
        catch (Exception e) when (e is OperationCanceledException or WebSocketException or IOException)
        {
            socket.Abort();
        }
        finally
        {
            await ends.CancelAsync();
            await writing;
        }
    }

    public void Dispose() => _cut.Dispose();

    private async Task WriteAsync(CancellationToken stop)
    {
        try
        {
            await foreach (var frame in _queue.Reader.ReadAllAsync(stop))
            {
                await socket.SendAsync(frame.AsMemory(), WebSocketMessageType.Text, endOfMessage: true, stop);
            }
        }
        catch (Exception e) when (e is OperationCanceledException or WebSocketException or IOException)
        {
            await _cut.CancelAsync();
        }
    }

    private async Task<string?> ReadAsync(CancellationToken stop)
    {
        var buffer = new byte[16 * 1024];
        using var message = new MemoryStream();
        while (true)
        {
            var part = await socket.ReceiveAsync(buffer.AsMemory(), stop);
            if (part.MessageType is WebSocketMessageType.Close || message.Length > FrameMax) return null;

            message.Write(buffer, 0, part.Count);
            if (part.EndOfMessage) return Encoding.UTF8.GetString(message.GetBuffer(), 0, (int)message.Length);
        }
    }
}
