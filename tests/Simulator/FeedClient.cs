using System.Net.WebSockets;
using System.Text;
using System.Text.Json;
using Xunit;

namespace PolyArb.Tests.Simulator;

/// <summary>A websocket that hands out text frames one by one.</summary>
internal sealed class FeedClient : IDisposable
{
    private readonly ClientWebSocket _socket = new();
    private readonly byte[] _buffer = new byte[1 << 20];

    public static async Task<FeedClient> ConnectAsync(int port, string channel, object first, CancellationToken stop)
    {
        var client = new FeedClient();
        await client._socket.ConnectAsync(new Uri($"ws://127.0.0.1:{port}/ws/{channel}"), stop);
        await client.SendAsync(JsonSerializer.Serialize(first), stop);
        return client;
    }

    /// <summary>The user channel of a wallet that has logged in; whatever happens from now on is heard.</summary>
    public static async Task<FeedClient> UserAsync(int port, TestWallet wallet, CancellationToken stop)
    {
        var auth = new { apiKey = wallet.Key, secret = wallet.Secret, passphrase = wallet.Passphrase };
        var client = await ConnectAsync(port, "user", new { auth, type = "user" }, stop);
        await client.SendAsync("PING", stop);
        Assert.Equal("PONG", await client.NextAsync(stop));
        return client;
    }

    public async Task SendAsync(string text, CancellationToken stop) =>
        await _socket.SendAsync(Encoding.UTF8.GetBytes(text), WebSocketMessageType.Text, true, stop);

    /// <summary>The next frame, or null once the venue closed the socket.</summary>
    public async Task<string?> NextAsync(CancellationToken stop)
    {
        var count = 0;
        while (true)
        {
            var part = await _socket.ReceiveAsync(_buffer.AsMemory(count), stop);
            if (part.MessageType is WebSocketMessageType.Close) return null;

            count += part.Count;
            if (part.EndOfMessage) return Encoding.UTF8.GetString(_buffer, 0, count);
        }
    }

    /// <summary>Frames up to and including the first for which the condition holds.</summary>
    public async Task<List<JsonElement>> UntilAsync(Func<JsonElement, bool> last, CancellationToken stop)
    {
        List<JsonElement> frames = [];
        while (await NextAsync(stop) is { } text)
        {
            using var json = JsonDocument.Parse(text);
            frames.Add(json.RootElement.Clone());
            if (last(frames[^1])) return frames;
        }

        throw new InvalidOperationException("The socket closed first.");
    }

    public void Dispose() => _socket.Dispose();
}
