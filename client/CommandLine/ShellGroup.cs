using System.CommandLine;
using PolyArb.Client.Commands;

namespace PolyArb.Client.CommandLine;

/// <summary>What makes a shell know the commands: `completion SHELL`.</summary>
internal static class ShellGroup
{
    public static IEnumerable<Command> Of(CommandScope scope)
    {
        var shell = new Argument<string>("SHELL") { Description = "bash, zsh or fish" };
        shell.AcceptOnlyFromAmong(Completion.Shells);
        var command = new Command("completion", "a script that lets TAB complete commands and options, such as: source <(polyarb-client completion bash)") { shell };
        command.SetAction(given =>
        {
            var (name, output) = (given.GetValue(shell)!, scope.OutputOf(given));
            if (output.IsJson) output.Document(new { shell = name, script = Completion.Script(name) });
            else output.Line(Completion.Script(name));
            return ExitCode.Ok;
        });
        return [command];
    }
}
