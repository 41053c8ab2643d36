using PolyArb.Grains.Interfaces;

namespace PolyArb.Client.Commands;

/// <summary>`status`: the gateway's word, and what the enabled markets last said of their books.</summary>
internal static class StatusCommand
{
    public static async Task<int> Run(SiloConnection silo, Output output)
    {
        var status = await silo.Control.Status();
        var markets = await silo.Cluster.Totals();
        var proofs = markets.Proofs;

        if (output.IsJson)
        {
            output.Document(new
            {
                state = Output.Word(status.State),
                reason = status.Reason,
                epoch = status.Epoch,
                mode = status.Mode,
                dryRun = status.DryRun,
                recovering = status.Recovering,
                uptimeSeconds = status.UptimeSeconds,
                markets = new { enabled = markets.Enabled, synced = markets.Synced, stale = markets.Stale },
                exposure = status.Exposure,
                equity = status.Equity,
                cash = status.Cash,
                realizedPnl = status.RealizedPnl,
                hourlyPnl = status.HourlyPnl, // Null while it is not known, which is not zero.
                dailyPnl = status.DailyPnl,
                drawdown = status.Drawdown,
                openOrders = status.OpenOrders,
                unresolvedOrders = status.UnresolvedOrders,
                streams = new { market = status.MarketStream, user = status.UserStream },
                venue = status.Venue,
                journal = status.Journal,
                inputsLost = status.InputsLost,
                proofs = new { ok = proofs.Ok, failed = proofs.Failed, unknown = proofs.Unknown },
                phantoms = markets.Phantoms.ToDictionary(phantom => phantom.Cause, phantom => new { episodes = phantom.Episodes, seconds = phantom.Seconds }),
                pickedOff = markets.PickedOff,
                parameters = status.Overrides.Select(held => new { key = held.Key, value = held.Text, configured = held.Configured, by = held.By, at = held.At.Millis }),
            });
            return ExitCode.Ok;
        }

        output.Field("state", State(status));
        output.Field("markets", $"{markets.Enabled} enabled, {markets.Synced} synced, {markets.Stale} stale");
        output.Field("money", $"cash {status.Cash}, equity {Output.Known(status.Equity)}, exposure {status.Exposure}, realized {status.RealizedPnl}");
        output.Field("profit", $"{Output.Known(status.HourlyPnl)} in an hour, {Output.Known(status.DailyPnl)} in a day, {Output.Known(status.Drawdown)} below the highest equity");
        output.Field("orders", $"{status.OpenOrders} open, {status.UnresolvedOrders} unresolved");
        output.Field("proofs", $"{proofs.Ok} ok, {proofs.Failed} failed, {proofs.Unknown} unknown");
        var causes = markets.Phantoms.Select(phantom => $"{phantom.Cause} {phantom.Episodes} ({phantom.Seconds:F1} s)").DefaultIfEmpty("none");
        output.Field("phantoms", $"{string.Join(", ", causes)}; picked off {markets.PickedOff}");
        output.Field("streams", $"market {status.MarketStream}; user {status.UserStream}");
        if (status.Journal.Length > 0) output.Field("journal", $"NOT WRITTEN, so nothing is sent: {status.Journal}");
        if (status.InputsLost > 0) output.Field("recorder", $"{status.InputsLost} inputs were not kept: a replay misses them");
        foreach (var held in status.Overrides)
            output.Field("set", $"{held.Key} is {held.Text}, by {held.By}, {Output.Time(held.At)}; configured: {held.Configured}; `reload` gives that back");
        if (status.Venue.Length > 0) output.Field("venue", $"{status.Venue}");
        return ExitCode.Ok;
    }

    /// <summary>A pause may have no reason.</summary>
    internal static string State(Status status)
    {
        var state = $"{Output.Word(status.State)}{(status.Recovering ? ", recovering" : "")}{(status.Reason.Length > 0 ? $": {status.Reason}" : "")}";
        return $"{state} (epoch {status.Epoch}, {status.Mode}{(status.DryRun ? ", dry run" : "")}, up {TimeSpan.FromSeconds(status.UptimeSeconds)})";
    }
}
