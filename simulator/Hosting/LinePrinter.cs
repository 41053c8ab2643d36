using System.Threading.Channels;

namespace PolyArb.Simulator.Hosting;

/// <summary>
/// Writes lines to a text stream without ever making their author wait: one who does not read our output cannot stop the engine. While
/// nobody reads, the newest lines are lost.
/// </summary>
internal sealed class LinePrinter : IAsyncDisposable
{
    private const int LinesMax = 4096;
    private static readonly TimeSpan FlushWithin = TimeSpan.FromSeconds(1);

    private readonly Channel<string> _lines = Channel.CreateBounded<string>(
        new BoundedChannelOptions(LinesMax) { SingleReader = true, FullMode = BoundedChannelFullMode.DropWrite });

    private readonly Task _writing;

    public LinePrinter(TextWriter output) => _writing = Task.Run(() => WriteAsync(output));

    public void Print(string line) => _lines.Writer.TryWrite(line);

    public async ValueTask DisposeAsync()
    {
        _lines.Writer.Complete();
        await _writing.WaitAsync(FlushWithin).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
    }

    private async Task WriteAsync(TextWriter output)
    {
        try
        {
            await foreach (var line in _lines.Reader.ReadAllAsync()) await output.WriteLineAsync(line);
        }
        catch (IOException)
        {
            // The reader is gone; there is nobody to tell.
        }
    }
}
