using PolyArb.Tests.Deploy;
using Xunit;

namespace PolyArb.Tests.EndToEnd;

/// <summary>TAB in the shells that people have: each takes its script as docs/client.md says, and completes the program as it is built.</summary>
[Collection(nameof(EndToEnd))]
public sealed class CompletionTests : IDisposable
{
    private readonly string _directory = Directory.CreateTempSubdirectory("polyarb-e2e-").FullName;

    public void Dispose() => Directory.Delete(_directory, recursive: true);

    [Theory]
    [InlineData("bash", "bash --norc", "source <(polyarb-client completion bash)")]
    [InlineData("zsh", "zsh -f", "PS1='$ '; autoload -Uz compinit; compinit -u; source <(polyarb-client completion zsh)")]
    [InlineData("fish", "fish --no-config", "polyarb-client completion fish | source")]
    public async Task A_command_and_an_option_are_completed_where_the_shell_has_the_script(string shell, string start, string script)
    {
        Tool.Need("tmux", "tmux");
        Tool.Need(shell, shell);
        await using var terminal = await Tmux.Start(_directory, width: 120, height: 50);
        await terminal.Type($"HOME={_directory} PATH={Path.GetDirectoryName(Programs.PathOf("client", "polyarb-client"))}:$PATH {start}");
        await terminal.Type($"{script}; echo ready 1 | tr 1 2");
        await terminal.Until(screen => screen.Contains("ready 2", StringComparison.Ordinal));

        await terminal.Write("polyarb-client ma");
        await terminal.Press("Tab");
        await terminal.Until(screen => screen.Contains("polyarb-client markets", StringComparison.Ordinal));
        await terminal.Type("--help");
        await terminal.Until(screen => screen.Contains("which markets are traded", StringComparison.Ordinal));

        await terminal.Write("polyarb-client errors --sin");
        await terminal.Press("Tab");
        await terminal.Until(screen => screen.Contains("polyarb-client errors --since", StringComparison.Ordinal));
        await terminal.Type("noon");
        await terminal.Until(screen => screen.Contains("--since: 'noon' is no time", StringComparison.Ordinal));
    }
}
