using System.Collections.Immutable;
using PolyArb.Domain.Journal;
using PolyArb.Grains.Interfaces;

namespace PolyArb.Client.Commands;

/// <summary>`set` and `reload`: every parameter that is another one now, with what it was.</summary>
internal static class ParameterCommands
{
    /// <summary>What was set outlives the process, which nobody should have to guess.</summary>
    private const string Lasts = "in force now, and after a restart too: until `reload`, or until config.yaml says something else of it";

    /// <param name="wishes">KEY=VALUE each.</param>
    public static async Task<int> Set(SiloConnection silo, Output output, IEnumerable<string> wishes)
    {
        var answer = await silo.Control.SetParameters([.. wishes.Select(WishOf)], OperatorName.OfProcess);
        if (output.IsJson) return Document(output, answer);
        if (Refused(answer) is { } complaint) throw complaint;

        foreach (var change in answer.Changes) output.Line(Line(change, change.New == change.Configured ? "as configured" : $"configured: {Shown(change.Configured)}"));
        if (answer.Changes.IsEmpty) output.Line("nothing changed: all of it is so already");
        else if (answer.Changes.Any(change => change.New != change.Configured)) output.Line(Lasts);
        return ExitCode.Ok;
    }

    public static async Task<int> Reload(SiloConnection silo, Output output)
    {
        var answer = await silo.Control.Reload(OperatorName.OfProcess);
        if (output.IsJson) return Document(output, answer);
        if (Refused(answer) is { } complaint) throw complaint;

        foreach (var change in answer.Changes) output.Line(Line(change, change.Old == change.New ? "configured now, no longer set by hand" : "in force now"));
        foreach (var late in answer.NeedsRestart) output.Line($"{late.Key}: {Shown(late.Running)} -> {Shown(late.Configured)} (needs a restart)");
        if (answer.Changes.IsEmpty && answer.NeedsRestart.IsEmpty) output.Line("nothing changed: everything is as configured");
        return ExitCode.Ok;
    }

    /// <summary>Why this is no wish; null when it is one.</summary>
    public static string? Complaint(string wish) => wish.IndexOf('=', StringComparison.Ordinal) < 1 ? $"{wish}: must be KEY=VALUE" : null;

    private static ParameterWish WishOf(string text) => text.Split('=', 2) is [var name, var value]
        ? new ParameterWish(name.Trim(), value.Trim())
        : throw new CommandException(Complaint(text)!, ExitCode.Usage);

    private static int Document(Output output, ParametersAnswer answer)
    {
        output.Document(new
        {
            applied = answer.Refused.IsEmpty,
            refused = answer.Refused,
            changes = answer.Changes.Select(change => new { key = change.Key, old = change.Old, @new = change.New, configured = change.Configured }),
            needsRestart = answer.NeedsRestart.Select(late => new { key = late.Key, running = late.Running, configured = late.Configured }),
        });
        return answer.Refused.IsEmpty ? ExitCode.Ok : ExitCode.Failed;
    }

    private static CommandException? Refused(ParametersAnswer answer) => answer.Refused.IsEmpty
        ? null
        : new CommandException(string.Join('\n', answer.Refused.Append("nothing was changed")), ExitCode.Failed);

    private static string Line(ParameterChange change, string note) => $"{change.Key}: {Shown(change.Old)} -> {Shown(change.New)} ({note})";

    private static string Shown(string text) => text.Length == 0 ? "\"\"" : text;
}
