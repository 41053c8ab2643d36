using PolyArb.Domain.Ports;

namespace PolyArb.Storage;

/// <summary>
/// The readers' questions, worded for what was asked: a condition that is left out cannot keep a database from an index, as one that may be empty
/// does. None of them reads a table whole.
/// </summary>
internal static class HistorySql
{
    public const string Errors = "SELECT at, \"where\", what FROM errors WHERE at >= @since ORDER BY at DESC, abs(n) DESC LIMIT @last";

    public const string Inputs = "SELECT n, t, c, s, substr(m, 1, @text), length(m) FROM events WHERE n > @after ORDER BY n DESC LIMIT @last";

    /// <summary>Samples of equity, where @kind says so.</summary>
    public static string Equity(Dialect dialect) =>
        $"""
        SELECT body FROM facts WHERE {dialect.SameKind} AND n > @after ORDER BY n DESC LIMIT @last
        """;

    public static string Facts(HistoryQuery asked, Dialect dialect) =>
        $"""
        SELECT n, at, kind, market, basket, body FROM facts
        WHERE n > @after{Where(asked.Kind is not null, dialect.SameKind)}{Where(asked.Market is not null, "market = @market")}
        ORDER BY n DESC LIMIT @last
        """;

    public static string Orders(HistoryQuery asked) =>
        $"""
        SELECT created_at, id, basket, market, token, side, type, price, size, matched, status, why FROM orders
        WHERE created_at >= @since{Where(asked.Market is not null, "market = @market")}
        ORDER BY created_at DESC, id LIMIT @last
        """;

    private static string Where(bool isAsked, string condition) => isAsked ? $" AND {condition}" : "";
}
