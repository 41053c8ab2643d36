using System.Collections.Immutable;
using System.Diagnostics;
using System.Globalization;
using System.Text.Json;
using PolyArb.Client;
using PolyArb.Tests.Client;
using PolyArb.Tests.Storage;
using Xunit;

namespace PolyArb.Tests.EndToEnd;

/// <summary>A silo as `cluster` shows it.</summary>
internal sealed record SeenSilo(string Address, string Status, bool HasGateway, ImmutableArray<string> Markets);

/// <summary>
/// A database, an exchange and some silos that trade live on it as one cluster, all as people run them, and an operator at a shell who names all
/// silos. The exchange is the judge: of money by its ledger, of who sent what and who listens by its log of connections.
/// </summary>
internal sealed class ClusterDay : IAsyncDisposable
{
    public const string Key = "0xac0974bec39a17e36ba4a6b4d238ff944bacb478cbed5efcae784d7bf4f2ff80"; // Hardhat's account 0.
    public const string OtherKey = "0x59c6995e998f97a5a0044966f0945389dc9e86dae88c7a8412f4603b6b78690d"; // Its account 1.
    public const string Wallet = "0xf39fd6e51aad88f6f4ce6ab8827279cfffb92266";

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(180);

    private readonly string _directory;
    private readonly string _database;
    private readonly Running _exchange;
    private readonly Uri _url;
    private readonly string _settings;
    private readonly ITestOutputHelper _output;
    private readonly HttpClient _http;
    private readonly List<ClusterSilo> _silos = [];
    private readonly Operator _operator = new();
    private SiloConnection? _line;
    private string _lineTo = "";

    private ClusterDay(string directory, string database, Running exchange, Uri url, string more, ITestOutputHelper output)
    {
        (_directory, _database, _exchange, _url, _output) = (directory, database, exchange, url, output);
        _settings = Settings(url, more);
        _http = new HttpClient { BaseAddress = url };
        Wire = new ClusterWire(_http, () => [.. _silos]);
    }

    public ClusterWire Wire { get; }

    public IReadOnlyList<ClusterSilo> Silos => _silos;

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    /// <param name="scenario">A name, or a scenario's text.</param>
    /// <param name="more">Lines of config.yaml; limits that nothing reaches are there already.</param>
    public static async Task<ClusterDay> Start(ITestOutputHelper output, PostgresServer server, string scenario, int seed, string more = "")
    {
        var directory = Directory.CreateTempSubdirectory("polyarb-cluster-").FullName;
        if (scenario.Contains('\n', StringComparison.Ordinal))
        {
            var file = Path.Combine(directory, "scenario.yaml");
            await File.WriteAllTextAsync(file, scenario, Stop);
            scenario = file;
        }

        var exchange = Programs.Exchange("serve", "--port", "0", "--seed", $"{seed}", "--scenario", scenario);
        var url = new Uri((await exchange.Line("listening on ", Stop))["listening on ".Length..]);
        return new ClusterDay(directory, server.Empty(), exchange, url, more, output);
    }

    /// <summary>Configured, not started.</summary>
    /// <param name="key">Null: it hosts markets, and never the gateway.</param>
    /// <param name="environment">A line more of .env.</param>
    public ClusterSilo Add(string name, string? key = Key, string environment = "")
    {
        var secrets = $"DATABASE_CONNECTION='{_database}'\n{(key is null ? "" : $"PRIVATE_KEY={key}\n")}{environment}\n";
        var silo = new ClusterSilo(name, _directory, _settings, secrets);
        _silos.Add(silo);
        return silo;
    }

    /// <summary>All of these started at once, up, and the gateway has read the venue.</summary>
    public async Task Up(params IReadOnlyList<ClusterSilo> silos)
    {
        var since = Stopwatch.StartNew();
        foreach (var silo in silos) silo.Start();
        foreach (var silo in silos) await silo.Said(Stop);
        Say($"{string.Join(", ", silos)} up after {since.ElapsedMilliseconds} ms");
        await Recovered();
    }

    public Task Recovered() => Until(
        async () => await TryStatus() is not { } status ? "no status" : status.GetProperty("recovering").GetBoolean() ? $"recovering: {status.GetProperty("venue")}" : null,
        "recovered");

    /// <summary>By way of PAUSED where it is SAFE.</summary>
    public async Task Resume()
    {
        if (await State() is "SAFE") await Says("pause");
        await Says("resume", "--reason", "drill");
    }

    /// <summary>A command that has to do all it promises.</summary>
    public async Task<Said> Says(params string[] command)
    {
        var said = await Run(command);
        Assert.True(said.ExitCode == 0, $"{command[0]}: {said.Error}");
        return said;
    }

    /// <summary>By somebody who keeps his connection to the silos that are up.</summary>
    public async Task<Said> Run(params string[] command)
    {
        await Connect();
        return await _operator.Run(command);
    }

    /// <summary>By somebody who comes anew and names all silos, also those that are down.</summary>
    public async Task<Said> RunAnew(params string[] command)
    {
        using var person = new Operator();
        return await person.Run([.. command, "--silo", string.Join(',', _silos.Select(silo => silo.Door))]);
    }

    public async Task<string> State() => (await Status()).GetProperty("state").GetString()!;

    public async Task<JsonElement> Status() => (await Says("status", "--json")).Json;

    public async Task<ImmutableArray<SeenSilo>> Cluster() => SeenIn(await Says("cluster", "--json"));

    /// <summary>The silo where the gateway is now; null while there is none, or nobody answers.</summary>
    public async Task<ClusterSilo?> GatewaysSilo()
    {
        var said = await Run("cluster", "--json");
        var address = said.ExitCode == 0 ? SeenIn(said).SingleOrDefault(silo => silo is { Status: "Active", HasGateway: true })?.Address : null;
        return _silos.Find(silo => silo.Address == address);
    }

    public async Task<ClusterSilo> Gateway()
    {
        ClusterSilo? found = null;
        await Until(async () => (found = await GatewaysSilo()) is null ? "none" : null, "a silo with the gateway");
        return found!;
    }

    /// <summary>So many orders have arrived since then: the cluster trades.</summary>
    public Task Sends(long since, int orders) => Until(
        () => Task.FromResult(Wire.Since(since).Count() is var sent && sent >= orders ? null : $"{sent} since"), $"{orders} orders at the exchange");

    /// <summary>The first order over a connection of another silo than this one.</summary>
    public async Task<Arrival> FirstOf(ClusterSilo others, long since)
    {
        Arrival? first = null;
        await Until(
            () => Task.FromResult((first = Wire.Since(since).FirstOrDefault(arrival => arrival.Silo is { } silo && silo != others.Name)) is null ? "none" : null),
            $"an order that {others} has not sent");
        return first!;
    }

    /// <summary>Every order the exchange ever took from us, by its id.</summary>
    public async Task<Dictionary<string, string>> OrderStatuses()
    {
        using var ledger = JsonDocument.Parse(await _http.GetStringAsync(new Uri("/sim/ledger", UriKind.Relative), Stop));
        return ledger.RootElement.GetProperty("accounts").TryGetProperty(Wallet, out var account)
            ? account.GetProperty("orders").EnumerateArray().ToDictionary(order => order.GetProperty("id").GetString()!, order => order.GetProperty("status").GetString()!)
            : [];
    }

    /// <summary>Every order once at the exchange, every basket ended, both ledgers equal. Trading must be paused.</summary>
    public async Task AssertNothingIsLostOrDoubled()
    {
        await Until(async () => await OpenBaskets() is > 0 and var open ? $"{open} open" : null, "every basket ended");
        var twice = Wire.Arrivals.GroupBy(arrival => arrival.Id).Where(order => order.Count() > 1).Select(order => order.Key);
        Assert.Empty(twice);
        var ours = (await Says("orders", "--json")).Json.EnumerateArray().Select(order => order.GetProperty("id").GetString()!).ToHashSet();
        Assert.Empty((await OrderStatuses()).Keys.Except(ours));
        string[] differences = [];
        for (var round = 0; round < 20 && (round == 0 || differences.Length > 0); round++)
            differences = await Ledgers.Differences(_silos.First(silo => silo.IsUp).GatewayPort, _http, _url, Stop);
        Assert.Empty(differences);
    }

    /// <summary>
    /// Every enabled market whole and proven, on exactly one of the silos that are up, and each of its tokens followed by that many sockets, one.
    /// </summary>
    public async Task MarketsAreWhole()
    {
        var since = Stopwatch.StartNew();
        await Until(async () => await WrongWithMarkets(), "every market whole and on one silo");
        Say($"  every market whole, proven and followed once {since.ElapsedMilliseconds} ms later: {await Spread()}");
    }

    public async Task<string> Spread() => string.Join(", ", (await Cluster()).Where(silo => silo.Status == "Active")
        .Select(silo => $"{_silos.Find(one => one.Address == silo.Address)} {silo.Markets.Length}{(silo.HasGateway ? " and the gateway" : "")}"));

    /// <summary>What is true in the end: asked again and again, for a minute and a half at most. The answer says what is not yet so.</summary>
    public static async Task Until(Func<Task<string?>> wrong, string what, TimeSpan? patience = null)
    {
        var since = Stopwatch.StartNew();
        while (await wrong() is { } why)
        {
            if (since.Elapsed > (patience ?? Patience)) throw new Xunit.Sdk.XunitException($"{what}: never came; {why}");
            await Task.Delay(100, Stop);
        }
    }

    public void Say(string line) => _output.WriteLine(line);

    public async ValueTask DisposeAsync()
    {
        await Wire.DisposeAsync();
        foreach (var silo in _silos) await silo.DisposeAsync();
        _http.Dispose();
        await _exchange.DisposeAsync();
        if (_line is not null) await _line.DisposeAsync();
        _operator.Dispose();
        Directory.Delete(_directory, recursive: true);
    }

    /// <summary>A new connection whenever somebody has come or gone.</summary>
    private async Task Connect()
    {
        var reachable = _silos.Where(silo => silo is { IsUp: true, IsFrozen: false }).ToArray();
        var to = string.Join(',', reachable.Select(silo => $"{silo.Door} {silo.Starts}"));
        if (_line is not null && to == _lineTo) return;

        if (_line is not null) await _line.DisposeAsync();
        _line = null;
        await Until(
            async () =>
            {
                try
                {
                    _line = await SiloConnection.Open(string.Join(',', reachable.Select(silo => silo.Door)), token: null, TimeSpan.FromSeconds(10), Stop);
                    return null;
                }
                catch (CommandException e)
                {
                    return e.Message;
                }
            },
            "a connection");
        _lineTo = to;
        _operator.Cluster = (IClusterClient)_line!.Grains;
    }

    private async Task<int> OpenBaskets() => (await Run("baskets", "--json")) is { ExitCode: 0 } said
        ? said.Json.EnumerateArray().Count(basket => basket.GetProperty("state").GetString() is "OPEN")
        : int.MaxValue;

    private async Task<string?> WrongWithMarkets()
    {
        if (_silos.Find(silo => silo is { IsUp: true, Process.HasEnded: true }) is { } gone)
        {
            var ended = await gone.End(Stop);
            throw new Xunit.Sdk.XunitException($"{gone} ended by itself: {ended.ExitCode} {ended.Error}");
        }

        var said = await Run("cluster", "--json");
        if (said.ExitCode != 0) return said.Error;

        var up = _silos.Where(silo => silo.IsUp).Select(silo => silo.Address).Order(StringComparer.Ordinal).ToArray();
        var active = SeenIn(said).Where(silo => silo.Status is "Active").ToArray();
        if (!active.Select(silo => silo.Address).Order(StringComparer.Ordinal).SequenceEqual(up)) return $"{active.Length} silos are active, {up.Length} are up";

        var markets = await _line!.Cluster.Markets();
        var placed = active.SelectMany(one => one.Markets).ToLookup(market => market);
        if (markets.FirstOrDefault(market => placed[market.Id.Text].Count() != 1) is { } lost) return $"{lost.Id} is on {placed[lost.Id.Text].Count()} silos";
        if (markets.Count(market => market.Conditions == 0 || market.Stale > 0) is > 0 and var stale) return $"{stale} of {markets.Length} markets are not whole";
        if (markets.Count(market => market.Proofs.Ok == 0) is > 0 and var unproven) return $"{unproven} of {markets.Length} markets are not proven";

        var tokens = (await Wire.Followed()).Tokens;
        if (tokens.FirstOrDefault(token => token.Silos.Length != 1).Token is { } heard) return $"{heard} is followed {tokens.First(token => token.Token == heard).Silos.Length} times";
        if (tokens.Any(token => token.Silos[0] is "?")) return "a token is followed by nobody who is known";
        return tokens.Length == 2 * markets.Sum(market => market.Conditions) ? null : $"{tokens.Length} tokens are followed, of {2 * markets.Sum(market => market.Conditions)}";
    }

    private async Task<JsonElement?> TryStatus() => await Run("status", "--json") is { ExitCode: 0 } said ? said.Json : null;

    public static ImmutableArray<SeenSilo> SeenIn(Said said) =>
    [
        .. said.Json.GetProperty("silos").EnumerateArray().Select(silo => new SeenSilo(
            silo.GetProperty("address").GetString()!, silo.GetProperty("status").GetString()!, silo.GetProperty("gateway").GetBoolean(),
            [.. silo.GetProperty("markets").EnumerateArray().Select(market => market.GetString()!)])),
    ];

    private static string Settings(Uri exchange, string more) => string.Create(CultureInfo.InvariantCulture, $"""
        runtime:
          dry_run: false
        markets:
          enabled: all
        venue:
          clob_rest_url: {exchange}
          clob_ws_url: ws://{exchange.Authority}/ws/
        storage:
          provider: postgres
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

        """);
}
