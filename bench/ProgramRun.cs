using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Sockets;

namespace PolyArb.Bench;

/// <summary>One of the built programs as a process, whose lines can be waited for. Disposing kills it.</summary>
internal sealed class ProgramRun : IAsyncDisposable
{
    private static readonly TimeSpan LineWithin = TimeSpan.FromSeconds(60);

    private readonly Process _process;
    private readonly Task _errors;
    private readonly List<string> _said = [];

    private ProgramRun(Process process)
    {
        _process = process;
        _errors = Keep(process.StandardError);
    }

    /// <summary>When the process was asked for, in Stopwatch ticks.</summary>
    public long StartedAt { get; private init; }

    /// <summary>Bytes of memory now, and the most there were.</summary>
    public (long Now, long Peak) Resident => (Status("VmRSS"), Status("VmHWM"));

    public TimeSpan ProcessorTime => _process.TotalProcessorTime;

    public int Threads => (int)(Status("Threads") / 1_024);

    public static ProgramRun Start(string path, IEnumerable<string> arguments, string directory, IEnumerable<(string Name, string Value)> environment)
    {
        var start = new ProcessStartInfo(path) { RedirectStandardOutput = true, RedirectStandardError = true, WorkingDirectory = directory };
        foreach (var argument in arguments) start.ArgumentList.Add(argument);
        foreach (var (name, value) in environment) start.Environment[name] = value;
        var startedAt = Stopwatch.GetTimestamp();
        return new ProgramRun(Process.Start(start) ?? throw new InvalidOperationException($"{path} did not start")) { StartedAt = startedAt };
    }

    /// <summary>Where building left a program of this configuration, found from where this one is.</summary>
    public static string PathOf(string project, string name)
    {
        var built = AppContext.BaseDirectory.TrimEnd(Path.DirectorySeparatorChar).Split(Path.DirectorySeparatorChar)[^3..]; // bin / configuration / framework
        var path = Path.GetFullPath(Path.Combine([AppContext.BaseDirectory, "..", "..", "..", "..", project, .. built, name]));
        return File.Exists(path) ? path : throw new InvalidOperationException($"{path} is not there: build it first");
    }

    public static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }

    /// <summary>The first line that begins so.</summary>
    public async Task<string> Line(string begin)
    {
        using var deadline = new CancellationTokenSource(LineWithin);
        while (await _process.StandardOutput.ReadLineAsync(deadline.Token) is { } line)
        {
            if (!line.StartsWith(begin, StringComparison.Ordinal)) continue;

            _ = Keep(_process.StandardOutput); // A full pipe would stop it.
            return line;
        }

        await _errors;
        throw new InvalidOperationException($"'{begin}' was not said: {string.Join("; ", _said)}");
    }

    /// <summary>All it writes until it ends by itself.</summary>
    public async Task<string> Output()
    {
        var output = await _process.StandardOutput.ReadToEndAsync();
        await _process.WaitForExitAsync();
        await _errors;
        return _process.ExitCode == 0 ? output : throw new InvalidOperationException($"{_process.StartInfo.FileName} failed: {string.Join("; ", _said)}");
    }

    public async ValueTask DisposeAsync()
    {
        if (!_process.HasExited) _process.Kill();
        await _process.WaitForExitAsync();
        _process.Dispose();
    }

    /// <summary>A line of /proc/PID/status in kilobytes, as bytes.</summary>
    private long Status(string name)
    {
        var line = File.ReadLines($"/proc/{_process.Id}/status").First(line => line.StartsWith(name + ":", StringComparison.Ordinal));
        return 1_024 * long.Parse(line[(name.Length + 1)..].Replace("kB", "", StringComparison.Ordinal), CultureInfo.InvariantCulture);
    }

    private async Task Keep(StreamReader reader)
    {
        while (await reader.ReadLineAsync() is { } line) _said.Add(line);
    }
}
