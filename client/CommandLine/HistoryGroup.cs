using System.Collections.Immutable;
using System.CommandLine;
using PolyArb.Client.Commands;
using PolyArb.Domain.Ports;

namespace PolyArb.Client.CommandLine;

/// <summary>What a silo has written down, asked of the silo: `pnl`, `errors`, `events`; and what it lives in: `cluster`.</summary>
internal static class HistoryGroup
{
    public static IEnumerable<Command> Of(CommandScope scope) =>
    [
        Pnl(scope),
        Errors(scope),
        Events(scope),
        scope.Remote("cluster", "the silos, their state, version and load, and the markets of each", ClusterCommand.Run),
    ];

    private static Command Pnl(CommandScope scope)
    {
        var (last, since) = (Last("samples", usual: 500), Since());
        var command = new Command("pnl", "what was earned: now, over time, and by market") { last, since };
        command.SetAction((given, cancellation) => scope.WithSilo(
            given, (silo, output) => PnlCommand.Run(silo, output, new HistoryQuery(given.GetValue(last), given.GetValue(since))), cancellation));
        return command;
    }

    private static Command Errors(CommandScope scope)
    {
        var (last, since) = (Last("errors", usual: 20), Since());
        var command = new Command("errors", "what a person should look at, newest last") { last, since };
        command.SetAction((given, cancellation) => scope.WithSilo(
            given, (silo, output) => HistoryCommands.Errors(silo, output, new HistoryQuery(given.GetValue(last), given.GetValue(since))), cancellation));
        return command;
    }

    private static Command Events(CommandScope scope)
    {
        var (last, since) = (Last("events", usual: 20), Since());
        var kind = new Option<string?>("--kind") { HelpName = "KIND", Description = "facts of this kind, such as OrderChanged" };
        var market = new Option<string?>("--market") { HelpName = "MARKET", Description = "facts of this market: its id, slug, question or event" };
        var recorded = new Option<bool>("--recorded") { Description = "what came in, as the recorder kept it, instead of what happened" };
        var follow = new Option<bool>("--follow") { Description = "and then what happens, as it happens, until Ctrl-C" };
        var command = new Command("events", "what happened, newest last: the facts of the journal") { last, since, kind, market, recorded, follow };
        command.Validators.Add(given =>
        {
            if (given.GetValue(follow) && given.GetValue(scope.Json)) given.AddError("--follow never ends, so it makes no --json document");
            if (given.GetValue(recorded) && (given.GetValue(kind) ?? given.GetValue(market)) is not null) given.AddError("--recorded goes with neither --kind nor --market");
        });
        command.SetAction((given, cancellation) => scope.WithSilo(
            given,
            async (silo, output) =>
            {
                var asked = new HistoryQuery(given.GetValue(last), given.GetValue(since), Kind: given.GetValue(kind));
                if (given.GetValue(recorded)) return given.GetValue(follow) ? await Followed(FollowCommand.Recorded) : await HistoryCommands.Recorded(silo, output, asked);

                asked = asked with { Market = given.GetValue(market) is { } name ? (await MarketLookup.One(silo, name)).Market.Id : null };
                return given.GetValue(follow) ? await Followed(FollowCommand.Facts) : await HistoryCommands.Facts(silo, output, asked);

                Task<int> Followed(Func<SiloConnection, HistoryQuery, Task<ImmutableArray<FollowedLine>>> read) =>
                    new FollowCommand(output, scope.Surroundings.Time).Run(more => read(silo, more), asked, cancellation);
            },
            cancellation));
        return command;
    }

    private static Option<Domain.Instant?> Since() => CommandScope.Time("--since", "not before this moment");

    private static Option<int> Last(string what, int usual)
    {
        var option = new Option<int>("--last")
        {
            HelpName = "N",
            Description = $"the newest N {what}, at most {HistoryQuery.Most}",
            DefaultValueFactory = _ => usual,
        };
        option.Validators.Add(given =>
        {
            if (given.Tokens.Count > 0 && (!int.TryParse(given.Tokens[0].Value, out var number) || number is < 1 or > HistoryQuery.Most))
                given.AddError($"--last: must be 1 to {HistoryQuery.Most}");
        });
        return option;
    }
}
