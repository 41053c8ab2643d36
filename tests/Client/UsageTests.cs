using Xunit;

namespace PolyArb.Tests.Client;

/// <summary>What a person reads who mistyped.</summary>
public class UsageTests
{
    [Theory]
    [InlineData("stauts", "did you mean 'status'?; see polyarb-client --help")]
    [InlineData("bok", "did you mean 'book'?; see polyarb-client --help")]
    [InlineData("markets lst", "did you mean 'list'?; see polyarb-client markets --help")]
    [InlineData("status --jsno", "did you mean '--json'?; see polyarb-client status --help")]
    [InlineData("errors --lats", "did you mean '--last'?; see polyarb-client errors --help")]
    [InlineData("capture export --ot x", "see polyarb-client capture export --help")]
    [InlineData("completion bsh", "see polyarb-client completion --help")]
    [InlineData("events --last 0", "--last: must be 1 to 10000; see polyarb-client events --help")]
    [InlineData("events --kind OrderChangd", "--kind: no fact is called 'OrderChangd': did you mean OrderChanged?; see polyarb-client events --help")]
    [InlineData("status --timeout 0", "--timeout: must be 1 to 86400 seconds; see polyarb-client status --help")]
    [InlineData("kill --direct --timeout -5", "--timeout: must be 1 to 86400 seconds; see polyarb-client kill --help")]
    [InlineData("kill --reason=", "Required argument missing for option: '--reason'; see polyarb-client kill --help")]
    [InlineData("events --recorded --kind ErrorNoted", "--recorded goes with neither --kind nor --market; see polyarb-client events --help")]
    [InlineData("events --follow --json", "--follow never ends, so it makes no --json document; see polyarb-client events --help")]
    [InlineData("orders --last none", "--last: must be 1 or more; see polyarb-client orders --help")]
    [InlineData("book x --levels 99", "--levels: must be 1 to 50; see polyarb-client book --help")]
    public async Task A_mistyped_line_ends_with_2_and_one_line_that_names_what_was_meant(string line, string says)
    {
        using var person = new Operator();

        var said = await person.Run(line.Split(' '));

        Assert.Equal((2, ""), (said.ExitCode, said.Output));
        Assert.EndsWith(says, Assert.Single(said.Error.TrimEnd().Split('\n')), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("kill")]
    [InlineData("resume")]
    public async Task A_reason_of_blanks_is_none(string verb)
    {
        using var person = new Operator();

        Assert.Equal(new Said(2, "", $"polyarb-client: --reason: say why, for the journal; see polyarb-client {verb} --help\n"), await person.Run(verb, "--reason", " "));
    }

    /// <summary>A program that reads the output must not find nothing there.</summary>
    [Fact]
    public async Task What_fails_is_a_document_too()
    {
        using var person = new Operator();

        var said = await person.Run("backup", "b", "--json", "--data", "nowhere");

        Assert.Equal(2, said.ExitCode);
        Assert.Equal(2, said.Json.GetProperty("exitCode").GetInt32());
        Assert.EndsWith("no such directory: name the silo's with --data DIR", Assert.Single(said.Json.GetProperty("error").EnumerateArray()).GetString());
        Assert.Contains("no such directory", said.Error, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("backup")]
    [InlineData("restore")]
    public async Task A_journal_in_PostgreSQL_is_for_its_own_tools(string verb)
    {
        using var person = new Operator();
        person.Environment["DATABASE_CONNECTION"] = "Host=db.test;Database=polyarb;Password=planted";
        await File.WriteAllTextAsync(
            Path.Combine(person.Directory.Root, "config.yaml"), "storage: { provider: postgres }\nruntime: { dry_run: false }", TestContext.Current.CancellationToken);

        Assert.Equal(
            new Said(1, "", "polyarb-client: the journal is in PostgreSQL: use pg_dump and pg_restore, as docs/operations.md says\n"), await person.Run(verb, "b"));
    }

    [Fact]
    public async Task What_became_of_a_command_is_only_unknown_when_a_silo_was_asked()
    {
        using var person = new Operator();
        await File.WriteAllTextAsync(Path.Combine(person.Directory.Root, "broken.gz"), "no archive", TestContext.Current.CancellationToken);

        var said = await person.Run("capture", "check", Path.Combine(person.Directory.Root, "broken.gz"));

        Assert.Equal(1, said.ExitCode);
        Assert.DoesNotContain("unknown: ask", said.Error, StringComparison.Ordinal);
    }
}
