using Xunit;

namespace PolyArb.Tests.Client;

public class CompletionTests
{
    [Theory]
    [InlineData("sta", "status")]
    [InlineData("markets ", "list")]
    [InlineData("capture ex", "export")]
    [InlineData("errors --s", "--since")]
    [InlineData("completion ", "zsh")]
    public async Task What_could_be_typed_next_is_suggested(string typed, string expected)
    {
        using var person = new Operator();

        var said = await person.Run($"[suggest:{typed.Length}]", typed);

        Assert.Equal((0, ""), (said.ExitCode, said.Error));
        Assert.Contains(expected, said.Output.Split('\n', StringSplitOptions.TrimEntries));
    }
}
