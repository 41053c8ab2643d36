using PolyArb.Config;
using Xunit;

namespace PolyArb.Tests.Documentation;

/// <summary>With POLYARB_WRITE_DOCS=1 the first of these writes docs/configuration.md in place of comparing it.</summary>
public sealed class ConfigurationPageTests
{
    private const string Page = "docs/configuration.md";

    private static readonly Parameters Parameters = PolyArbOptions.Defaults.Parameters;
    private static readonly ConfigurationComments Comments = new(Repository.Text("config.yaml"));

    [Fact]
    public void The_page_is_what_the_parameters_and_their_comments_make_of_it()
    {
        var page = ConfigurationPage.Render(Parameters, Comments, Repository.Text(".env.example"));
        if (Environment.GetEnvironmentVariable("POLYARB_WRITE_DOCS") is "1") File.WriteAllText(Repository.PathOf(Page), page);

        Assert.True(
            File.Exists(Repository.PathOf(Page)) && Repository.Text(Page) == page,
            $"{Page} is stale: POLYARB_WRITE_DOCS=1 dotnet run -c Release --project tests -- -class \"*ConfigurationPageTests\" writes it again");
    }

    [Fact]
    public void Config_yaml_says_in_words_what_every_parameter_means() =>
        Assert.DoesNotContain(Parameters.All, parameter => ConfigurationPage.Meaning(Comments.About(parameter.Key) ?? "") is "" && !IsAWindow(parameter.Key));

    [Fact]
    public void Config_yaml_marks_what_is_read_at_start() => Assert.Equal(
        Parameters.All.Where(parameter => !parameter.IsSettable).Select(parameter => parameter.Key),
        Parameters.All.Where(parameter => ConfigurationPage.SaysStart(Comments.About(parameter.Key) ?? "") || IsReadAtStart(parameter.Key))
            .Select(parameter => parameter.Key));

    [Fact]
    public void Config_yaml_names_the_variable_that_overrides_a_parameter() => Assert.Equal(
        Parameters.All.Select(parameter => (parameter.Key, parameter.Variable)),
        Parameters.All.Select(parameter => (parameter.Key, ConfigurationPage.VariableIn(Comments.About(parameter.Key) ?? ""))));

    [Fact]
    public void The_example_of_an_environment_has_every_variable_and_says_what_it_means()
    {
        var variables = ConfigurationPage.Variables(Repository.Text(".env.example")).ToArray();

        Assert.Equal(
            Parameters.All.Select(parameter => parameter.Variable).OfType<string>().Concat(Secrets.Variables).Order(StringComparer.Ordinal),
            variables.Select(variable => variable.Name).Order(StringComparer.Ordinal));
        Assert.DoesNotContain(variables, variable => variable.Meaning is "");
    }

    [Theory]
    [InlineData("live or backtest; start [BOT_MODE]", "live or backtest", true, "BOT_MODE")]
    [InlineData("market ids; for the first start [MARKETS]", "market ids; for the first start", false, "MARKETS")]
    [InlineData("cancel at a start; start. Off: a blip", "cancel at a start. Off: a blip", true, null)]
    [InlineData("(later) books in one snapshot; start", "No effect in this version: books in one snapshot", true, null)]
    [InlineData("dollars a dry run starts with, above 0", "dollars a dry run starts with, above 0", false, null)]
    public void Marks_are_taken_out_of_a_comment(string comment, string meaning, bool saysStart, string? variable)
    {
        Assert.Equal(meaning, ConfigurationPage.Meaning(comment));
        Assert.Equal(saysStart, ConfigurationPage.SaysStart(comment));
        Assert.Equal(variable, ConfigurationPage.VariableIn(comment));
    }

    /// <summary>The rate limits are marked once, above their section.</summary>
    private static bool IsReadAtStart(string key) => key.StartsWith("rate_limits.", StringComparison.Ordinal);

    /// <summary>Its name and the line above say it all.</summary>
    private static bool IsAWindow(string key) => key.EndsWith("window_sec", StringComparison.Ordinal);
}
