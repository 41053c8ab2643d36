using System.Diagnostics;
using System.Globalization;
using System.Net.Sockets;
using System.Text.Json;
using PolyArb.Client;
using PolyArb.Domain;

namespace PolyArb.Bench;

/// <summary>
/// From the start of a polyarb-silo process to the first book it has proven on polyarb-exchange, asked over the silo's own port. Cold: a new
/// data directory and, where this process may, nothing of the programs in the file cache.
/// </summary>
internal static class Startup
{
    private const string DropCaches = "/proc/sys/vm/drop_caches";

    public static readonly string[] Columns = ["cold", "warm p50", "warm min", "warm max", "runs", "CPU s"];

    /// <summary>What the runtime can be told from outside.</summary>
    private static readonly (string Name, (string, string)[] Settings)[] Kinds =
    [
        ("as it is", []),
        ("with TieredPGO", [("DOTNET_TieredPGO", "1")]),
        ("without ReadyToRun", [("DOTNET_ReadyToRun", "0")]),
    ];

    public static async Task<BenchTable> Measure(BenchTable table, string? silo, bool isShort)
    {
        var path = silo ?? ProgramRun.PathOf("silo", "polyarb-silo");
        var runs = isShort ? 1 : 5;
        await using var exchange = ProgramRun.Start(ProgramRun.PathOf("simulator", "polyarb-exchange"), ["serve", "--port", "0"], Path.GetTempPath(), []);
        var url = new Uri((await exchange.Line("listening on "))["listening on ".Length..].Trim());
        var market = await FirstMarket(url);
        if (!isShort) await Run(path, url, market, [], new Scratch()); // The asking itself has to be compiled once.
        foreach (var (name, settings) in isShort ? Kinds[..1] : Kinds)
        {
            var scratch = new Scratch();
            var isCold = !isShort && TryDropCaches();
            var (cold, used) = await Run(path, url, market, settings, scratch);
            List<double> warm = [];
            for (var run = 0; run < runs; run++)
            {
                var (seconds, processor) = await Run(path, url, market, settings, scratch);
                warm.Add(seconds);
                used = processor;
            }

            scratch.Delete();
            warm.Sort();
            table.Add($"{name}{(isCold || isShort ? "" : " (cold only by its data)")}", "s", cold, warm[warm.Count / 2], warm[0], warm[^1], runs, used);
        }

        table.Note($"{path}, {url}: a dry run with every market of the exchange's default scenario.");
        return table;
    }

    /// <summary>Seconds to the first proven book, and of a processor until then.</summary>
    private static async Task<(double Seconds, double Processor)> Run(
        string path, Uri exchange, MarketId market, IEnumerable<(string, string)> settings, Scratch scratch)
    {
        var gateway = ProgramRun.FreePort();
        var config = scratch.Config(exchange, gateway);
        await using var silo = ProgramRun.Start(path, ["--config", config, "--data", scratch.Data], scratch.Directory, [("MARKETS", "all"), .. settings]);
        var listening = silo.Line("silo ");
        while (!await Answers(gateway)) await Task.Delay(5);

        await using var connection = await Connect(gateway);
        while (!await IsProven(connection, market)) await Task.Delay(5);

        var (seconds, processor) = (Stopwatch.GetElapsedTime(silo.StartedAt).TotalSeconds, silo.ProcessorTime.TotalSeconds);
        await listening;
        return (seconds, processor);
    }

    private static async Task<bool> IsProven(SiloConnection connection, MarketId market)
    {
        try
        {
            return (await connection.Market(market).View()).Proofs.Ok > 0;
        }
        catch (Exception e) when (e is TimeoutException or Orleans.Runtime.OrleansException)
        {
            return false; // Not all of it is up.
        }
    }

    private static async Task<bool> Answers(int port)
    {
        try
        {
            using var client = new TcpClient();
            await client.ConnectAsync("127.0.0.1", port);
            return true;
        }
        catch (SocketException)
        {
            return false;
        }
    }

    private static async Task<SiloConnection> Connect(int port)
    {
        while (true)
        {
            try
            {
                return await SiloConnection.Open($"127.0.0.1:{port}", token: null, TimeSpan.FromSeconds(5), CancellationToken.None);
            }
            catch (CommandException)
            {
                await Task.Delay(5); // Its port is open before it answers.
            }
        }
    }

    private static async Task<MarketId> FirstMarket(Uri exchange)
    {
        using var http = new HttpClient();
        using var listed = JsonDocument.Parse(await http.GetStringAsync(new Uri(exchange, "/gamma/markets/keyset?limit=100&active=true&closed=false")));
        var alone = listed.RootElement.GetProperty("markets").EnumerateArray().First(market => !market.GetProperty("negRisk").GetBoolean());
        return new MarketId(alone.GetProperty("conditionId").GetString()!);
    }

    private static bool TryDropCaches()
    {
        try
        {
            File.WriteAllText(DropCaches, "3");
            return true;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return false;
        }
    }

    /// <summary>A directory for a configuration and the data of one silo after the other.</summary>
    private sealed class Scratch
    {
        public string Directory { get; } = System.IO.Directory.CreateTempSubdirectory("polyarb-bench-").FullName;

        public string Data => Path.Combine(Directory, "data");

        public string Config(Uri exchange, int gateway)
        {
            var file = Path.Combine(Directory, "config.yaml");
            File.WriteAllText(
                file,
                string.Create(
                    CultureInfo.InvariantCulture,
                    $"""
                    silo:
                      port: {ProgramRun.FreePort()}
                      gateway_port: {gateway}
                    web:
                      port: off
                    venue:
                      clob_rest_url: {exchange}
                      clob_ws_url: ws://{exchange.Authority}/ws/
                    """));
            return file;
        }

        public void Delete() => System.IO.Directory.Delete(Directory, recursive: true);
    }
}
