using System.CommandLine;
using System.Text.RegularExpressions;
using PolyArb.Client;
using PolyArb.Client.CommandLine;
using PolyArb.Silo.CommandLine;

namespace PolyArb.Tests.Documentation;

/// <summary>What a text says about our programs, held against the command lines they have.</summary>
internal static partial class CommandLines
{
    private static readonly RootCommand Client = ClientCommandLine.Root(
        new CommandScope(TextWriter.Null, Window.None, new Surroundings("", new Dictionary<string, string>(), TimeProvider.System)));

    private static readonly HashSet<string> SiloOptions =
        [.. Option().Matches(((SiloArgumentsResult.HelpShown)SiloArguments.Parse(["--help"])).Text).Select(option => option.Value)];

    /// <summary>Every command line in a page's code, blocks and spans: `polyarb-client ...`, `... --project silo -- ...`, or a verb of the client alone.</summary>
    /// <returns>Those that are wrong, each with why.</returns>
    public static IEnumerable<string> WrongIn(string page) => Code(page).SelectMany(WrongInCode).Concat(Block().Matches(page).SelectMany(block => WrongToCopy(block.Groups["code"].Value)));

    /// <summary>The same where all text is code: a script, a unit.</summary>
    public static IEnumerable<string> WrongInCode(string code)
    {
        foreach (Match line in ClientLine().Matches(code))
        {
            if (WhyWrongClient(Words(line.Groups["rest"].Value)) is { } why) yield return $"{line.Value.Trim()}: {why}";
        }

        foreach (Match line in SiloLine().Matches(code))
        {
            if (WhyWrongSilo(Words(line.Groups["rest"].Value)) is { } why) yield return $"{line.Value.Trim()}: {why}";
        }

        // A span such as `resume --reason T`: the verb is ours, so its options must be.
        var words = Words(code);
        if (words is [var verb, ..] && !code.Contains('\n', StringComparison.Ordinal) && Client.Subcommands.Any(command => command.Name == verb)
            && WhyWrongClient(words) is { } wrong)
        {
            yield return $"{code}: {wrong}";
        }
    }

    /// <summary>What stands in a block is copied as it is: nothing that the command wants may be missing.</summary>
    private static IEnumerable<string> WrongToCopy(string block)
    {
        foreach (Match line in ClientLine().Matches(block))
        {
            var words = Words(line.Groups["rest"].Value);
            if (WhyWrongClient(words) is null && Client.Parse(words).Errors is [var error, ..]) yield return $"{line.Value.Trim()}: {error.Message}";
        }
    }

    private static string? WhyWrongClient(string[] words)
    {
        var (command, at) = ((Command)Client, 0);
        while (at < words.Length && command.Subcommands.FirstOrDefault(inner => inner.Name == words[at]) is { } next) (command, at) = (next, at + 1);
        if (at < words.Length && command.Subcommands.Count > 0 && Verb().IsMatch(words[at])) return $"there is no command {words[at]}";

        var known = command.Options.Concat(Client.Options).SelectMany(option => option.Aliases.Append(option.Name)).Append("--help").ToHashSet();
        return words.Skip(at).Select(OptionOf).FirstOrDefault(word => word is not null && !known.Contains(word)) is { } unknown
            ? $"{command.Name} has no option {unknown}"
            : null;
    }

    private static string? WhyWrongSilo(string[] words) =>
        words.Select(OptionOf).FirstOrDefault(word => word is not null && !SiloOptions.Contains(word)) is { } unknown ? $"polyarb-silo has no option {unknown}" : null;

    private static string? OptionOf(string word) => Option().Match(word) is { Success: true, Index: 0 } option ? option.Value : null;

    /// <summary>Without what is quoted, a comment, or another command behind this one.</summary>
    private static string[] Words(string line) =>
        Ends().Split(Quoted().Replace(line, "T"))[0].Split([' ', '\t'], StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);

    private static IEnumerable<string> Code(string page)
    {
        foreach (Match block in Block().Matches(page)) yield return block.Groups["code"].Value;
        foreach (Match span in Span().Matches(Block().Replace(page, ""))) yield return span.Groups["code"].Value.ReplaceLineEndings(" ");
    }

    /// <summary>Up to the next one on the same line.</summary>
    [GeneratedRegex(@"(?:polyarb-client|--project client --)(?![-.\w])(?<rest>(?:(?!polyarb-client|--project client)[^\n])*)")]
    private static partial Regex ClientLine();

    [GeneratedRegex(@"(?:polyarb-silo|--project silo --)(?![-.\w])(?<rest>[^\n]*)")]
    private static partial Regex SiloLine();

    [GeneratedRegex("--[a-z][a-z-]*")]
    private static partial Regex Option();

    /// <summary>What could be meant as a verb: not a place for one, such as COMMAND or ID.</summary>
    [GeneratedRegex("^[a-z]+$")]
    private static partial Regex Verb();

    [GeneratedRegex("\"[^\"]*\"|'[^']*'")]
    private static partial Regex Quoted();

    [GeneratedRegex(@"\s#|[;|&)>]|\s\\$")]
    private static partial Regex Ends();

    [GeneratedRegex(@"^```[a-z]*\n(?<code>.*?)^```", RegexOptions.Multiline | RegexOptions.Singleline)]
    private static partial Regex Block();

    [GeneratedRegex(@"(?<!`)`(?<code>[^`]+)`(?!`)")]
    private static partial Regex Span();
}
