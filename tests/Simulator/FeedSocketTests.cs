using System.Net.WebSockets;
using PolyArb.Simulator.Feed;
using Xunit;

namespace PolyArb.Tests.Simulator;

public sealed class FeedSocketTests
{
    [Fact]
    public async Task A_reader_that_falls_a_whole_queue_behind_is_cut_off()
    {
        using var stuck = new StuckSocket();
        using var socket = new FeedSocket(stuck, port: 1);
        var running = socket.RunAsync(_ => true, TestContext.Current.CancellationToken);
        for (var i = 0; i < 8_194; i++) socket.Send([1]);

        await running;

        Assert.Equal(WebSocketState.Aborted, stuck.State);
    }

    /// <summary>A connection whose other side neither reads nor writes.</summary>
    private sealed class StuckSocket : WebSocket
    {
        private WebSocketState _state = WebSocketState.Open;

        public override WebSocketCloseStatus? CloseStatus => null;
        public override string? CloseStatusDescription => null;
        public override string? SubProtocol => null;
        public override WebSocketState State => _state;

        public override void Abort() => _state = WebSocketState.Aborted;

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
            ArraySegment<byte> buffer, WebSocketMessageType messageType, bool endOfMessage, CancellationToken cancellationToken) =>
            Task.Delay(Timeout.Infinite, cancellationToken);
    }
}
