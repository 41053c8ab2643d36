using System.Collections.Immutable;

namespace PolyArb.Client.Commands;

/// <summary>`markets list`, `markets on ID[,ID]`, `markets off ID[,ID]`.</summary>
internal static class MarketsCommands
{
    public static async Task<int> List(SiloConnection silo, Output output)
    {
        var markets = await silo.Registry.List();
        if (output.IsJson)
        {
            output.Document(markets.Select(market => new
            {
                id = market.Id,
                title = market.Title,
                conditions = market.Conditions,
                tradable = market.IsTradable,
                enabled = market.IsEnabled,
                why = market.Why,
                reason = market.Reason,
            }));
            return ExitCode.Ok;
        }

        output.Table(
            ["market", "title", "conditions", "trading"],
            markets.Select(market => new[]
            {
                market.Id.Text, market.Title, market.Conditions.ToString(System.Globalization.CultureInfo.InvariantCulture),
                $"{(market.IsEnabled ? "on" : "off")}: {market.Why}{(market.Reason.Length > 0 ? $" ({market.Reason})" : "")}",
            }),
            none: "none: the silo has not read the venue's catalogue yet, or nothing is listed there; its log says which");
        return ExitCode.Ok;
    }

    public static async Task<int> Switch(SiloConnection silo, Output output, string ids, bool on)
    {
        var names = ids.Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries).ToImmutableArray();
        if (names.IsEmpty) throw new CommandException("markets: name at least one market", ExitCode.Usage);

        var found = await MarketLookup.Exactly(silo, ids, names);
        var answer = await silo.Control.SwitchMarkets([.. found.Select(hit => hit.Market.Id.Text)], on, OperatorName.OfProcess);
        if (!answer.Unknown.IsEmpty)
            throw new CommandException($"unknown market {string.Join(", ", answer.Unknown)}: `polyarb-client markets list` shows them all; nothing was switched", ExitCode.Failed);

        if (output.IsJson) output.Document(new { switched = answer.Switched, on });
        else output.Line($"{(on ? "on" : "off")}: {string.Join(", ", answer.Switched)}");
        return answer.Unwritten is { Length: > 0 } why ? throw new CommandException($"switched, but who did it is NOT in the journal: {why}", ExitCode.Failed) : ExitCode.Ok;
    }
}
