using System.Text;
using System.Text.Json;
using PolyArb.Simulator.Crypto;
using PolyArb.Simulator.Engine;
using PolyArb.Simulator.Feed;

namespace PolyArb.Simulator.Api;

/// <summary>The subscriber's side of /ws/user (protocol 5): credentials in the first frame; wrong ones end the socket.</summary>
internal sealed class UserSocket(Exchange exchange, KeyRing keys, KeySockets sockets, FeedSocket socket)
{
    private UserSubscription? _subscription;
    private ApiKey? _key;

    /// <summary>Noise after the credentials does no harm.</summary>
    public bool Read(string text) => JsonRead.TryParse(Encoding.UTF8.GetBytes(text), out var frame) && frame.ValueKind is JsonValueKind.Object
        ? Apply(frame)
        : _subscription is not null;

    public void Leave()
    {
        if (_key is not null) sockets.Remove(_key, socket);
        if (_subscription is null) return;
        lock (exchange.Gate) exchange.Users.Remove(_subscription);
    }

    private bool Apply(JsonElement frame)
    {
        var markets = MarketSocket.Names(frame, "markets");
        if (_subscription is null)
        {
            if (Authenticate(frame) is not { } key) return false;

            _key = key;
            sockets.Add(key, socket);
            if (keys.Find(key.Key) is null) return false; // Deleted since it was found, maybe before it was in the list.

            _subscription = new UserSubscription(socket, key.Key, markets);
            lock (exchange.Gate) exchange.Users.Add(_subscription);
            return true;
        }

        lock (exchange.Gate)
        {
            if (frame.Field("operation") == "unsubscribe") _subscription.Remove(markets);
            else _subscription.Add(markets);
        }

        return true;
    }

    private ApiKey? Authenticate(JsonElement frame)
    {
        if (!frame.TryGetProperty("auth", out var auth) || keys.Find(auth.Field("apiKey") ?? "") is not { } key) return null;

        return L2Hmac.Matches(key.Secret, auth.Field("secret") ?? "") && L2Hmac.Matches(key.Passphrase, auth.Field("passphrase") ?? "")
            ? key
            : null;
    }
}
