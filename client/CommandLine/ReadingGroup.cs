using System.CommandLine;
using PolyArb.Client.Commands;

namespace PolyArb.Client.CommandLine;

/// <summary>What a silo is doing and has.</summary>
internal static class ReadingGroup
{
    public static IEnumerable<Command> Of(CommandScope scope) =>
    [
        scope.Remote("status", "what it is doing, and its money", StatusCommand.Run),
        scope.Remote("orders", "our orders", ReadCommands.Orders),
        scope.Remote("fills", "our trades", ReadCommands.Fills),
        scope.Remote("positions", "cash, shares, baskets", ReadCommands.Positions),
        scope.Remote("baskets", "baskets and how they ended", ReadCommands.Baskets),
        Watch(scope),
    ];

    private static Command Watch(CommandScope scope)
    {
        var command = new Command("watch", "all of it on one screen, live: state, money, edges, books, orders, latency, errors; q leaves");
        command.SetAction((given, cancellation) => WatchCommand.Run(
            stop => scope.Connect(given, scope.Timeout(given, usual: TimeSpan.FromSeconds(5)), stop), // One that hangs is reconnected to.
            scope.AddressOf(given), scope.OutputOf(given), scope.Surroundings.Time, cancellation));
        return command;
    }
}
