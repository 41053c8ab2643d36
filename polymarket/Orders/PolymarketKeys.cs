using PolyArb.Domain.Ports;
using PolyArb.Polymarket.Json;
using PolyArb.Polymarket.Signing;

namespace PolyArb.Polymarket.Orders;

/// <summary>API credentials for the wallet, proven by its signature (L1, protocol sheet 6.1).</summary>
public sealed class PolymarketKeys(VenueOptions options, IHttpClientFactory clients, VenueClock clock)
{
    /// <summary>A new key for this nonce; refused when it has one already.</summary>
    public Task<VenueAnswer<Credentials>> Create(CancellationToken cancellation, long nonce = 0) =>
        Ask(HttpMethod.Post, "/auth/api-key", nonce, cancellation);

    /// <summary>The key this wallet made with this nonce before.</summary>
    public Task<VenueAnswer<Credentials>> Derive(CancellationToken cancellation, long nonce = 0) =>
        Ask(HttpMethod.Get, "/auth/derive-api-key", nonce, cancellation);

    /// <summary>As the official client does: create, and derive when no key comes back.</summary>
    public async Task<VenueAnswer<Credentials>> CreateOrDerive(CancellationToken cancellation, long nonce = 0) =>
        await Create(cancellation, nonce) is VenueAnswer<Credentials>.Ok created ? created : await Derive(cancellation, nonce);

    private async Task<VenueAnswer<Credentials>> Ask(HttpMethod method, string path, long nonce, CancellationToken cancellation)
    {
        var response = await VenueHttp.Send(clients.CreateClient(VenueClients.Reads), Request(method, path, nonce), cancellation); // A nonce has one key, however often it is asked for.
        return VenueReader.Read(
            response,
            "API key",
            root => root.Text("apiKey") is { Length: > 0 } key
                ? new Credentials(key, root.Text("secret"), root.Text("passphrase"))
                : throw new FormatException("no key in it"));
    }

    private HttpRequestMessage Request(HttpMethod method, string path, long nonce)
    {
        var request = new HttpRequestMessage(method, new Uri(path, UriKind.Relative));
        AuthHeaders.AddL1(request.Headers, options.RequiredSigner, options.ChainId, clock.Seconds, nonce);
        return request;
    }
}
