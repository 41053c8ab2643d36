using System.CommandLine;
using System.CommandLine.Parsing;
using System.Runtime.InteropServices;
using PolyArb.Simulator.World;

namespace PolyArb.Simulator.Hosting;

/// <summary>What may be asked of the program. Exit codes: 0 done, 1 it could not, 2 bad usage; each failure is one line on stderr.</summary>
internal static class CommandLine
{
    public const int Done = 0;
    public const int Failed = 1;
    public const int BadUsage = 2;

    public static readonly Option<string> Scenario = new("--scenario")
    {
        Description = "What is listed and how it moves: a name or a YAML file.",
        DefaultValueFactory = _ => "default",
    };

    public static async Task<int> RunAsync(string[] args)
    {
        var root = new RootCommand("A local exchange that behaves like Polymarket's CLOB V2.") { ServeCommand.Build(), GenerateCommand.Build() };
        var parsed = root.Parse(args);
        if (parsed.Errors.Count == 0) return await InvokeAsync(parsed);

        var errors = parsed.Errors.Select(e => e.Message.ReplaceLineEndings(" ")).Distinct();
        return await FailAsync(BadUsage, string.Join("; ", errors));
    }

    /// <summary>Ctrl-C reaches every process of a terminal: with a parent it is the parent that ends this one, when it has no more use for it.</summary>
    private static async Task<int> InvokeAsync(ParseResult parsed)
    {
        using var ends = new CancellationTokenSource();
        using var onTerminate = PosixSignalRegistration.Create(PosixSignal.SIGTERM, signal => End(signal, obeys: true));
        using var onInterrupt = PosixSignalRegistration.Create(PosixSignal.SIGINT, signal => End(signal, obeys: !ServeCommand.HasParent(parsed)));
        return await parsed.InvokeAsync(new InvocationConfiguration { ProcessTerminationTimeout = null }, ends.Token);

        void End(PosixSignalContext signal, bool obeys)
        {
            signal.Cancel = true;
            if (obeys) ends.Cancel();
        }
    }

    public static async Task<int> FailAsync(int code, string text)
    {
        await Console.Error.WriteLineAsync(text.ReplaceLineEndings(" "));
        return code;
    }

    /// <summary>The chosen scenario, or else what is wrong with it.</summary>
    public static string? ScenarioOf(ParseResult parsed, out Scenario? scenario)
    {
        scenario = null;
        try
        {
            scenario = ScenarioFile.Load(parsed.GetValue(Scenario)!);
            return null;
        }
        catch (FormatException e)
        {
            return e.Message;
        }
    }

    /// <summary>Refuses values that are not legal, and text that is no value of the option's type, with one sentence.</summary>
    public static void Require<T>(Option<T> option, Func<T?, bool> legal, string text) => option.Validators.Add(result =>
    {
        try
        {
            if (!legal(result.GetValue(option))) result.AddError(text);
        }
        catch (InvalidOperationException)
        {
            result.AddError(text); // It is no value of the type at all.
        }
    });
}
