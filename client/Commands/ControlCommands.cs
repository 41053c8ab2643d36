using PolyArb.Grains.Interfaces;

namespace PolyArb.Client.Commands;

/// <summary>The verbs that steer: each says what it did, and exits 1 when it could not do all of it.</summary>
internal static class ControlCommands
{
    public static Task<int> Pause(SiloConnection silo, Output output, string reason) =>
        Report(output, silo.Control.Pause(OperatorName.OfProcess, reason));

    public static Task<int> Resume(SiloConnection silo, Output output, string reason) =>
        Report(output, silo.Control.Resume(OperatorName.OfProcess, reason));

    public static Task<int> Flatten(SiloConnection silo, Output output, string reason) =>
        Report(output, silo.Control.Flatten(OperatorName.OfProcess, reason));

    public static Task<int> Kill(SiloConnection silo, Output output, string reason) =>
        Report(output, silo.Control.Kill(OperatorName.OfProcess, reason));

    public static Task<int> Stop(SiloConnection silo, Output output, string reason) =>
        Report(output, silo.Control.Stop(OperatorName.OfProcess, reason));

    /// <summary>One line for each thing found or done; exits 1 while something is unexplained or could not be compared.</summary>
    public static async Task<int> Reconcile(SiloConnection silo, Output output, string? accept)
    {
        var answer = await silo.Control.Reconcile(OperatorName.OfProcess, accept);
        if (output.IsJson)
        {
            output.Document(new { explained = answer.IsExplained, lines = answer.Lines.Select(line => new { what = line.What, text = line.Text }) });
        }
        else
        {
            foreach (var line in answer.Lines) output.Line($"{line.What}: {line.Text}");
            if (answer.Lines.IsEmpty) output.Line("our orders, trades, cash and shares are the venue's");
        }

        return answer.IsExplained ? ExitCode.Ok : ExitCode.Failed;
    }

    private static async Task<int> Report(Output output, Task<ControlAnswer> asked)
    {
        var answer = await asked;
        if (output.IsJson)
        {
            output.Document(new { done = answer.IsDone, text = answer.Text, state = Output.Word(answer.State), epoch = answer.Epoch });
        }
        else if (answer.IsDone)
        {
            output.Line($"{answer.Text} ({Output.Word(answer.State)}, epoch {answer.Epoch})");
        }

        if (answer.IsDone) return ExitCode.Ok;
        if (output.IsJson) return ExitCode.Failed;

        throw new CommandException($"{answer.Text} ({Output.Word(answer.State)})", ExitCode.Failed);
    }
}
