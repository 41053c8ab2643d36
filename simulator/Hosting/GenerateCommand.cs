using System.CommandLine;
using PolyArb.Simulator.Recordings;
using PolyArb.Simulator.World;

namespace PolyArb.Simulator.Hosting;

/// <summary>generate: writes a capture in simulated time. Exit codes as of <see cref="CommandLine"/>; 1 means the file could not be written.</summary>
internal static class GenerateCommand
{
    private static readonly Option<ulong> Seed = new("--seed")
    {
        Description = "Decides every byte of the file.",
        DefaultValueFactory = _ => 1,
    };

    private static readonly Option<long> Events = new("--events") { Description = "How many frames, 1 to 1,000,000,000.", Required = true };

    private static readonly Option<string> Out = new("--out") { Description = "The file; gzipped when it ends in .gz.", Required = true };

    private static readonly Option<int?> Markets = new("--markets") { Description = "How many conditions, 1 to 5000, instead of the scenario's own." };

    public static Command Build()
    {
        CommandLine.Require(Events, events => events is >= 1 and <= 1_000_000_000, "--events takes 1 to 1000000000");
        CommandLine.Require(Markets, markets => markets is null or (>= 1 and <= WorldBuilder.ConditionsMax), "--markets takes 1 to 5000");
        CommandLine.Require(Out, file => file is { Length: > 0 }, "--out takes a file name");
        var command = new Command("generate", "Write a capture of the market channel in simulated time, the same bytes for the same seed.")
        {
            Seed, Events, Out, Markets, CommandLine.Scenario,
        };
        command.SetAction(RunAsync);
        return command;
    }

    private static async Task<int> RunAsync(ParseResult parsed, CancellationToken stop)
    {
        if (CommandLine.ScenarioOf(parsed, out var scenario) is { } wrong) return await CommandLine.FailAsync(CommandLine.BadUsage, wrong);
        if (!scenario!.Flow.Moves) return await CommandLine.FailAsync(CommandLine.BadUsage, "nothing moves in this scenario: it has no events to write");

        if (parsed.GetValue(Markets) is { } count) scenario = scenario.Resized(count);
        var file = parsed.GetValue(Out)!;
        try
        {
            Generator.Run(file, parsed.GetValue(Seed), parsed.GetValue(Events), scenario, stop);
            return CommandLine.Done;
        }
        catch (OperationCanceledException)
        {
            return await CommandLine.FailAsync(CommandLine.Failed, $"stopped: {file} is not whole");
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return await CommandLine.FailAsync(CommandLine.Failed, $"cannot write {file}: {e.Message}");
        }
    }
}
