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
    [InlineData("events --recorded --kind x", "--recorded goes with neither --kind nor --market; see polyarb-client events --help")]
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
}
