using System.Text.RegularExpressions;
using PolyArb.Domain.Risk;
using PolyArb.Tests.Domain;
using Xunit;

namespace PolyArb.Tests.Documentation;

/// <summary>Whatever the silo says to somebody who is asleep stands in the runbook, and the runbook quotes nothing that it does not say.</summary>
public sealed partial class MessagesTests
{
    /// <summary>Shorter ones say too little to be looked for.</summary>
    private const int FragmentMin = 6;

    private static readonly string[] Folders = ["config", "domain", "grains", "polymarket", "storage", "silo"];

    private static readonly string[] Headings =
        ["## What the silo tells by itself", "### What stands behind a text", "### What Telegram answers", "### What the log says of these ways", "### When the dead man calls"];

    private static readonly string[] Sources =
    [
        .. Folders.SelectMany(folder => Directory.EnumerateFiles(Repository.PathOf(folder), "*.cs", SearchOption.AllDirectories))
            .Where(file => !file.Contains($"{Path.DirectorySeparatorChar}obj{Path.DirectorySeparatorChar}", StringComparison.Ordinal)),
    ];

    private static readonly string Code = string.Join('\n', Sources.Select(File.ReadAllText)).Replace("\\\"", "\"", StringComparison.Ordinal);

    [Fact]
    public void Every_breaker_has_a_row_and_every_row_a_breaker() => Assert.Equal(
        new Breakers(Given.Breakers).Names.Order(StringComparer.Ordinal), Quoted("## Breakers", column: 1).Order(StringComparer.Ordinal));

    /// <summary>All that goes to a telephone: alerts, answers, what is put behind them.</summary>
    [Theory]
    [InlineData("silo/Alerts/AlertFilter.cs")]
    [InlineData("silo/Alerts/AlertPump.cs")]
    [InlineData("silo/Alerts/AlertWatch.cs")]
    [InlineData("silo/Alerts/DeadManPing.cs")]
    [InlineData("silo/Alerts/FactAlerts.cs")]
    [InlineData("silo/Alerts/LoggedErrors.cs")]
    [InlineData("silo/Alerts/StatusAlerts.cs")]
    [InlineData("silo/Alerts/Trouble.cs")]
    [InlineData("silo/Commands/CommandApi.cs")]
    [InlineData("silo/Telegram/Conversation.cs")]
    [InlineData("silo/Telegram/TelegramControl.cs")]
    public void Every_sentence_that_goes_to_a_telephone_stands_in_the_runbook(string file)
    {
        var quotes = Headings.SelectMany(heading => Quoted(heading, column: 0)).Where(quote => quote.Any(char.IsAsciiLetterLower)).Select(Plain).ToArray();

        Assert.DoesNotContain(SpokenWords.In(Repository.Text(file)), sentence => !quotes.Any(quote => IsBegin(quote, Plain(sentence))));
    }

    [Theory]
    [InlineData("""Say($"{count} books were {(isLost ? "lost" : "kept")} by whoever {verb} them");""", "... books were ... by whoever ... them")]
    [InlineData("""return $"\"{verb}\" came while nobody listened\nand more";""", "\"...\" came while nobody listened and more")]
    [InlineData("""Raise("too short", "a plain sentence of the program", $"{a}: {b}"); // "and a comment's" """, "a plain sentence of the program")]
    public void A_sentence_is_read_out_of_source(string source, string sentence) => Assert.Contains(sentence, SpokenWords.In(source));

    [Theory]
    [InlineData("## Breakers", 2)]
    [InlineData("## When it pauses by itself", 1)]
    [InlineData("## What the silo tells by itself", 2)]
    [InlineData("### What stands behind a text", 1)]
    [InlineData("### What Telegram answers", 1)]
    [InlineData("### What the log says of these ways", 1)]
    [InlineData("### When the dead man calls", 0)]
    [InlineData("### Errors of the log", 1)]
    [InlineData("## A cluster of silos", 1)]
    public void What_the_runbook_quotes_is_what_the_program_says(string heading, int column)
    {
        var fragments = Quoted(heading, column).SelectMany(text => Holes().Split(text)).Select(text => text.Trim()).Where(text => text.Length >= FragmentMin).ToArray();

        Assert.NotEmpty(fragments);
        Assert.DoesNotContain(fragments, fragment => !Code.Contains(fragment, StringComparison.Ordinal) && !IsOurs(fragment));
    }

    /// <summary>Errors wake somebody; what goes wrong on the way to him is looked for by whoever wonders why nothing came.</summary>
    [Theory]
    [InlineData("### Errors of the log", "Error", "")]
    [InlineData("### What the log says of these ways", "Warning", "/silo/Alerts/")]
    [InlineData("### What the log says of these ways", "Warning", "/silo/Telegram/")]
    public void What_the_program_logs_there_has_its_row(string heading, string level, string folder)
    {
        var quotes = Quoted(heading, column: 1).ToArray();
        var sentences = Sources.Where(file => file.Replace('\\', '/').Contains(folder, StringComparison.Ordinal))
            .SelectMany(file => LogMessage().Matches(File.ReadAllText(file)))
            .Where(message => message.Groups["level"].Value == level)
            .Select(message => Hole().Replace(message.Groups["text"].Value, "..."))
            .ToArray();

        Assert.NotEmpty(sentences);
        Assert.DoesNotContain(sentences, sentence => !quotes.Any(quote => IsBegin(quote, sentence)));
    }

    [Fact]
    public void Every_command_that_an_alert_names_exists()
    {
        var commands = Command().Matches(Code + Repository.Text("deploy/prometheus/alerts.yml")).Select(command => command.Value).ToArray();

        Assert.Contains("`polyarb-client kill --direct`", commands);
        Assert.Empty(commands.SelectMany(CommandLines.WrongIn));
    }

    /// <summary>With dots for whatever is filled in, so that a page and a program may name it differently.</summary>
    private static string Plain(string text) => Holes().Replace(text, "...");

    private static bool IsBegin(string quote, string sentence) => sentence.StartsWith(quote.EndsWith("...", StringComparison.Ordinal) && quote != "...: ..." ? quote[..^3] : quote, StringComparison.Ordinal);

    /// <summary>A command, a key or a word of the page's own, not something that is said.</summary>
    private static bool IsOurs(string fragment) => fragment.StartsWith("polyarb-client", StringComparison.Ordinal) || fragment.StartsWith("journalctl", StringComparison.Ordinal);

    /// <summary>What stands in backticks in this column of the section's tables; 0: anywhere in it.</summary>
    private static IEnumerable<string> Quoted(string heading, int column)
    {
        var lines = Section(heading).Split('\n');
        var texts = column == 0 ? lines : lines.Where(line => line.StartsWith("| ", StringComparison.Ordinal)).Select(line => line.Split('|')[column]);
        return texts.SelectMany(text => Span().Matches(text)).Select(span => span.Groups["text"].Value);
    }

    /// <summary>From its heading to the next one of whatever rank.</summary>
    private static string Section(string heading)
    {
        var page = Repository.Text("docs/runbook.md");
        var from = page.IndexOf($"\n{heading}\n", StringComparison.Ordinal);
        Assert.True(from >= 0, $"the runbook has no {heading}");
        from += heading.Length + 2;
        var next = NextHeading().Match(page, from);
        return next.Success ? page[from..next.Index] : page[from..];
    }

    /// <summary>Where a page stands for whatever it may be: dots, and words in capitals or numbers of one letter.</summary>
    [GeneratedRegex(@"\.\.\.|\b[A-Z]+\b")]
    private static partial Regex Holes();

    [GeneratedRegex(@"\{\w+\}")]
    private static partial Regex Hole();

    [GeneratedRegex(@"LoggerMessage\(LogLevel\.(?<level>\w+), ""(?<text>[^""]*)""\)")]
    private static partial Regex LogMessage();

    [GeneratedRegex("`(?<text>[^`]+)`")]
    private static partial Regex Span();

    [GeneratedRegex("`polyarb-client [^`\n]*`")]
    private static partial Regex Command();

    [GeneratedRegex("^#+ ", RegexOptions.Multiline)]
    private static partial Regex NextHeading();
}
