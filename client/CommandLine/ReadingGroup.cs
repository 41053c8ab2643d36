using System.CommandLine;
using PolyArb.Client.Commands;

namespace PolyArb.Client.CommandLine;

/// <summary>What a silo is doing and has.</summary>
internal static class ReadingGroup
{
    public static IEnumerable<Command> Of(CommandScope scope) =>
    [
        scope.Remote("status", "what it is doing, and its money", StatusCommand.Run),
        List(scope, "orders", "our orders", isOfMarkets: true, ReadCommands.Orders),
        List(scope, "fills", "our trades", isOfMarkets: false, ReadCommands.Fills),
        scope.Remote("positions", "cash, shares, baskets", ReadCommands.Positions),
        List(scope, "baskets", "baskets and how they ended", isOfMarkets: true, ReadCommands.Baskets),
        Watch(scope),
    ];

    private static Command List(CommandScope scope, string name, string description, bool isOfMarkets, Func<SiloConnection, Output, Wanted, Task<int>> tell)
    {
        var last = new Option<int?>("--last") { HelpName = "N", Description = $"the newest N {name} (default all)" };
        last.Validators.Add(given =>
        {
            if (given.Tokens.Count > 0 && (!int.TryParse(given.Tokens[0].Value, out var number) || number < 1)) given.AddError("--last: must be 1 or more");
        });
        var market = new Option<string?>("--market") { HelpName = "MARKET", Description = $"{name} of this market: its id, slug, question or event" };
        var open = new Option<bool>("--open") { Description = $"{name} that are not over" };
        var command = new Command(name, $"{description}, newest last") { last };
        foreach (var option in isOfMarkets ? (Option[])[market, open] : []) command.Add(option);
        command.SetAction((given, cancellation) => scope.WithSilo(
            given,
            async (silo, output) => await tell(silo, output, new Wanted(
                given.GetValue(last),
                isOfMarkets && given.GetValue(market) is { } known ? (await MarketLookup.One(silo, known)).Market.Id : null,
                isOfMarkets && given.GetValue(open))),
            cancellation));
        return command;
    }

    private static Command Watch(CommandScope scope)
    {
        var command = new Command("watch", "all of it on one screen, live: state, money, edges, books, orders, latency, errors; q leaves");
        command.SetAction((given, cancellation) => WatchCommand.Run(
            stop => scope.Connect(given, scope.Timeout(given, usual: TimeSpan.FromSeconds(5)), stop), // One that hangs is reconnected to.
            scope.AddressOf(given), scope.OutputOf(given), scope.Surroundings.Time, cancellation));
        return command;
    }
}
