using System.CommandLine;
using System.CommandLine.Help;
using Orleans.Runtime;
using PolyArb.Client.CommandLine;
using PolyArb.Grains.Interfaces;

namespace PolyArb.Client;

/// <summary>The command line from end to end: groups of commands, and what becomes of what they throw.</summary>
internal static class ClientCommandLine
{
    /// <summary>After Ctrl-C: `doctor --place` cancels its order first.</summary>
    private static readonly TimeSpan EndsWithin = TimeSpan.FromMinutes(1);

    /// <summary>Every group of commands, in the order of the help.</summary>
    private static readonly Func<CommandScope, IEnumerable<Command>>[] Groups =
    [
        ReadingGroup.Of,
        HistoryGroup.Of,
        SteeringGroup.Of,
        ParameterGroup.Of,
        MarketsGroup.Of,
        BacktestGroup.Of,
        CaptureGroup.Of,
        OfflineGroup.Of,
        ShellGroup.Of,
    ];

    public static async Task<int> Run(
        IReadOnlyList<string> args, TextWriter? output = null, TextWriter? error = null, Surroundings? surroundings = null)
    {
        var (writer, complaints) = (output ?? Console.Out, error ?? Console.Error);
        var scope = new CommandScope(writer, output is null ? Window.OfOutput : Window.None, surroundings ?? Surroundings.OfProcess);
        var result = Root(scope).Parse(args, new ParserConfiguration { ResponseFileTokenReplacer = null });
        if (result.Errors.Count > 0 && !IsSuggest(args))
        {
            await complaints.WriteLineAsync($"polyarb-client: {UsageComplaint.Of(result)}");
            return ExitCode.Usage;
        }

        try
        {
            return await result.InvokeAsync(new InvocationConfiguration
            {
                EnableDefaultExceptionHandler = false,
                ProcessTerminationTimeout = EndsWithin,
                Output = writer,
                Error = complaints,
            });
        }
        catch (Exception e) when (e is not OutOfMemoryException)
        {
            var (lines, exitCode) = e is CommandException { ExitCode: var known } ? (e.Message.Split('\n'), known) : ([Complaint(e, scope)], ExitCode.Failed);
            foreach (var line in lines) await complaints.WriteLineAsync($"polyarb-client: {line}");
            if (scope.OutputOf(result) is { IsJson: true, HasDocument: false } silent) silent.Document(new { error = lines, exitCode });
            return exitCode;
        }
    }

    private static string Complaint(Exception e, CommandScope scope) => e switch
    {
        IOException or UnauthorizedAccessException => e.Message,
        _ when !scope.HasConnected => $"{e.Message.ReplaceLineEndings(" ")} ({e.GetType().Name})",
        OrleansException when e.GetType() == typeof(OrleansException) => e.Message.Split('\n')[0], // The cluster's own word: nobody is there who could do it.
        _ when NoAnswer.Is(e) => Unknown("the silo did not answer", e),
        _ => Unknown(e.Message.ReplaceLineEndings(" "), e),
    };

    private static string Unknown(string what, Exception e) => $"{what}; what became of the command is unknown: ask `status` ({e.GetType().Name})";

    /// <summary>A shell asks what could be typed: what was typed so far is seldom a whole command.</summary>
    private static bool IsSuggest(IReadOnlyList<string> args) => args is [var first, ..] && first.StartsWith("[suggest", StringComparison.Ordinal);

    public static RootCommand Root(CommandScope scope)
    {
        var root = new RootCommand("Steers and reads a PolyArb silo.");
        foreach (var option in scope.Shared) root.Add(option);
        foreach (var command in Groups.SelectMany(group => group(scope))) root.Add(command);
        if (!scope.Window.IsThere && root.Options.OfType<HelpOption>().Single().Action is HelpAction help) help.MaxWidth = int.MaxValue;
        return root;
    }
}
