using System.Globalization;
using System.Net;
using System.Net.Sockets;

namespace PolyArb.Tests.EndToEnd;

/// <summary>One silo of a cluster on loopback, with all that would be its own on a server of its own: directory, configuration, secrets, ports.</summary>
internal sealed class ClusterSilo : IAsyncDisposable
{
    private const int FirstPort = 20_100;
    private const int LastPort = 29_900; // Below those that outgoing connections take by themselves.

    private static int _lastPort = FirstPort + (Environment.ProcessId * 40 % (LastPort - FirstPort));

    private readonly string _directory;

    /// <param name="settings">config.yaml, without the ports.</param>
    /// <param name="secrets">.env.</param>
    public ClusterSilo(string name, string directory, string settings, string secrets)
    {
        (Name, _directory) = (name, Directory.CreateDirectory(Path.Combine(directory, name)).FullName);
        File.WriteAllText(Path.Combine(_directory, "config.yaml"), $"silo:\n  address: 127.0.0.1\n  port: {Port}\n  gateway_port: {GatewayPort}\n{settings}");
        var dotEnv = Path.Combine(_directory, ".env");
        File.WriteAllText(dotEnv, secrets);
        if (!OperatingSystem.IsWindows()) File.SetUnixFileMode(dotEnv, UnixFileMode.UserRead | UnixFileMode.UserWrite);
    }

    public string Name { get; }

    public int Port { get; } = FreePort();

    public int GatewayPort { get; } = FreePort();

    /// <summary>By which `cluster` names it.</summary>
    public string Address => $"127.0.0.1:{Port}";

    /// <summary>Where clients knock.</summary>
    public string Door => $"127.0.0.1:{GatewayPort}";

    /// <summary>The process of its last start.</summary>
    public Running Process { get; private set; } = null!;

    public bool IsUp { get; private set; }

    public bool IsFrozen { get; private set; }

    public int Starts { get; private set; }

    public void Start()
    {
        Process = Programs.Silo(["--data", "d"], _directory);
        (IsUp, Starts) = (true, Starts + 1);
    }

    public async Task Freeze()
    {
        await Process.Signal("STOP");
        IsFrozen = true;
    }

    /// <summary>From a freeze.</summary>
    public async Task Wake()
    {
        await Process.Signal("CONT");
        IsFrozen = false;
    }

    /// <summary>Until it says that it is up.</summary>
    public Task<string> Said(CancellationToken cancellation) => Process.Line("silo ", cancellation);

    public async Task<Ended> End(CancellationToken cancellation, TimeSpan? within = null)
    {
        var ended = await Process.End(cancellation, within);
        IsUp = false;
        await Process.DisposeAsync();
        return ended;
    }

    public async Task Kill(CancellationToken cancellation)
    {
        Process.Kill();
        await End(cancellation);
    }

    public async ValueTask DisposeAsync()
    {
        if (IsUp) await Process.DisposeAsync(); // SIGKILL, which ends a frozen one too.
        IsUp = false;
    }

    public override string ToString() => Name;

    private static int FreePort()
    {
        while (true)
        {
            var port = Interlocked.Increment(ref _lastPort);
            if (port > LastPort) port = Interlocked.Exchange(ref _lastPort, FirstPort);
            try
            {
                using var listener = new TcpListener(IPAddress.Loopback, port);
                listener.Start();
                return port;
            }
            catch (SocketException)
            {
                continue; // Somebody else's.
            }
        }
    }
}

/// <summary>Which connections of this host are whose, as Linux tells: a process' sockets by their number, their local ports by the same.</summary>
internal static class ProcessPorts
{
    public static HashSet<int> Of(int process)
    {
        var sockets = Sockets(process).ToHashSet(StringComparer.Ordinal);
        return [.. Connections().Where(connection => sockets.Contains(connection.Socket)).Select(connection => connection.Port)];
    }

    private static IEnumerable<string> Sockets(int process)
    {
        string[] open;
        try
        {
            open = Directory.GetFiles($"/proc/{process}/fd");
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            yield break; // It has ended.
        }

        foreach (var file in open)
        {
            if (new FileInfo(file).LinkTarget is { } target && target.StartsWith("socket:[", StringComparison.Ordinal)) yield return target[8..^1];
        }
    }

    /// <summary>Fields of a line: number, local address:port in hex, remote address, state, queues, timer, retransmits, user, timeout, socket.</summary>
    private static IEnumerable<(int Port, string Socket)> Connections() =>
        from table in (string[])["/proc/net/tcp", "/proc/net/tcp6"]
        from line in File.ReadLines(table).Skip(1)
        let fields = line.Split(' ', StringSplitOptions.RemoveEmptyEntries)
        select (int.Parse(fields[1].AsSpan(fields[1].LastIndexOf(':') + 1), NumberStyles.HexNumber, CultureInfo.InvariantCulture), fields[9]);
}
