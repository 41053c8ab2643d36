using System.Globalization;
using Xunit;

namespace PolyArb.Tests.EndToEnd;

/// <summary>A terminal with a shell in it that nobody sees, of a tmux server of its own.</summary>
internal sealed class Tmux : IAsyncDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    private readonly string _socket = $"polyarb-{Guid.NewGuid():n}";

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public static async Task<Tmux> Start(string directory, int width, int height)
    {
        var terminal = new Tmux();
        await terminal.Do(
            "-f", "/dev/null", "new-session", "-d", "-x", Text(width), "-y", Text(height), "-c", directory, "env", "-u", "NO_COLOR", "PS1=$ ", "bash", "--norc");
        return terminal;
    }

    /// <summary>A line for the shell.</summary>
    public Task Type(string line) => Do("send-keys", "--", line, "Enter");

    /// <summary>Letter by letter, and nothing is entered.</summary>
    public Task Write(string text) => Do("send-keys", "-l", "--", text);

    /// <summary>By tmux' name of it: q, C-c, Down, Tab.</summary>
    public Task Press(string key) => Do("send-keys", key);

    public Task Resize(int width, int height) => Do("resize-window", "-x", Text(width), "-y", Text(height));

    /// <summary>What stands on the screen, a line a row.</summary>
    public async Task<string> Screen() => await Do("capture-pane", "-p");

    /// <summary>tmux' own word of the terminal: "1" for a cursor that is seen, "1" for a program's other screen.</summary>
    public async Task<(string Cursor, string OtherScreen)> Modes() => (await Do("display-message", "-p", "#{cursor_flag} #{alternate_on}")).Trim().Split(' ') is [var cursor, var other]
        ? (cursor, other)
        : throw new InvalidOperationException("tmux did not say");

    /// <summary>The screen once this holds of it.</summary>
    public async Task<string> Until(Func<string, bool> holds)
    {
        var started = TimeProvider.System.GetTimestamp();
        while (true)
        {
            var screen = await Screen();
            if (holds(screen)) return screen;
            if (TimeProvider.System.GetElapsedTime(started) > Patience) Assert.Fail($"the screen never came to it:\n{screen}");

            await Task.Delay(50, Cancellation);
        }
    }

    public async ValueTask DisposeAsync() => await Do("kill-server");

    private async Task<string> Do(params string[] arguments)
    {
        await using var tmux = Running.Start("tmux", ["-L", _socket, "-u", .. arguments], Path.GetTempPath(), []);
        return (await tmux.End(CancellationToken.None)).Output;
    }

    private static string Text(int number) => number.ToString(CultureInfo.InvariantCulture);
}
