using System.Text.Json;
using System.Text.RegularExpressions;
using PolyArb.Config;
using PolyArb.Domain.Risk;
using PolyArb.Silo.CommandLine;
using PolyArb.Storage;
using PolyArb.Tests.Storage;
using Xunit;

namespace PolyArb.Tests.Documentation;

/// <summary>What a person follows must exist: commands, options, keys, links, tables.</summary>
public sealed partial class PagesTests
{
    private const string Runbook = "docs/runbook.md";

    public static TheoryData<string> Pages =>
    [
        "README.md", "deploy/README.md",
        .. Directory.EnumerateFiles(Repository.PathOf("docs"), "*.md").Select(path => $"docs/{Path.GetFileName(path)}").Order(StringComparer.Ordinal),
    ];

    public static TheoryData<string> Starters =>
    [
        "deploy/Dockerfile", "deploy/compose.yaml", "deploy/install.sh",
        .. Directory.EnumerateFiles(Repository.PathOf("deploy/systemd")).Select(path => $"deploy/systemd/{Path.GetFileName(path)}").Order(StringComparer.Ordinal),
    ];

    [Theory]
    [MemberData(nameof(Pages))]
    public void Every_command_and_option_a_page_names_exists(string page) => Assert.Empty(CommandLines.WrongIn(Repository.Text(page)));

    [Theory]
    [MemberData(nameof(Starters))]
    public void What_is_deployed_starts_our_programs_with_options_they_have(string file) =>
        Assert.Empty(CommandLines.WrongInCode(CommentLine().Replace(Repository.Text(file), "").Replace("\"$client\"", "polyarb-client", StringComparison.Ordinal)));

    [Theory]
    [InlineData("deploy/Dockerfile", "CMD ")]
    [InlineData("deploy/compose.yaml", "    command: ")]
    public void A_container_starts_a_silo_with_a_command_line_it_has(string file, string begin)
    {
        var line = Assert.Single(Repository.Text(file).Split('\n'), line => line.StartsWith(begin, StringComparison.Ordinal));

        var arguments = JsonSerializer.Deserialize<string[]>(line[begin.Length..])!;

        Assert.Equal("/data", Assert.IsType<SiloArguments.Run>(Assert.IsType<SiloArgumentsResult.Parsed>(SiloArguments.Parse(arguments)).Arguments).DataDirectory);
    }

    [Theory]
    [InlineData("`polyarb-client explode`", "there is no command explode")]
    [InlineData("`polyarb-client kill --softly`", "kill has no option --softly")]
    [InlineData("`kill --softly`", "kill has no option --softly")]
    [InlineData("```bash\nsudo polyarb-client capture melt FILE   # --no matter\n```", "there is no command melt")]
    [InlineData("```bash\nMARKETS=all dotnet run -c Release --project silo -- --mode live --fast\n```", "polyarb-silo has no option --fast")]
    [InlineData("```bash\ndotnet run -c Release --project client -- resume --why \"x\"\n```", "resume has no option --why")]
    [InlineData("`polyarb-client status; polyarb-client explode`", "there is no command explode")]
    [InlineData("```bash\npolyarb-client resume\n```", "Option '--reason' is required.")]
    [InlineData("`polyarb-client resume`, of which a span may speak", null)]
    [InlineData("polyarb-client explode, as prose", null)]
    [InlineData("`polyarb-client COMMAND --help`, `kill`, `polyarb-client kill --reason \"it --exploded\" # --really`, `kill-switch --x`", null)]
    public void A_command_that_does_not_exist_is_found(string text, string? why) =>
        Assert.Equal(why is null ? [] : [why], CommandLines.WrongIn(text).Select(wrong => wrong[(wrong.LastIndexOf(": ", StringComparison.Ordinal) + 2)..]));

    [Theory]
    [MemberData(nameof(Pages))]
    public void Every_key_of_the_configuration_that_a_page_names_exists(string page)
    {
        var sections = PolyArbOptions.Defaults.Parameters.All.Select(parameter => parameter.Key.Split('.')[0]).ToHashSet();
        var named = Key().Matches(Repository.Text(page)).Select(key => key.Groups["key"].Value).Where(key => sections.Contains(key.Split('.')[0]) && !IsFile(key));

        Assert.DoesNotContain(named, key => PolyArbOptions.Defaults.Parameters.Find(key) is null && key is not "control.token");
    }

    [Theory]
    [MemberData(nameof(Pages))]
    public void Every_link_within_the_repository_leads_somewhere(string page)
    {
        foreach (Match link in Link().Matches(Repository.Text(page)))
        {
            var (file, heading) = link.Groups["target"].Value.Split('#') is [var path, var anchor] ? (path, anchor) : (link.Groups["target"].Value, "");
            var target = file is "" ? page : Path.GetRelativePath(Repository.Root, Path.Combine(Repository.Root, Path.GetDirectoryName(page)!, file));

            Assert.True(Path.Exists(Repository.PathOf(target)), $"{page} links to {link.Groups["target"].Value}");
            if (heading is not "") Assert.True(Anchors(Repository.Text(target)).Contains(heading), $"{page} links to {link.Groups["target"].Value}");
        }
    }

    [Fact]
    public void The_runbook_says_what_to_do_about_every_refusal()
    {
        var told = Row().Matches(Section("## Refusals")).SelectMany(row => Code().Matches(row.Value.Split('|')[1])).Select(code => code.Groups["code"].Value);

        Assert.Equal(Enum.GetNames<Refusal>().Order(StringComparer.Ordinal), told.Order(StringComparer.Ordinal));
    }

    [Fact]
    public void The_runbook_says_what_to_do_in_every_state() =>
        Assert.All(Enum.GetNames<TradingState>(), state => Assert.Contains($"\n| {state.ToUpperInvariant()} |", Section("## States"), StringComparison.Ordinal));

    [Fact]
    public void The_runbook_has_the_missions_six_steps_in_its_words() => Assert.Equal(
        [
            "### 1. Start dry-run and paused",
            "### 2. Verify WS connectivity and event ingestion in logs",
            "### 3. Verify DB writes (`events`, `order_intents`, `orders`)",
            "### 4. `resume` for controlled trading window",
            "### 5. Watch reject/latency/drawdown; pause on anomaly",
            "### 6. Use `flatten` before maintenance",
        ],
        Section("## From a start to maintenance").Split('\n').Where(line => line.StartsWith("### ", StringComparison.Ordinal)));

    [Fact]
    public void The_runbooks_questions_to_the_databases_are_understood_by_them()
    {
        using var directory = new TempDirectory();
        Schema.PrepareJournal(directory["polyarb.db"]);
        Schema.PrepareEvents(directory["events.db"]);
        var questions = Question().Matches(Repository.Text(Runbook));

        Assert.NotEmpty(questions);
        foreach (Match question in questions)
        {
            Assert.NotNull(Rows.Of(directory[question.Groups["file"].Value], question.Groups["sql"].Value));
        }
    }

    /// <summary>From its heading to the next of its rank.</summary>
    private static string Section(string heading)
    {
        var page = Repository.Text(Runbook);
        var from = page.IndexOf($"{heading}\n", StringComparison.Ordinal);
        Assert.True(from >= 0, $"{Runbook} has no {heading}");
        var to = page.IndexOf("\n## ", from, StringComparison.Ordinal);
        return to < 0 ? page[from..] : page[from..to];
    }

    /// <summary>As GitHub makes them of headings.</summary>
    private static HashSet<string> Anchors(string page) =>
        [.. Heading().Matches(page).Select(heading => NotInAnchor().Replace(heading.Groups["text"].Value.Trim().ToLowerInvariant(), "").Replace(' ', '-'))];

    private static bool IsFile(string key) => key.EndsWith(".yaml", StringComparison.Ordinal) || key.EndsWith(".sh", StringComparison.Ordinal) || key.EndsWith(".cs", StringComparison.Ordinal) || key.EndsWith(".csproj", StringComparison.Ordinal);

    [GeneratedRegex(@"(?<=[`\s])(?<key>[a-z_]+\.[a-z0-9_.]*[a-z0-9])(?=[`\s:=,])")]
    private static partial Regex Key();

    [GeneratedRegex(@"\]\((?<target>[^)\s:]+)\)")]
    private static partial Regex Link();

    [GeneratedRegex("^#+ (?<text>.*)$", RegexOptions.Multiline)]
    private static partial Regex Heading();

    [GeneratedRegex(@"[^\w\- ]")]
    private static partial Regex NotInAnchor();

    [GeneratedRegex(@"^\| `.*$", RegexOptions.Multiline)]
    private static partial Regex Row();

    [GeneratedRegex("`(?<code>[^`]+)`")]
    private static partial Regex Code();

    [GeneratedRegex(@"/(?<file>\w+\.db) ""(?<sql>[^""]+)""")]
    private static partial Regex Question();

    [GeneratedRegex(@"(?:^|\s)#.*$", RegexOptions.Multiline)]
    private static partial Regex CommentLine();
}
