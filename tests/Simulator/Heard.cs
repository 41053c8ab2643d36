using System.Net.WebSockets;
using System.Text;
using System.Text.Json;
using PolyArb.Simulator.Engine;
using PolyArb.Simulator.Feed;

namespace PolyArb.Tests.Simulator;

/// <summary>What one socket of the exchange is told, without a network.</summary>
internal sealed class Heard : IDisposable
{
    private readonly Line _line = new();
    private readonly FeedSocket _socket;
    private readonly CancellationTokenSource _stop = new();
    private readonly Task _running;

    private Heard()
    {
        _socket = new FeedSocket(_line) { Custom = true };
        _running = _socket.RunAsync(_ => true, _stop.Token);
    }

    /// <summary>The user channel of one of the venue's people.</summary>
    public static Heard User(Exchange exchange, string name)
    {
        var heard = new Heard();
        lock (exchange.Gate) exchange.Users.Add(new UserSubscription(heard._socket, Venue.Key(name), []));
        return heard;
    }

    /// <summary>The market channel of both tokens, with the enhanced events.</summary>
    public static Heard Market(Exchange exchange, Market market)
    {
        var heard = new Heard();
        lock (exchange.Gate)
        {
            for (var token = 0; token < 2; token++) exchange.Prints.Add(heard._socket, market, token);
        }

        return heard;
    }

    /// <summary>Every frame since the last time, in order.</summary>
    public async Task<List<JsonElement>> SoFarAsync()
    {
        _socket.Send("""{"event_type":"end"}""");
        List<JsonElement> frames = [];
        while (true)
        {
            using var json = JsonDocument.Parse(await _line.NextAsync().WaitAsync(TimeSpan.FromSeconds(20)));
            if (json.RootElement.Text("event_type") == "end") return frames;

            frames.Add(json.RootElement.Clone());
        }
    }

    public void Dispose()
    {
        _stop.Cancel();
        _running.ContinueWith(_ => _stop.Dispose(), TaskScheduler.Default);
        _socket.Dispose();
        _line.Dispose();
    }

    private sealed class Line : WebSocket
    {
        private readonly System.Threading.Channels.Channel<string> _sent = System.Threading.Channels.Channel.CreateUnbounded<string>();

        public override WebSocketCloseStatus? CloseStatus => null;
        public override string? CloseStatusDescription => null;
        public override string? SubProtocol => null;
        public override WebSocketState State => WebSocketState.Open;

        public Task<string> NextAsync() => _sent.Reader.ReadAsync().AsTask();

        public override void Abort() => _sent.Writer.TryComplete();

        public override void Dispose()
        {
        }

        public override Task CloseAsync(WebSocketCloseStatus closeStatus, string? statusDescription, CancellationToken cancellationToken) =>
            Task.CompletedTask;

        public override Task CloseOutputAsync(WebSocketCloseStatus closeStatus, string? statusDescription, CancellationToken cancellationToken) =>
            Task.CompletedTask;

        public override async Task<WebSocketReceiveResult> ReceiveAsync(ArraySegment<byte> buffer, CancellationToken cancellationToken)
        {
            await Task.Delay(Timeout.Infinite, cancellationToken);
            throw new InvalidOperationException();
        }

        public override Task SendAsync(
            ArraySegment<byte> buffer, WebSocketMessageType messageType, bool endOfMessage, CancellationToken cancellationToken)
        {
            _sent.Writer.TryWrite(Encoding.UTF8.GetString(buffer));
            return Task.CompletedTask;
        }
    }
}
