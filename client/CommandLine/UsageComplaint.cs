using System.CommandLine;
using System.CommandLine.Parsing;
using PolyArb.Domain.Names;

namespace PolyArb.Client.CommandLine;

/// <summary>What is wrong with a command line, in one line, with the word that was probably meant.</summary>
internal static class UsageComplaint
{
    private const int NearestMax = 2;

    /// <param name="given">With errors.</param>
    public static string Of(ParseResult given)
    {
        // "Unrecognized command" says more than "a command is required", which comes first.
        var worst = given.Errors.FirstOrDefault(problem => problem.Message.StartsWith("Unrecognized", StringComparison.Ordinal)) ?? given.Errors[0];
        var path = string.Concat(Path(given.CommandResult).Skip(1).Select(command => $"{command.Name} "));
        return $"{worst.Message.ReplaceLineEndings(" ").TrimEnd('.')}{Meant(given)}; see polyarb-client {path}--help";
    }

    /// <summary>Options are compared with options, everything else with the commands that could stand there.</summary>
    private static string Meant(ParseResult given)
    {
        if (given.UnmatchedTokens is not [var word, ..]) return "";

        var commands = Path(given.CommandResult);
        var known = word.StartsWith('-')
            ? commands.SelectMany(command => command.Options).Where(option => !option.Hidden).Select(option => option.Name)
            : given.CommandResult.Command.Subcommands.Where(command => !command.Hidden).Select(command => command.Name);
        var near = NameFinder.Nearest(word, known, NearestMax);
        return near.Count == 0 ? "" : $"; did you mean {string.Join(" or ", near.Select(name => $"'{name}'"))}?";
    }

    /// <summary>From the root down.</summary>
    private static List<Command> Path(CommandResult result)
    {
        List<Command> path = [];
        for (var at = result; at is not null; at = at.Parent as CommandResult) path.Insert(0, at.Command);
        return path;
    }
}
