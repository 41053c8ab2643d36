using System.Text;
using PolyArb.Domain;
using PolyArb.Grains.Interfaces;

namespace PolyArb.Silo.Commands;

/// <summary>What a silo says of itself, in short lines for a small screen.</summary>
internal static class StatusText
{
    public static string Of(Status status)
    {
        var text = new StringBuilder();
        text.Append($"{status.State.ToString().ToUpperInvariant()}{(status.Recovering ? ", recovering" : "")}{(status.Reason.Length > 0 ? $": {status.Reason}" : "")}\n");
        text.Append($"{status.Mode}{(status.DryRun ? ", dry run" : "")}, epoch {status.Epoch}, up {TimeSpan.FromSeconds(status.UptimeSeconds)}\n");
        text.Append($"{Money(status)}\n");
        text.Append($"orders: {status.OpenOrders} open, {status.UnresolvedOrders} unresolved\n");
        text.Append($"streams: market {status.MarketStream}; user {status.UserStream}");
        if (status.Journal.Length > 0) text.Append($"\njournal NOT WRITTEN, so nothing is sent: {status.Journal}");
        if (status.InputsLost > 0) text.Append($"\nrecorder: {status.InputsLost} inputs were not kept");
        if (status.Venue.Length > 0) text.Append($"\nvenue: {status.Venue}");
        return text.ToString();
    }

    public static string Money(Status status) => $"""
        cash {status.Cash}, equity {Known(status.Equity)}, exposure {status.Exposure}
        profit: {Known(status.HourlyPnl)} in an hour, {Known(status.DailyPnl)} in a day, {status.RealizedPnl} realized
        drawdown {Known(status.Drawdown)}
        """;

    /// <param name="views">Of the markets, in their order.</param>
    /// <param name="more">Markets that are on and not shown.</param>
    public static string Of(IReadOnlyList<MarketLine> markets, IReadOnlyList<MarketView> views, int more)
    {
        if (markets.Count == 0) return "no market is on";

        var lines = markets.Zip(views, (market, view) =>
            $"{market.Title}: {view.Synced} of {market.Conditions} books synced{(view.HasOpenBasket ? ", a basket is open" : "")}{(market.Reason.Length > 0 ? $" ({market.Reason})" : "")}");
        return string.Join('\n', more > 0 ? lines.Append($"and {more} more") : lines);
    }

    private static string Known(Usd? dollars) => dollars?.ToString() ?? "unknown";
}
