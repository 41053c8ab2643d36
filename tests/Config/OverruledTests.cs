using PolyArb.Config;
using PolyArb.Tests.Documentation;
using PolyArb.Tests.Storage;
using Xunit;

namespace PolyArb.Tests.Config;

/// <summary>Who edits config.yaml where a variable holds must hear that he is not obeyed.</summary>
public sealed class OverruledTests : IDisposable
{
    private const string Key = "ac0974bec39a17e36ba4a6b4d238ff944bacb478cbed5efcae784d7bf4f2ff80";

    private readonly TempDirectory _directory = new();

    public void Dispose() => _directory.Dispose();

    [Fact]
    public void A_file_that_goes_back_to_paper_and_is_not_obeyed_is_named_with_what_holds_instead() => Assert.Equal(
        [$"{_directory[".env"]}: DRY_RUN = \"false\" overrules {_directory["config.yaml"]}: runtime.dry_run = \"true\""],
        Overruled("runtime: { dry_run: true }", $"DRY_RUN=false\nPRIVATE_KEY={Key}\n"));

    [Theory]
    [InlineData("runtime: { dry_run: true }", "DRY_RUN=TRUE\n")]
    [InlineData("runtime: { dry_run: true }", "DRY_RUN=\n")]
    [InlineData("runtime: { dry_run: true }", "")]
    [InlineData("venue: { clob_rest_url: 'https://clob.polymarket.com/' }", "CLOB_REST_URL=https://clob.polymarket.com\n")]
    [InlineData("", "CHAIN_ID=80002\n")]
    public void The_same_value_an_empty_variable_and_a_key_the_file_leaves_out_overrule_nothing(string yaml, string dotEnv) => Assert.Empty(Overruled(yaml, dotEnv));

    [Fact]
    public void Each_key_has_a_line_the_strongest_variable_speaks_and_what_no_value_could_be_is_shown_as_written() => Assert.Equal(
        [
            $"environment: MARKETS = \"all\" overrules {_directory["config.yaml"]}: markets.enabled = \"\"",
            $"{_directory[".env"]}: CHAIN_ID = \"80002\" overrules {_directory["config.yaml"]}: venue.chain_id = \"polygon\"",
        ],
        Overruled("markets: { enabled: [] }\nvenue: { chain_id: polygon }", "CHAIN_ID=80002\nMARKETS=0xaa\n", ("MARKETS", "all")));

    [Fact]
    public void A_secret_that_was_written_into_a_wrong_place_is_not_shown()
    {
        var lines = Overruled("persistence: { db_path: sesame-sesame-sesame.db }", $"DB_PATH={Key}\nCONTROL_TOKEN=sesame-sesame-sesame\n");

        var line = Assert.Single(lines);
        Assert.DoesNotContain(Key, line, StringComparison.Ordinal);
        Assert.DoesNotContain("sesame", line, StringComparison.Ordinal);
    }

    /// <summary>Else a person who copies it and follows a page that says "in config.yaml" is overruled at once.</summary>
    [Fact]
    public void The_shipped_example_takes_in_secrets_and_nothing_else() => Assert.Equal(
        ConfigurationPage.Variables(Repository.Text(".env.example")).Select(variable => variable.Name).Where(name => Secrets.Variables.Contains(name)),
        Repository.Text(".env.example").Split('\n').Where(line => line is not "" && line[0] is not '#').Select(line => line.Split('=')[0]));

    private string[] Overruled(string yaml, string dotEnv, params (string Name, string Value)[] environment)
    {
        File.WriteAllText(_directory["config.yaml"], yaml);
        File.WriteAllText(_directory[".env"], dotEnv);
        return
        [
            .. Assert.IsType<ConfigResult.Ok>(ConfigLoader.Load(
                _directory["config.yaml"], environment.ToDictionary(variable => variable.Name, variable => variable.Value), _directory[".env"])).Overruled,
        ];
    }
}
