using System.Globalization;

namespace PolyArb.Client;

/// <summary>How far a long command is: one line on the terminal, over and over; nothing where nobody watches.</summary>
/// <param name="terminal">Null: nobody watches.</param>
internal sealed class Progress(string what, TextWriter? terminal)
{
    private const int Every = 20_000;

    private long _done;

    /// <summary>Null while nobody knows.</summary>
    public long? Total { get; set; }

    /// <summary>On stderr, so that what a script reads stays clean.</summary>
    public static Progress On(Output output, string what) => new(what, output.IsJson || Console.IsErrorRedirected ? null : Console.Error);

    public void Step()
    {
        if (++_done % Every != 0 || terminal is null) return;

        var part = Total is > 0 and var total ? string.Create(CultureInfo.InvariantCulture, $" {Math.Min(100, 100 * _done / total)} %") : "";
        terminal.Write(string.Create(CultureInfo.InvariantCulture, $"\r{what}: {_done:N0} inputs{part}  "));
    }

    public void End()
    {
        if (_done >= Every) terminal?.Write("\r\u001b[K");
    }
}
