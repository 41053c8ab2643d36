using System.Net.WebSockets;
using System.Text;
using System.Threading.Channels;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;
using PolyArb.Domain;
using PolyArb.Domain.Ports;
using PolyArb.Polymarket;
using Xunit;

namespace PolyArb.Tests.Polymarket;

/// <summary>A real websocket server on loopback; the test plays the venue.</summary>
internal sealed class WebVenue : IAsyncDisposable
{
    private readonly WebApplication _app;
    private readonly Channel<Peer> _peers = Channel.CreateUnbounded<Peer>();
    private int _accepted;

    private WebVenue(WebApplication app) => _app = app;

    public VenueOptions Options => ScriptedVenue.Options with
    {
        WsUrl = new Uri(_app.Urls.Single().Replace("http", "ws", StringComparison.Ordinal) + "/ws"),
        ReconnectMin = TimeSpan.FromMilliseconds(2),
        ReconnectMax = TimeSpan.FromMilliseconds(10),
    };

    public static async Task<WebVenue> Start(CancellationToken stop)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        var venue = new WebVenue(builder.Build());
        venue._app.UseWebSockets();
        venue._app.Map("/ws/{channel}", async (HttpContext context) =>
        {
            using var socket = await context.WebSockets.AcceptWebSocketAsync();
            var peer = new Peer(socket);
            Interlocked.Increment(ref venue._accepted);
            await venue._peers.Writer.WriteAsync(peer, CancellationToken.None);
            await peer.ReadAll();
        });
        await venue._app.StartAsync(stop);
        return venue;
    }

    /// <summary>Connections that came in so far.</summary>
    public int Accepted => Volatile.Read(ref _accepted);

    /// <summary>The next connection that comes in.</summary>
    public async Task<Peer> Accept() => await _peers.Reader.ReadAsync(TestContext.Current.CancellationToken);

    public async ValueTask DisposeAsync()
    {
        using var now = new CancellationTokenSource(TimeSpan.Zero);
        await _app.StopAsync(now.Token);
        await _app.DisposeAsync();
    }

    internal sealed class Peer(WebSocket socket)
    {
        private readonly Channel<string> _received = Channel.CreateUnbounded<string>();
        private readonly TaskCompletionSource _ended = new(TaskCreationOptions.RunContinuationsAsynchronously);

        /// <summary>Completes when the other side is gone.</summary>
        public Task Ended => _ended.Task;

        public async Task<string> Receive() => await _received.Reader.ReadAsync(TestContext.Current.CancellationToken);

        public Task Send(string text) => Send(Encoding.UTF8.GetBytes(text));

        public async Task Send(byte[] text)
        {
            try
            {
                await socket.SendAsync(text, WebSocketMessageType.Text, true, TestContext.Current.CancellationToken);
            }
            catch (ObjectDisposedException)
            {
                // It was read, and the connection ended for it, before the send was over.
            }
        }

        public void Cut() => socket.Abort();

        public async Task ReadAll()
        {
            var buffer = new byte[256 * 1024];
            try
            {
                while (socket.State is WebSocketState.Open)
                {
                    var part = await socket.ReceiveAsync(buffer, CancellationToken.None);
                    if (part.MessageType is WebSocketMessageType.Text) _received.Writer.TryWrite(Encoding.UTF8.GetString(buffer, 0, part.Count));
                }
            }
            catch (Exception e) when (e is WebSocketException or OperationCanceledException or IOException or ObjectDisposedException)
            {
                // Cut.
            }

            _ended.TrySetResult();
        }
    }
}

/// <summary>Keeps what could not be read.</summary>
internal sealed class KeepingErrors : IErrorLog
{
    private readonly Lock _gate = new();

    public List<(string Where, string What, string Bytes)> Kept { get; } = [];

    public void Keep(string where, string what, ReadOnlySpan<byte> bytes, Instant at)
    {
        lock (_gate) Kept.Add((where, what, Encoding.UTF8.GetString(bytes)));
    }
}

/// <summary>Keeps what was recorded, numbered from 1.</summary>
internal sealed class KeepingTap : IFrameTap
{
    private readonly Lock _gate = new();

    public List<(InputKind Kind, string Connection, string Text)> Taken { get; } = [];

    /// <summary>While more may come.</summary>
    public int Count(Func<(InputKind Kind, string Connection, string Text), bool> wanted)
    {
        lock (_gate) return Taken.Count(wanted);
    }

    public long Take(InputKind kind, string connection, ReadOnlySpan<byte> text, Instant at)
    {
        lock (_gate)
        {
            Taken.Add((kind, connection, Encoding.UTF8.GetString(text)));
            return Taken.Count;
        }
    }
}
