using System.Collections.Immutable;
using System.Text.Json;
using PolyArb.Domain.Journal;
using PolyArb.Domain.Orders;
using PolyArb.Storage;
using PolyArb.Tests.Client;
using Xunit;

namespace PolyArb.Tests.EndToEnd;

/// <summary>
/// The exchange and a silo that trades live on it, both as people run them, and an operator at a shell. What the silo knew is read from
/// its journal, what really happened from the exchange's ledger.
/// </summary>
internal sealed class LiveDay : IAsyncDisposable
{
    private const string Key = "0xac0974bec39a17e36ba4a6b4d238ff944bacb478cbed5efcae784d7bf4f2ff80"; // Hardhat's account 0.
    private const string Wallet = "0xf39fd6e51aad88f6f4ce6ab8827279cfffb92266";

    private readonly string _directory = Directory.CreateTempSubdirectory("polyarb-e2e-").FullName;
    private readonly Running _exchange;
    private readonly (string, string)[] _environment;

    private LiveDay(Running exchange, Uri url)
    {
        (_exchange, Url) = (exchange, url);
        Http = new HttpClient { BaseAddress = url };
        _environment =
        [
            ("CLOB_REST_URL", $"{url}"), ("CLOB_WS_URL", $"ws://{url.Authority}/ws/"), ("DRY_RUN", "false"), ("MARKETS", "all"), ("PRIVATE_KEY", Key),
        ];
        foreach (var (name, value) in _environment) Operator.Environment[name] = value;
    }

    public Uri Url { get; }

    public HttpClient Http { get; }

    /// <summary>Where the silo answers.</summary>
    public int Port { get; } = Programs.FreePort();

    public Operator Operator { get; } = new();

    public string Data => Path.Combine(_directory, "d");

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    /// <param name="more">Lines of config.yaml; limits that nothing reaches are there already, for how often it may die is not theirs to say.</param>
    public static async Task<LiveDay> Start(string scenario, int seed, string more = "")
    {
        var exchange = Programs.Exchange("serve", "--port", "0", "--seed", $"{seed}", "--scenario", scenario);
        var day = new LiveDay(exchange, new Uri((await exchange.Line("listening on ", Stop))["listening on ".Length..]));
        await File.WriteAllTextAsync(
            Path.Combine(day._directory, "config.yaml"),
            $"""
            silo:
              port: {Programs.FreePort()}
              gateway_port: {day.Port}
            web:
              port: off
            orders:
              unanswered_resolve_after_sec: 10
            risk:
              max_position_per_market: 1000000
              max_total_exposure: 10000000
              max_hourly_loss: 1000000
              max_daily_loss: 1000000
              drawdown_limit: 1000000
              max_unresolved_orders: 1000
              max_open_orders_per_market: 1000
              p95_latency_ms_limit: 60000
              reject_rate_limit: 1
              picked_off_spike_count: 10000
              max_phantoms_per_minute: 1000000
            {more}
            """,
            Stop);
        return day;
    }

    /// <summary>A silo on the day's data directory, up and reconciled.</summary>
    public async Task<Running> Silo()
    {
        var silo = Programs.Silo(["--data", "d"], _directory, _environment);
        await silo.Line("silo ", Stop);
        await Until(async () => await TryStatus() is { } status && !status.GetProperty("recovering").GetBoolean(), "recovery");
        return silo;
    }

    /// <summary>By way of PAUSED where it is SAFE.</summary>
    public async Task Resume()
    {
        if ((await Status()).GetProperty("state").GetString() is "SAFE") await Says("pause");
        await Says("resume", "--reason", "drill");
    }

    /// <summary>A command that has to do all it promises.</summary>
    public async Task Says(params string[] command)
    {
        var said = await Operator.Run([.. command, "--silo", $"localhost:{Port}"]);
        Assert.True(said.ExitCode == 0, $"{command[0]}: {said.Error}");
    }

    public async Task<JsonElement> Status() => await TryStatus() ?? throw new Xunit.Sdk.XunitException("the silo does not answer");

    public async Task<ImmutableArray<Fact>> Facts()
    {
        using var source = GatedSqliteDataSource.Fast(Path.Combine(Data, "polyarb.db"));
        await using var journal = new SqlJournal(source);
        var facts = ImmutableArray.CreateBuilder<Fact>();
        await foreach (var fact in journal.ReadAll(Stop)) facts.Add(fact);
        return facts.ToImmutable();
    }

    public static Blotter BlotterOf(ImmutableArray<Fact> facts)
    {
        var blotter = new Blotter();
        foreach (var fact in facts) blotter.Apply(fact);
        return blotter;
    }

    /// <summary>Every order the exchange ever took from us.</summary>
    public async Task<ImmutableArray<JsonElement>> Orders()
    {
        using var ledger = JsonDocument.Parse(await Http.GetStringAsync(new Uri("/sim/ledger", UriKind.Relative), Stop));
        return ledger.RootElement.GetProperty("accounts").TryGetProperty(Wallet, out var account)
            ? [.. account.GetProperty("orders").Clone().EnumerateArray()]
            : [];
    }

    /// <summary>Those that rest there now.</summary>
    public async Task<string[]> OpenOrders() =>
        [.. (await Orders()).Where(order => order.GetProperty("status").GetString() is "LIVE").Select(order => order.GetProperty("id").GetString()!)];

    /// <summary>Where both ledgers differ, when the trades had time to settle.</summary>
    public async Task<string[]> Differences()
    {
        string[] differences = [];
        for (var round = 0; round < 20; round++)
        {
            differences = await Ledgers.Differences(Port, Http, Url, Stop);
            if (differences.Length == 0) break;
        }

        return differences;
    }

    /// <summary>Patient: an order that never arrived is found absent after three rounds.</summary>
    public static async Task Until(Func<Task<bool>> holds, string what)
    {
        using var deadline = new CancellationTokenSource(TimeSpan.FromSeconds(180));
        while (!await holds())
        {
            if (deadline.IsCancellationRequested) throw new Xunit.Sdk.XunitException($"{what}: never came");
            await Task.Delay(50, Stop);
        }
    }

    public async ValueTask DisposeAsync()
    {
        Http.Dispose();
        await _exchange.DisposeAsync();
        Operator.Dispose();
        Directory.Delete(_directory, recursive: true);
    }

    private async Task<JsonElement?> TryStatus() =>
        await Operator.Run("status", "--json", "--silo", $"localhost:{Port}") is { ExitCode: 0 } said ? said.Json : null;
}
