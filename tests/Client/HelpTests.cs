using System.CommandLine;
using PolyArb.Client;
using PolyArb.Client.CommandLine;
using Xunit;

namespace PolyArb.Tests.Client;

public class HelpTests
{
    /// <summary>From the root down, each as the words that name it.</summary>
    public static IEnumerable<string> Commands => Walk(ClientCommandLine.Root(new CommandScope(TextWriter.Null, Window.None, Surroundings.OfProcess)), "");

    [Fact]
    public async Task The_help_of_every_command_is_as_it_was_read_last()
    {
        using var person = new Operator();
        foreach (var command in Commands)
        {
            var help = await person.Run([.. command.Split(' ', StringSplitOptions.RemoveEmptyEntries), "--help"]);

            Assert.Equal((0, ""), (help.ExitCode, help.Error));
            Snapshot.Matches(Path.Combine("help", $"{FileOf(command)}.txt"), help.Output.Replace(ProgramName, "polyarb-client", StringComparison.Ordinal));
        }

        Assert.Equal(Commands.Select(FileOf).Order(StringComparer.Ordinal), Snapshot.Names("help"));
    }

    /// <summary>What the contract names, and nothing of it is missing.</summary>
    [Fact]
    public void Every_command_of_the_contract_is_there()
    {
        string[] contract =
        [
            "status", "pause", "resume", "flatten", "kill", "backtest", "markets on", "markets off", "markets list", "stop", "orders", "fills", "positions", "baskets",
            "pnl", "errors", "events", "watch", "doctor", "reconcile", "backup", "restore", "cluster", "keys create", "keys derive", "capture check", "capture export",
            "capture import", "book", "version", "completion",
        ];

        Assert.Empty(contract.Except(Commands));
    }

    [Fact]
    public void Every_command_stands_on_its_page()
    {
        var page = Repository.Text("docs/client.md");

        Assert.All(Commands.Where(IsWhole), command => Assert.True(
            page.Contains($"`{command}`", StringComparison.Ordinal) || page.Contains($"`{command} ", StringComparison.Ordinal), $"docs/client.md does not say {command}"));
    }

    /// <summary>One that does something, not a word that others begin with.</summary>
    public static bool IsWhole(string command) => command.Length > 0 && !Commands.Any(other => other.StartsWith($"{command} ", StringComparison.Ordinal));

    public static string FileOf(string command) => command.Length == 0 ? "polyarb-client" : command.Replace(' ', '-');

    /// <summary>The parser calls itself by the name of the process.</summary>
    private static string ProgramName => RootCommand.ExecutableName;

    private static IEnumerable<string> Walk(Command command, string name) => command.Subcommands
        .Where(inner => !inner.Hidden)
        .SelectMany(inner => Walk(inner, $"{name} {inner.Name}".Trim()))
        .Prepend(name);
}
