using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using Npgsql;

namespace PolyArb.Tests.Storage;

/// <summary>
/// A PostgreSQL of our own (Debian's package), in a temporary directory and on a free loopback port, with nothing switched off that keeps commits. It
/// refuses to run as root, so it runs as the package's user then.
/// </summary>
public sealed class PrivatePostgres : IDisposable
{
    public const string User = "polyarb";
    public const string Password = "test-only-password";

    private static readonly string Programs = Directory.GetDirectories("/usr/lib/postgresql").Select(version => Path.Combine(version, "bin"))
        .Where(path => File.Exists(Path.Combine(path, "initdb"))).Max(StringComparer.Ordinal) ?? throw new FileNotFoundException("the Debian package postgresql is not installed");

    private readonly string _root = Directory.CreateTempSubdirectory("polyarb-postgres-").FullName;

    public PrivatePostgres()
    {
        Port = FreePort();
        File.WriteAllText(Path.Combine(_root, "password"), Password);
        if (IsRoot) Run("chown", "-R", "postgres", _root);
        Ours("initdb", "-D", Data, "-U", User, "--pwfile", Path.Combine(_root, "password"), "--auth=scram-sha-256", "--no-sync", "--encoding=UTF8", "--locale=C.UTF-8");
        Start();
    }

    public int Port { get; }

    private string Data => Path.Combine(_root, "data");

    private static bool IsRoot => Environment.UserName == "root";

    public string ConnectionTo(string database) =>
        new NpgsqlConnectionStringBuilder { Host = "127.0.0.1", Port = Port, Database = database, Username = User, Password = Password }.ToString();

    /// <summary>Also after a crash: it is tried again while what is left of the old one goes.</summary>
    public void Start()
    {
        var options = string.Create(
            CultureInfo.InvariantCulture, $"-p {Port} -c listen_addresses=127.0.0.1 -c unix_socket_directories='' -c max_connections=200 -c shared_buffers=32MB");
        for (var tries = 0; ; tries++)
        {
            try
            {
                Ours("pg_ctl", "-D", Data, "-l", Path.Combine(_root, "log"), "-w", "-t", "60", "-o", options, "start");
                return;
            }
            catch (InvalidOperationException) when (tries < 20)
            {
                Thread.Sleep(200);
            }
        }
    }

    /// <summary>In good order: it tells its clients.</summary>
    public void Stop() => Ours("pg_ctl", "-D", Data, "-w", "-m", "fast", "stop");

    /// <summary>SIGKILL to all of its processes at once.</summary>
    public void Kill()
    {
        var server = int.Parse(File.ReadLines(Path.Combine(Data, "postmaster.pid")).First(), CultureInfo.InvariantCulture);
        foreach (var process in (int[])[server, .. Children(server)])
        {
            try
            {
                using var it = Process.GetProcessById(process);
                it.Kill();
                it.WaitForExit();
            }
            catch (ArgumentException)
            {
                // Gone already, with its server.
            }
        }
    }

    /// <summary>Runs it on the server, in a database.</summary>
    public void Change(string sql, string database = "postgres")
    {
        using var connection = new NpgsqlConnection(ConnectionTo(database) + ";Pooling=false");
        connection.Open();
        using var command = new NpgsqlCommand(sql, connection);
        command.ExecuteNonQuery();
    }

    public void Dispose()
    {
        try
        {
            Ours("pg_ctl", "-D", Data, "-w", "-m", "immediate", "stop");
        }
        catch (InvalidOperationException)
        {
            // It was stopped by a test.
        }

        Directory.Delete(_root, recursive: true);
    }

    private static IEnumerable<int> Children(int parent) => Directory.GetDirectories("/proc").Select(Path.GetFileName)
        .Where(name => int.TryParse(name, NumberStyles.None, CultureInfo.InvariantCulture, out _))
        .Where(name => ParentOf(name!) == parent).Select(name => int.Parse(name!, CultureInfo.InvariantCulture));

    private static int ParentOf(string process)
    {
        try
        {
            var stat = File.ReadAllText($"/proc/{process}/stat");
            return int.Parse(stat[(stat.LastIndexOf(')') + 2)..].Split(' ')[1], CultureInfo.InvariantCulture);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return 0; // It ended meanwhile.
        }
    }

    internal static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }

    private static void Ours(string program, params string[] arguments)
    {
        var path = Path.Combine(Programs, program);
        if (IsRoot) Run("runuser", ["-u", "postgres", "--", path, .. arguments]);
        else Run(path, arguments);
    }

    /// <summary>Output goes to a file of its own, not a pipe: the server would hold it open.</summary>
    private static void Run(string program, params string[] arguments)
    {
        var start = new ProcessStartInfo("/bin/sh", ["-c", "exec \"$@\" </dev/null >/dev/null 2>&1", program, program, .. arguments]) { WorkingDirectory = "/" };
        start.Environment["PATH"] = "/usr/sbin:/usr/bin:/sbin:/bin";
        using var process = Process.Start(start)!;
        process.WaitForExit();
        if (process.ExitCode != 0) throw new InvalidOperationException($"{program} {string.Join(' ', arguments)} exits {process.ExitCode}");
    }
}
