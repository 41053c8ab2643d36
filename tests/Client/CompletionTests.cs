using PolyArb.Tests.EndToEnd;
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

    /// <summary>The script in a real bash, the program as it is built.</summary>
    [Fact]
    public async Task Bash_completes_with_the_script()
    {
        var client = Programs.PathOf("client", "polyarb-client");
        var script = $$"""
            PATH="{{Path.GetDirectoryName(client)}}:$PATH"
            source <(polyarb-client completion bash)
            COMP_WORDS=(polyarb-client markets l) COMP_CWORD=2 COMP_LINE='polyarb-client markets l' COMP_POINT=24
            _polyarb_client
            echo "completed: ${COMPREPLY[*]}"
            """;
        await using var bash = Running.Start("/bin/bash", ["-c", script], Path.GetTempPath(), []);

        var ended = await bash.End(TestContext.Current.CancellationToken);

        Assert.Equal("completed: list", ended.Output.Trim());
    }
}
