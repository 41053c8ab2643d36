using System.Net;

namespace PolyArb.Polymarket.Orders;

/// <summary>
/// Which words of the venue prove that an order was not accepted (protocol sheet 9.3, 9.5). By substring and without case:
/// the texts drift. What is not here proves nothing.
/// </summary>
internal static class Proof
{
    private static readonly string[] Business =
    [
        "address banned",
        "in closed only mode",
        "order crosses book",
        "crosses the book",
        "breaks minimum tick size rule",
        "lower than the minimum",
        "min size",
        "not enough balance",
        "invalid nonce",
        "invalid expiration",
        "order canceled in the ctf exchange contract",
        "fok orders are fully filled or killed",
        "fok orders are filled or killed",
        "no orders found to match with fak order",
        "there are no matching orders",
        "the market is not yet ready",
        "invalid amounts",
        "invalid amount",
        "invalid signature",
        "invalid token id",
        "invalid side",
        "invalid market",
        "invalid asset type",
        "invalid orderid",
        "post-only mode",
        "cancel-only",
        "trading is",
        "rate limit exceeded for tokenid",
        "market not found",
        "no orderbook exists",
        "market is closed",
        "not accepting orders",
    ];

    /// <summary>About the request as a whole, so it holds for every order in it.</summary>
    private static readonly string[] Payload =
    [
        "invalid order payload",
        "invalid payload",
        "payload exceeds the limit",
        "invalid order params payload",
        "too many orders in payload",
        "the order owner has to be the owner of the api key",
        "the order signer address has to be the address of the api key",
        "order_version_mismatch",
        "invalid signature_type",
    ];

    /// <summary>Said of an order that may be on the book: ours from before, or one that was held back.</summary>
    private static readonly string[] Doubtful =
    [
        "duplicated",
        "order match delayed",
        "could not insert order",
        "context canceled",
        "rounding issues",
        "has a discrepancy greater than allowed",
        "timeout",
        "internal",
    ];

    private static readonly string[] Unauthorised = ["unauthorized", "invalid api key", "invalid l1 request headers"];

    public static bool IsDoubtful(string text) => Has(text, Doubtful);

    public static bool IsRefusal(string text) => !IsDoubtful(text) && (Has(text, Business) || Has(text, Payload));

    public static bool IsAboutThePayload(string text) => !IsDoubtful(text) && Has(text, Payload);

    /// <summary>The reason when a response that is not about one order proves that none in it was accepted; else null.</summary>
    public static string? OfNothingAccepted(VenueResponse response) => response.Status switch
    {
        HttpStatusCode.Unauthorized when Has(response.Error, Unauthorised) => $"the venue refuses the API key: {response.Error}",
        HttpStatusCode.Forbidden when response.IsPage && Has(response.Text, ["cloudflare", "cf-error", "access denied", "blocked"]) =>
            "region or address blocked by a Cloudflare page (HTTP 403)",
        HttpStatusCode.Forbidden when Has(response.Error, ["restricted", "geoblock", "region", "banned", "closed only"]) =>
            $"refused: {response.Error}",
        HttpStatusCode.NotFound when Has(response.Error, ["market not found", "no orderbook exists"]) => response.Error,
        _ => null,
    };

    private static bool Has(string text, string[] fragments) =>
        fragments.Any(fragment => text.Contains(fragment, StringComparison.OrdinalIgnoreCase));
}
