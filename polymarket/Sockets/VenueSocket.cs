using System.Net.WebSockets;
using System.Text;
using System.Threading.Channels;
using Microsoft.Extensions.Logging;
using PolyArb.Domain;
using PolyArb.Domain.Ports;

namespace PolyArb.Polymarket.Sockets;

/// <summary>
/// One websocket that comes back by itself: text PING every 10 s, dead after 30 s without any frame, a jittered wait before
/// each new connection (protocol sheet 4.1, 4.3).
/// </summary>
internal sealed partial class VenueSocket(
    string name, Uri url, VenueOptions options, ISocketHandler handler, TimeProvider time, Random random, ILogger logger)
{
    private const int FrameMax = 4 * 1024 * 1024;
    private const int OutgoingMax = 1_024;
    private static readonly TimeSpan ConnectMax = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan SendMax = TimeSpan.FromSeconds(10);

    private readonly Backoff _backoff = new(options.ReconnectMin, options.ReconnectMax, random);
    private volatile Connection? _current;
    private long _lastFrame;
    private int _epoch;

    public StreamState State { get; private set; } = StreamState.Connecting;

    /// <summary>Connects again and again until told to stop.</summary>
    public async Task Run(CancellationToken stopping)
    {
        while (!stopping.IsCancellationRequested)
        {
            var connection = $"{name}#{++_epoch}";
            var started = time.GetTimestamp();
            string why;
            try
            {
                why = await Live(connection, stopping);
            }
            catch (Exception e) // What a wire can do is caught below: this is a fault of ours, and the stream goes on.
            {
                LogFault(e, connection);
                why = "a fault of ours";
            }

            _current = null;
            if (time.GetElapsedTime(started) > options.StaleAfter) _backoff.Reset();
            State = StreamState.Down;
            handler.Disconnected(connection, why);
            if (stopping.IsCancellationRequested) return;

            var wait = _backoff.Next();
            LogDown(connection, why, wait);
            try
            {
                await Task.Delay(wait, time, stopping);
            }
            catch (OperationCanceledException)
            {
                return;
            }
        }
    }

    /// <summary>Queues a text for the present connection; false when there is none. A full queue ends the connection.</summary>
    public bool TrySend(string text)
    {
        if (_current is not { } current) return false;
        if (current.Outgoing.Writer.TryWrite(text)) return true;

        current.End("too much to send");
        return false;
    }

    /// <summary>Ends the present connection; the next one starts over.</summary>
    public void Restart(string why) => _current?.End(why);

    /// <summary>One connection from its start to its end; returns why it ended.</summary>
    private async Task<string> Live(string connection, CancellationToken stopping)
    {
        using var current = new Connection(stopping);
        try
        {
            using var connecting = CancellationTokenSource.CreateLinkedTokenSource(current.Ended);
            connecting.CancelAfter(ConnectMax);
            current.Socket.Options.KeepAliveInterval = TimeSpan.Zero; // The venue answers text PINGs, not control frames.
            await current.Socket.ConnectAsync(url, connecting.Token);
        }
        catch (Exception e) when (e is WebSocketException or HttpRequestException or OperationCanceledException or IOException)
        {
            return e is OperationCanceledException ? "no connection in time" : $"no connection: {e.Message}";
        }

        _lastFrame = time.GetTimestamp();
        _current = current;
        State = StreamState.Live;
        handler.Connected(connection);
        Task[] parts = [Receive(connection, current), SendAll(current), Watch(current)];
        await Task.WhenAny(parts);
        current.End("ended");
        _current = null;
        await Task.WhenAll(parts);
        return current.Why;
    }

    private async Task Receive(string connection, Connection current)
    {
        var buffer = new byte[64 * 1024];
        try
        {
            while (true)
            {
                var length = 0;
                ValueWebSocketReceiveResult part;
                do
                {
                    if (length == buffer.Length) Array.Resize(ref buffer, Math.Min(buffer.Length * 2, FrameMax));
                    if (length == buffer.Length)
                    {
                        current.End($"a frame of more than {FrameMax} bytes");
                        return;
                    }

                    part = await current.Socket.ReceiveAsync(buffer.AsMemory(length), current.Ended);
                    length += part.Count;
                }
                while (!part.EndOfMessage);

                if (part.MessageType is WebSocketMessageType.Close)
                {
                    current.End($"closed by the venue ({current.Socket.CloseStatus}) {current.Socket.CloseStatusDescription}".TrimEnd());
                    return;
                }

                var at = Instant.From(time.GetUtcNow());
                Interlocked.Exchange(ref _lastFrame, time.GetTimestamp());
                handler.Received(new SocketFrame(connection, buffer.AsMemory(0, length), at));
            }
        }
        catch (Exception e) when (e is WebSocketException or OperationCanceledException or IOException)
        {
            current.End(e.Message);
        }
    }

    private static async Task SendAll(Connection current)
    {
        try
        {
            await foreach (var text in current.Outgoing.Reader.ReadAllAsync(current.Ended))
            {
                using var sending = CancellationTokenSource.CreateLinkedTokenSource(current.Ended);
                sending.CancelAfter(SendMax);
                await current.Socket.SendAsync(Encoding.UTF8.GetBytes(text), WebSocketMessageType.Text, true, sending.Token);
            }
        }
        catch (Exception e) when (e is WebSocketException or OperationCanceledException or IOException)
        {
            current.End(e is OperationCanceledException ? "a send took too long" : e.Message);
        }
    }

    private async Task Watch(Connection current)
    {
        try
        {
            using var beat = new PeriodicTimer(options.PingEvery, time);
            while (await beat.WaitForNextTickAsync(current.Ended))
            {
                var silence = time.GetElapsedTime(Interlocked.Read(ref _lastFrame));
                if (silence >= options.StaleAfter)
                {
                    current.End($"silent for {silence.TotalSeconds:F0} s");
                    return;
                }

                current.Outgoing.Writer.TryWrite("PING");
            }
        }
        catch (OperationCanceledException)
        {
            // The connection ended by other means.
        }
    }

    [LoggerMessage(LogLevel.Warning, "Socket {Connection} is down: {Why}. Next try in {Wait}")]
    private partial void LogDown(string connection, string why, TimeSpan wait);

    [LoggerMessage(LogLevel.Error, "Reading from {Connection} failed; it starts over")]
    private partial void LogFault(Exception e, string connection);

    /// <summary>What lives as long as one connection. The first reason to end it is the one that counts.</summary>
    private sealed class Connection(CancellationToken stopping) : IDisposable
    {
        private readonly CancellationTokenSource _ended = CancellationTokenSource.CreateLinkedTokenSource(stopping);
        private string? _why;

        public ClientWebSocket Socket { get; } = new();

        public Channel<string> Outgoing { get; } = Channel.CreateBounded<string>(OutgoingMax);

        public CancellationToken Ended => _ended.Token;

        public string Why => stopping.IsCancellationRequested ? "stopping" : _why ?? "ended";

        public void End(string why)
        {
            Interlocked.CompareExchange(ref _why, why, null);
            try
            {
                _ended.Cancel();
            }
            catch (ObjectDisposedException)
            {
                // It has ended already.
            }
        }

        public void Dispose()
        {
            Socket.Dispose();
            _ended.Dispose();
        }
    }
}
