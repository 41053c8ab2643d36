using System.CommandLine;
using PolyArb.Client.Commands;
using PolyArb.Grains.Interfaces;

namespace PolyArb.Client.CommandLine;

/// <summary>`markets list`, `markets on`, `markets off`, `book`.</summary>
internal static class MarketsGroup
{
    public static IEnumerable<Command> Of(CommandScope scope)
    {
        var markets = new Command("markets", "which markets are traded") { scope.Remote("list", "all of the venue's, and why each is on or off", MarketsCommands.List) };
        foreach (var on in (bool[])[true, false]) markets.Add(Switch(scope, on));
        return [markets, Book(scope)];
    }

    private static Command Book(CommandScope scope)
    {
        var market = new Argument<string>("MARKET") { Description = "its id, a condition id, slug, question or event id, or words of its name" };
        var levels = new Option<int>("--levels") { HelpName = "N", Description = $"levels a side, at most {MarketBooks.LevelsMax}", DefaultValueFactory = _ => 10 };
        levels.Validators.Add(given =>
        {
            if (given.Tokens.Count > 0 && (!int.TryParse(given.Tokens[0].Value, out var number) || number is < 1 or > MarketBooks.LevelsMax))
                given.AddError($"--levels: must be 1 to {MarketBooks.LevelsMax}");
        });
        var command = new Command("book", "the ladder of both tokens, whether it is proven, and the nearest edge") { market, levels };
        command.SetAction((given, cancellation) => scope.WithSilo(
            given, (silo, output) => BookCommand.Run(silo, output, given.GetValue(market)!, given.GetValue(levels)), cancellation));
        return command;
    }

    private static Command Switch(CommandScope scope, bool on)
    {
        var ids = new Argument<string>("ID[,ID]") { Description = "markets by id, condition id, slug, question or event id; a comma between two" };
        var command = new Command(on ? "on" : "off", on ? "trade these" : "do not trade these") { ids };
        command.SetAction((given, cancellation) => scope.WithSilo(given, (silo, output) => MarketsCommands.Switch(silo, output, given.GetValue(ids)!, on), cancellation));
        return command;
    }
}
