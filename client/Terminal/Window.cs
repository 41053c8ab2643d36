using Spectre.Console;

namespace PolyArb.Client;

/// <summary>What can be shown where output goes.</summary>
/// <param name="IsThere">A person looks at it through a terminal; else it is a pipe or a file.</param>
internal sealed record Window(bool IsThere, bool HasColor)
{
    public static readonly Window None = new(IsThere: false, HasColor: false);

    public static Window OfOutput => Console.IsOutputRedirected ? None : new Window(IsThere: true, WantsColor);

    public static Window OfErrors => Console.IsErrorRedirected ? None : new Window(IsThere: true, WantsColor);

    /// <summary>NO_COLOR (no-color.org) is obeyed when it says anything.</summary>
    private static bool WantsColor =>
        string.IsNullOrEmpty(Environment.GetEnvironmentVariable("NO_COLOR")) && Environment.GetEnvironmentVariable("TERM") is not "dumb";

    /// <summary>That writes the colors of this window, or none.</summary>
    public IAnsiConsole ConsoleOn(TextWriter target) => AnsiConsole.Create(new AnsiConsoleSettings
    {
        Ansi = IsThere ? AnsiSupport.Detect : AnsiSupport.No,
        ColorSystem = HasColor ? ColorSystemSupport.Detect : ColorSystemSupport.NoColors,
        Out = new AnsiConsoleOutput(target),
    });
}
