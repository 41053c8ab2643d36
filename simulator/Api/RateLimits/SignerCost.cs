using System.Text.Json;

namespace PolyArb.Simulator.Api.RateLimits;

/// <summary>What a request takes from which bucket of its signer (protocol 9.2); nothing for all but orders and cancels.</summary>
/// <param name="CountsCanceled">One more token for each order it canceled, known only afterwards.</param>
internal readonly record struct SignerCost(long Tokens, bool Cancels, bool CountsCanceled)
{
    public static SignerCost Of(string method, string path, JsonElement body) => (method, path) switch
    {
        ("POST", "/order") => new(1, Cancels: false, CountsCanceled: false),
        ("POST", "/orders") => new(Entries(body), Cancels: false, CountsCanceled: false),
        ("DELETE", "/order") => new(1, Cancels: true, CountsCanceled: false),
        ("DELETE", "/orders") => new(Entries(body), Cancels: true, CountsCanceled: false),
        ("DELETE", "/cancel-all" or "/cancel-market-orders") => new(1, Cancels: true, CountsCanceled: true),
        _ => default,
    };

    private static long Entries(JsonElement body) => body.ValueKind is JsonValueKind.Array ? body.GetArrayLength() : 1;
}
