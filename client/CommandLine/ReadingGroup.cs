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
    ];
}
