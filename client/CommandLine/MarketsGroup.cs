using System.CommandLine;
using PolyArb.Client.Commands;

namespace PolyArb.Client.CommandLine;

/// <summary>`markets list`, `markets on`, `markets off`.</summary>
internal static class MarketsGroup
{
    public static IEnumerable<Command> Of(CommandScope scope)
    {
        var markets = new Command("markets", "which markets are traded") { scope.Remote("list", "all of the venue's, and why each is on or off", MarketsCommands.List) };
        foreach (var on in (bool[])[true, false]) markets.Add(Switch(scope, on));
        return [markets];
    }

    private static Command Switch(CommandScope scope, bool on)
    {
        var ids = new Argument<string>("ID[,ID]") { Description = "markets by id, condition id, slug, question or event id; a comma between two" };
        var command = new Command(on ? "on" : "off", on ? "trade these" : "do not trade these") { ids };
        command.SetAction((given, cancellation) => scope.WithSilo(given, (silo, output) => MarketsCommands.Switch(silo, output, given.GetValue(ids)!, on), cancellation));
        return command;
    }
}
