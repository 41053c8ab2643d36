using System.Net.WebSockets;
using System.Text;
using PolyArb.Polymarket.Sockets;

namespace PolyArb.Polymarket.UserFeed;

/// <summary>
/// Whether the user channel takes the credentials (protocol sheet 5): wrong ones end the socket or leave it silent, right ones are never
/// confirmed. One connection, never repeated.
/// </summary>
public sealed class UserChannelProbe(VenueOptions options, TimeProvider time)
{
    /// <summary>How long a refusal may take to arrive.</summary>
    private static readonly TimeSpan SettlesWithin = TimeSpan.FromSeconds(1);

    /// <summary>Null when the channel answers PING before and after it had time to end; else why it is not to be had.</summary>
    public async Task<string?> Refusal(CancellationToken deadline)
    {
        using var socket = new ClientWebSocket();
        try
        {
            await socket.ConnectAsync(Venue.Channel(options.WsUrl, "user"), deadline);
            await Send(socket, PolymarketUserFeed.AuthFrame(options), deadline);
            if (!await Answers(socket, deadline)) return Ended(socket);

            await Task.Delay(SettlesWithin, time, deadline);
            if (!await Answers(socket, deadline)) return Ended(socket);

            await socket.CloseOutputAsync(WebSocketCloseStatus.NormalClosure, null, deadline);
            return null;
        }
        catch (Exception e) when (e is WebSocketException or HttpRequestException or IOException)
        {
            return $"the socket was cut: {e.InnerException?.Message ?? e.Message}";
        }
    }

    private static string Ended(ClientWebSocket socket) => $"the venue closed it after the credentials ({socket.CloseStatus}) {socket.CloseStatusDescription}".TrimEnd();

    /// <summary>False when it closes instead. Events of our own may come in between.</summary>
    private static async Task<bool> Answers(ClientWebSocket socket, CancellationToken deadline)
    {
        await Send(socket, "PING", deadline);
        var buffer = new byte[16 * 1024];
        while (true)
        {
            var part = await socket.ReceiveAsync(buffer.AsMemory(), deadline);
            if (part.MessageType is WebSocketMessageType.Close) return false;
            if (part.EndOfMessage && buffer.AsSpan(0, part.Count).SequenceEqual("PONG"u8)) return true;
        }
    }

    private static async Task Send(ClientWebSocket socket, string text, CancellationToken deadline) =>
        await socket.SendAsync(Encoding.UTF8.GetBytes(text).AsMemory(), WebSocketMessageType.Text, endOfMessage: true, deadline);
}
