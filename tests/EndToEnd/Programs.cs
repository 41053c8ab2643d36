using System.Collections.Immutable;
using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Text;
using System.Text.Json;

namespace PolyArb.Tests.EndToEnd;

/// <summary>How a program ended and what it said.</summary>
internal sealed record Ended(int ExitCode, string Output, string Error)
{
    public JsonElement Json => JsonDocument.Parse(Output).RootElement;
}

/// <summary>The built programs, run as people run them.</summary>
internal static class Programs
{
    public static readonly string Root = FindRoot();

    /// <summary>Where the build that these tests belong to left a program.</summary>
    public static string PathOf(string project, string name) =>
        Path.Combine([Root, project, .. AppContext.BaseDirectory.TrimEnd(Path.DirectorySeparatorChar).Split(Path.DirectorySeparatorChar)[^3..], name]);

    public static Running Silo(IReadOnlyList<string> arguments, string directory, params (string Name, string Value)[] environment) =>
        Running.Start(PathOf("silo", "polyarb-silo"), arguments, directory, environment);

    public static Running Exchange(params string[] arguments) =>
        Running.Start(PathOf("simulator", "polyarb-exchange"), arguments, Path.GetTempPath(), []);

    public static Task<Ended> Client(int port, CancellationToken cancellation, params string[] arguments) =>
        Client(Path.GetTempPath(), [], cancellation, [.. arguments, "--silo", $"localhost:{port}"]);

    public static async Task<Ended> Client(
        string directory, (string Name, string Value)[] environment, CancellationToken cancellation, params string[] arguments)
    {
        for (var round = 1; ; round++)
        {
            await using var client = Running.Start(PathOf("client", "polyarb-client"), arguments, directory, environment);
            var ended = await client.End(cancellation);
            if (ended.ExitCode != 3 || round == 5) return ended; // A busy machine may take longer over a connection than the client waits.
        }
    }

    /// <summary>Of a line that ends in an address.</summary>
    public static int PortOf(string line) => int.Parse(line[(line.LastIndexOf(':') + 1)..], System.Globalization.CultureInfo.InvariantCulture);

    public static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }

    private static string FindRoot()
    {
        var directory = new DirectoryInfo(AppContext.BaseDirectory);
        while (directory is not null && !File.Exists(Path.Combine(directory.FullName, "PolyArb.sln"))) directory = directory.Parent;
        return directory?.FullName ?? throw new InvalidOperationException("these tests run from inside the repository");
    }
}

/// <summary>A process whose lines can be waited for. Disposing kills it.</summary>
internal sealed class Running : IAsyncDisposable
{
    private static readonly TimeSpan Deadline = TimeSpan.FromSeconds(90);

    private readonly Process _process;
    private readonly StringBuilder _output = new();
    private readonly StringBuilder _error = new();
    private readonly List<(Func<string, bool> Is, TaskCompletionSource<string> Seen)> _waits = [];
    private readonly Task _reading;

    private Running(Process process)
    {
        _process = process;
        _reading = Task.WhenAll(Read(process.StandardOutput, _output), Read(process.StandardError, _error));
    }

    public int Id => _process.Id;

    public bool HasEnded => _process.HasExited;

    public static Running Start(string program, IReadOnlyList<string> arguments, string directory, ReadOnlySpan<(string Name, string Value)> environment)
    {
        var start = new ProcessStartInfo(program)
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            UseShellExecute = false,
            WorkingDirectory = directory,
        };
        foreach (var argument in arguments) start.ArgumentList.Add(argument);
        foreach (var (name, value) in environment) start.Environment[name] = value;
        return new Running(Process.Start(start)!);
    }

    /// <summary>The first line, past or future, that begins so.</summary>
    public Task<string> Line(string begin, CancellationToken cancellation) =>
        Line(line => line.StartsWith(begin, StringComparison.Ordinal), cancellation);

    public Task<string> Line(Func<string, bool> wanted, CancellationToken cancellation)
    {
        lock (_output)
        {
            if (_output.ToString().Split('\n').FirstOrDefault(wanted) is { } past) return Task.FromResult(past);

            var seen = new TaskCompletionSource<string>(TaskCreationOptions.RunContinuationsAsynchronously);
            _waits.Add((wanted, seen));
            return seen.Task.WaitAsync(Deadline, cancellation);
        }
    }

    public async Task<Ended> End(CancellationToken cancellation, TimeSpan? within = null)
    {
        await _process.WaitForExitAsync(cancellation).WaitAsync(within ?? Deadline, cancellation);
        await _reading;
        return new Ended(_process.ExitCode, _output.ToString(), _error.ToString());
    }

    /// <summary>SIGKILL, now.</summary>
    public void Kill() => _process.Kill();

    public async Task Signal(string signal)
    {
        using var kill = Process.Start("kill", [$"-{signal}", _process.Id.ToString(CultureInfo.InvariantCulture)]);
        await kill.WaitForExitAsync();
    }

    public async ValueTask DisposeAsync()
    {
        if (!_process.HasExited) _process.Kill();
        await _reading;
        _process.Dispose();
    }

    private async Task Read(StreamReader stream, StringBuilder into)
    {
        while (await stream.ReadLineAsync() is { } line)
        {
            lock (_output)
            {
                into.Append(line).Append('\n');
                foreach (var wait in _waits.Where(wait => wait.Is(line)).ToImmutableArray()) wait.Seen.TrySetResult(line);
            }
        }
    }
}
