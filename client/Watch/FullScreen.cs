using System.Text;
using Spectre.Console;
using Spectre.Console.Rendering;

namespace PolyArb.Client.Watch;

/// <summary>
/// The terminal's other screen: frames of its size, one over the other, so that nothing flickers. Disposing gives the terminal back as it
/// was.
/// </summary>
internal sealed class FullScreen : IDisposable
{
    // Of xterm, and of everything that has come after it (ECMA-48 and its private modes).
    private const string Enter = "\u001b[?1049h\u001b[?25l";
    private const string Leave = "\u001b[?25h\u001b[?1049l";
    private const string Clear = "\u001b[2J";
    private const string Home = "\u001b[H";
    private const string Together = "\u001b[?2026h";
    private const string Shown = "\u001b[?2026l";

    private readonly TextWriter _terminal;
    private readonly bool _hasColor;
    private (int Width, int Height) _size;

    public FullScreen(TextWriter terminal, bool hasColor)
    {
        (_terminal, _hasColor) = (terminal, hasColor);
        Write(Enter + Clear);
    }

    /// <summary>As the terminal is now.</summary>
    public static (int Width, int Height) Size => (Math.Max(20, Console.WindowWidth), Math.Max(8, Console.WindowHeight));

    public void Show(Func<int, int, IRenderable> frame)
    {
        var size = Size;
        var lines = Draw(frame(size.Width, size.Height), size, _hasColor).Split('\n').Take(size.Height);
        Write($"{Together}{(size == _size ? "" : Clear)}{Home}{string.Join("\r\n", lines)}{Shown}");
        _size = size;
    }

    /// <summary>What a terminal of that size would show, a line a row.</summary>
    public static string Draw(IRenderable what, (int Width, int Height) size, bool hasColor)
    {
        using var text = new StringWriter();
        var console = AnsiConsole.Create(new AnsiConsoleSettings
        {
            Ansi = hasColor ? AnsiSupport.Yes : AnsiSupport.No,
            ColorSystem = hasColor ? ColorSystemSupport.EightBit : ColorSystemSupport.NoColors,
            Out = new AnsiConsoleOutput(text),
        });
        (console.Profile.Width, console.Profile.Height) = size;
        console.Profile.Capabilities.Unicode = true;
        console.Write(what);
        return text.ToString().Replace("\r", "", StringComparison.Ordinal).TrimEnd('\n');
    }

    public void Dispose() => Write(Leave);

    private void Write(string text)
    {
        _terminal.Write(text);
        _terminal.Flush();
    }
}
