using System.Collections.Frozen;

namespace PolyArb.Simulator.Api.RateLimits;

/// <summary>One limit: requests in ten seconds and, for trading, in ten minutes. Each is itself: equal numbers are not one limit.</summary>
internal sealed class Limit(long perTenSeconds, long? perTenMinutes = null)
{
    public long PerTenSeconds { get; } = perTenSeconds;
    public long? PerTenMinutes { get; } = perTenMinutes;
}

/// <summary>Which limits of protocol 9.1 a request counts against; a request needs room in all of them.</summary>
internal static class LimitTable
{
    private static readonly Limit Everything = new(15_000);
    private static readonly Limit Clob = new(9_000);
    private static readonly Limit Gamma = new(4_000);
    private static readonly Limit GammaListing = new(900);
    private static readonly Limit Data = new(1_000);
    private static readonly Limit Ledger = new(900);
    private static readonly Limit Keys = new(100);

    private static readonly Limit[] Nothing = [];
    private static readonly Limit[] AnyClob = [Everything, Clob];
    private static readonly Limit[] AnyGamma = [Everything, Gamma];
    private static readonly Limit[] GammaEvents = [Everything, Gamma, GammaListing, new(500)];
    private static readonly Limit[] GammaMarkets = [Everything, Gamma, GammaListing, new(300)];
    private static readonly Limit[] AnyData = [Everything, Data];
    private static readonly Limit[] OneOrder = [Everything, Clob, Ledger];
    private static readonly Limit[] AnyKey = [Everything, Clob, Keys];

    private static readonly FrozenDictionary<string, Limit[]> Exact = new (string Request, long TenSeconds, long? TenMinutes, Limit? Group)[]
    {
        ("GET /ok", 100, null, null),
        ("GET /book", 1_500, null, null),
        ("GET /price", 1_500, null, null),
        ("GET /midpoint", 1_500, null, null),
        ("POST /books", 500, null, null),
        ("POST /prices", 500, null, null),
        ("POST /midpoints", 500, null, null),
        ("GET /prices-history", 1_000, null, null),
        ("GET /tick-size", 200, null, null),
        ("GET /balance-allowance", 200, null, null),
        ("GET /balance-allowance/update", 50, null, null),
        ("GET /data/orders", 500, null, Ledger),
        ("GET /data/trades", 500, null, Ledger),
        ("GET /notifications", 125, null, Ledger),
        ("DELETE /notifications", 125, null, Ledger),
        ("POST /order", 5_000, 120_000, null),
        ("DELETE /order", 5_000, 120_000, null),
        ("POST /orders", 2_000, 21_000, null),
        ("DELETE /orders", 2_000, 15_000, null),
        ("DELETE /cancel-all", 250, 6_000, null),
        ("DELETE /cancel-market-orders", 1_500, 21_000, null),
    }.Select(row => KeyValuePair.Create<string, Limit[]>(
        row.Request,
        [.. AnyClob, new Limit(row.TenSeconds, row.TenMinutes), .. row.Group is null ? [] : new[] { row.Group }]))
        .Append(KeyValuePair.Create<string, Limit[]>("GET /data-api/trades", [.. AnyData, new Limit(200)]))
        .Append(KeyValuePair.Create<string, Limit[]>("GET /data-api/positions", [.. AnyData, new Limit(150)]))
        .ToFrozenDictionary(StringComparer.Ordinal);

    /// <summary>The sockets have no documented limit; the exchange's own control is not the venue's.</summary>
    public static Limit[] Of(string method, string path)
    {
        if (Exact.TryGetValue($"{method} {path}", out var limits)) return limits;
        if (Under(path, "/sim/") || Under(path, "/ws/")) return Nothing;
        if (Under(path, "/gamma/events")) return GammaEvents;
        if (Under(path, "/gamma/markets")) return GammaMarkets;
        if (Under(path, "/gamma/")) return AnyGamma;
        if (Under(path, "/data-api/")) return AnyData;
        if (Under(path, "/data/order/")) return OneOrder;
        return Under(path, "/auth/") ? AnyKey : AnyClob;
    }

    private static bool Under(string path, string prefix) => path.StartsWith(prefix, StringComparison.Ordinal);
}
