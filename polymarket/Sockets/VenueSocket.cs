using System.Net.WebSockets;
using System.Text;
using Microsoft.Extensions.Logging;
using PolyArb.Domain;
using PolyArb.Domain.Ports;

namespace PolyArb.Polymarket.Sockets;

/// <summary>
/// One websocket that comes back by itself: a text PING every 10 s, dead without a PONG or without any frame in time, a jittered
/// wait before each new connection (protocol sheet 4.1, 4.3).
/// </summary>
internal sealed partial class VenueSocket(
    ConnectionNames names, Uri url, VenueOptions options, ISocketHandler handler, TimeProvider time, Random random, ILogger logger)
{
    private const int FrameMax = 4 * 1024 * 1024;
    private static readonly TimeSpan ConnectMax = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan SendMax = TimeSpan.FromSeconds(10);

    private readonly Backoff _backoff = new(options.ReconnectMin, options.ReconnectMax, random);
    private readonly Sparing _saying = new(time);
    private volatile SocketConnection? _current;
    private string? _said;

    public StreamState State { get; private set; } = StreamState.Connecting;

    /// <summary>Connects again and again until told to stop.</summary>
    public async Task Run(CancellationToken stopping)
    {
        while (!stopping.IsCancellationRequested)
        {
            var connection = names.Next();
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
            if (_saying.IsDue() || why != _said) LogDown(connection, why, wait);
            _said = why;
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
    public bool TrySend(string text) => _current is { } current && current.Send(text);

    /// <summary>Ends the present connection; the next one starts over.</summary>
    public void Restart(string why) => _current?.End(why);

    /// <summary>One connection from its start to its end; returns why it ended.</summary>
    private async Task<string> Live(string connection, CancellationToken stopping)
    {
        await using var current = new SocketConnection(stopping);
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

        _current = current;
        State = StreamState.Live;
        handler.Connected(connection);
        var heartbeat = new Heartbeat(options, time);
        Task[] parts = [Watch(current, heartbeat), SendAll(current), Receive(connection, current, heartbeat)];
        await Task.WhenAny(parts);
        current.End("ended");
        _current = null;
        await Task.WhenAll(parts);
        return current.Why;
    }

    private async Task Receive(string connection, SocketConnection current, Heartbeat heartbeat)
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
                heartbeat.Heard(buffer.AsSpan(0, length));
                handler.Received(new SocketFrame(connection, buffer.AsMemory(0, length), at));
            }
        }
        catch (Exception e) when (e is WebSocketException or OperationCanceledException or IOException)
        {
            current.End(e.Message);
        }
    }

    private static async Task SendAll(SocketConnection current)
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

    private async Task Watch(SocketConnection current, Heartbeat heartbeat)
    {
        try
        {
            using var often = new PeriodicTimer(options.PingEvery / 10, time);
            while (await often.WaitForNextTickAsync(current.Ended))
            {
                var (dead, pingIsDue) = heartbeat.Look();
                if (dead is not null) current.End(dead);
                if (pingIsDue) current.Send("PING");
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
}
