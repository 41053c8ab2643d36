using System.Diagnostics;
using System.Globalization;

namespace PolyArb.Silo.Demo;

/// <summary>The local exchange as a process of its own, for as long as this object lives.</summary>
internal sealed class ExchangeProcess : IAsyncDisposable
{
    private const string Ready = "listening on ";
    private const int BadUsage = 2;
    private static readonly TimeSpan StartWithin = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan StopWithin = TimeSpan.FromSeconds(5);

    private readonly Process _process;

    private ExchangeProcess(Process process, Uri url) => (_process, Url) = (process, url);

    public Uri Url { get; }

    /// <summary>Starts it and waits for its ready line.</summary>
    /// <exception cref="ExchangeUsageException">One line: what it cannot do as it was told: a fault plan or a scenario it cannot read.</exception>
    /// <exception cref="InvalidOperationException">One line: why it did not start.</exception>
    public static async Task<ExchangeProcess> Start(long seed, int port, string? faults, string scenario, CancellationToken cancellation)
    {
        var start = new ProcessStartInfo(Find()) { RedirectStandardOutput = true, RedirectStandardError = true, UseShellExecute = false };
        string[] arguments =
        [
            "serve", "--port", port.ToString(CultureInfo.InvariantCulture), "--seed", seed.ToString(CultureInfo.InvariantCulture),
            "--parent", Environment.ProcessId.ToString(CultureInfo.InvariantCulture), "--scenario", scenario, .. faults is null ? [] : (string[])["--faults", faults],
        ];
        foreach (var argument in arguments) start.ArgumentList.Add(argument);
        foreach (var secret in start.Environment.Keys.Where(name => name.StartsWith("CLOB_", StringComparison.Ordinal) || name is "PRIVATE_KEY").ToArray())
            start.Environment.Remove(secret);

        var process = Process.Start(start) ?? throw new InvalidOperationException($"{start.FileName} did not start");
        using var deadline = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        deadline.CancelAfter(StartWithin);
        try
        {
            while (await process.StandardOutput.ReadLineAsync(deadline.Token) is { } line)
            {
                if (!line.StartsWith(Ready, StringComparison.Ordinal)) continue;

                Drain(process);
                return new ExchangeProcess(process, new Uri(line[Ready.Length..].Trim()));
            }
        }
        catch (OperationCanceledException)
        {
            process.Kill();
            cancellation.ThrowIfCancellationRequested();
            throw new InvalidOperationException($"the local exchange did not get ready within {StartWithin.TotalSeconds:0} s");
        }

        var complaint = (await process.StandardError.ReadToEndAsync(cancellation)).Trim();
        await process.WaitForExitAsync(cancellation);
        throw process.ExitCode is BadUsage
            ? new ExchangeUsageException(complaint)
            : new InvalidOperationException($"the local exchange ended at once: {complaint}");
    }

    public async ValueTask DisposeAsync()
    {
        if (!_process.HasExited)
        {
            using var kill = Process.Start("kill", ["-TERM", _process.Id.ToString(CultureInfo.InvariantCulture)]);
            using var deadline = new CancellationTokenSource(StopWithin);
            try
            {
                await _process.WaitForExitAsync(deadline.Token);
            }
            catch (OperationCanceledException)
            {
                _process.Kill();
            }
        }

        _process.Dispose();
    }

    /// <summary>A full pipe would stop the exchange.</summary>
    private static void Drain(Process process)
    {
        _ = Read(process.StandardOutput, _ => { });
        _ = Read(process.StandardError, line => Console.Error.WriteLine($"exchange: {line}"));
    }

    private static async Task Read(StreamReader stream, Action<string> take)
    {
        while (await stream.ReadLineAsync() is { } line) take(line);
    }

    /// <summary>Beside the silo when published, else where building the silo leaves it.</summary>
    private static string Find()
    {
        const string name = "polyarb-exchange";
        var here = AppContext.BaseDirectory;
        var built = here.TrimEnd(Path.DirectorySeparatorChar).Split(Path.DirectorySeparatorChar)[^3..]; // bin / configuration / framework
        string[] candidates = [Path.Combine(here, name), Path.Combine([here, "..", "..", "..", "..", "simulator", .. built, name])];
        return candidates.FirstOrDefault(candidate => File.Exists(candidate) && File.Exists(candidate + ".dll"))
            ?? throw new InvalidOperationException($"{name} was not found beside {here}: build the silo, which builds it");
    }
}
