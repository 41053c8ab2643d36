using System.Collections.Immutable;
using System.Text.Json;
using PolyArb.Domain;
using PolyArb.Domain.Ports;
using PolyArb.Polymarket.Json;

namespace PolyArb.Polymarket.Orders;

/// <summary>The wallet and its API key as the venue sees them (protocol sheet 6.1, 7.9).</summary>
public sealed class PolymarketAccount(VenueOptions options, IHttpClientFactory clients, VenueClock clock)
{
    private readonly VenueHttp _http = new(options, clock);

    /// <summary>Shares of a token, dollars without one, and what the venue's contracts may take of it.</summary>
    public async Task<VenueAnswer<BalanceAllowance>> Balance(TokenId? token, CancellationToken cancellation) =>
        VenueReader.Read(await Get($"/balance-allowance?{Asset(token)}", cancellation), token is null ? "cash" : "shares", BalanceAllowance.Read);

    /// <summary>Makes the venue look at the chain again, as after a deposit, a split, a merge or an approval. Null when it does.</summary>
    public async Task<VenueFailure?> LookAgain(TokenId? token, CancellationToken cancellation) =>
        VenueReader.Failure(await Get($"/balance-allowance/update?{Asset(token)}", cancellation), "balance update");

    /// <summary>The account may only reduce its positions.</summary>
    public async Task<VenueAnswer<bool>> IsClosedOnly(CancellationToken cancellation) => VenueReader.Read(
        await Get("/auth/ban-status/closed-only", cancellation),
        "closed-only",
        root => root.ValueKind is JsonValueKind.Object && root.TryGetProperty("closed_only", out var flag) && flag.ValueKind is JsonValueKind.True or JsonValueKind.False
            ? flag.GetBoolean()
            : throw new FormatException("no closed_only"));

    /// <summary>The ids of all keys of this wallet.</summary>
    public async Task<VenueAnswer<ImmutableArray<string>>> ApiKeys(CancellationToken cancellation) => VenueReader.Read(
        await Get("/auth/api-keys", cancellation),
        "API keys",
        root => root.ValueKind is JsonValueKind.Object && root.TryGetProperty("apiKeys", out _)
            ? root.Items("apiKeys").Select(key => key.Scalar()).ToImmutableArray()
            : throw new FormatException("no apiKeys"));

    /// <summary>Deletes the key that these requests are signed with; every later one is Unauthorized. Null when it is gone.</summary>
    public async Task<VenueFailure?> DeleteApiKey(CancellationToken cancellation) => VenueReader.Failure(
        await _http.Send(clients.CreateClient(VenueClients.Orders), HttpMethod.Delete, "/auth/api-key", null, cancellation), "API key"); // Once: a second time it is unknown.

    private string Asset(TokenId? token) => token is { } id
        ? $"asset_type={AssetType.Of(id)}&token_id={Uri.EscapeDataString(id.Text)}&signature_type={options.SignatureType}"
        : $"asset_type={AssetType.Collateral}&signature_type={options.SignatureType}";

    private Task<VenueResponse> Get(string path, CancellationToken cancellation) =>
        _http.Send(clients.CreateClient(VenueClients.Reads), HttpMethod.Get, path, null, cancellation);
}
