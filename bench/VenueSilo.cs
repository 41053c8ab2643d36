using System.Net;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using PolyArb.Bench.Venue;
using PolyArb.Config;
using PolyArb.Domain.Ports;
using PolyArb.Domain.Risk;
using PolyArb.Grains;
using PolyArb.Grains.Interfaces;
using PolyArb.Polymarket.Signing;
using PolyArb.Silo.Hosting;
using PolyArb.Silo.Web;
using PolyArb.Storage;
using VenueOptions = PolyArb.Polymarket.VenueOptions;

namespace PolyArb.Bench;

/// <summary>
/// A whole silo as `polyarb-silo` builds it, trading live on the bench's venue: its own market feed, desks, portfolio, gateway, journal at
/// FULL, managed signer and HTTP client. Limits that nothing here reaches are set out of the way.
/// </summary>
internal sealed class VenueSilo : IAsyncDisposable
{
    /// <summary>Account 0 of the Hardhat test mnemonic: known to everybody, worth nothing.</summary>
    public const string PublicKey = "ac0974bec39a17e36ba4a6b4d238ff944bacb478cbed5efcae784d7bf4f2ff80";

    public const string ApiKey = "00000000-0000-0000-0000-000000000001", ApiSecret = "AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8=", ApiPassphrase = "bench";

    /// <summary>Lines of config.yaml: nothing stops a day of orders that find nothing to match.</summary>
    public const string Limits =
        """
        edge:
          quiet_after_basket_ms: 500
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
        safety:
          edge_decay_min_trades: 10000
          edge_decay_window_size: 10000
        """;

    private static readonly TimeSpan ReadyWithin = TimeSpan.FromMinutes(3);

    private readonly IDigestSigner _signer;
    private readonly DataDirectory _data;
    private readonly IHost _host;

    private VenueSilo(IDigestSigner signer, DataDirectory data, IHost host) => (_signer, _data, _host) = (signer, data, host);

    public IServiceProvider Services => _host.Services;

    public LatencyBook Latencies => Services.GetRequiredService<LatencyBook>();

    public IMarketFeed Feed => Services.GetRequiredService<IMarketFeed>();

    private IGrainFactory Grains => Services.GetRequiredService<IGrainFactory>();

    /// <summary>Up, reconciled, every book proven, and RUNNING.</summary>
    /// <param name="proofs">always or before_trade.</param>
    /// <param name="records">Whether everything that comes in is written to events.db, as a silo does unless told not to.</param>
    public static async Task<VenueSilo> Start(VenueServer venue, string proofs, bool records)
    {
        var options = OptionsOf(proofs, records);
        if (Signers.Create(PublicKey, SignerBackend.Managed) is not SignerChoice.Made(var signer, _)) throw new System.Diagnostics.UnreachableException();

        var time = new SteadyTime(TimeProvider.System);
        var data = DataDirectory.Open(
            Directory.CreateTempSubdirectory("polyarb-bench-").FullName, Identity.Live(137, venue.Url, signer.Address.ToString()), time);
        var silo = new VenueSilo(signer, data, SiloHost.Build(SetupOf(venue, signer, options, data), time));
        await silo._host.StartAsync();
        await silo.Ready(venue);
        return silo;
    }

    /// <summary>What the desks have applied of the venue's events, all markets together.</summary>
    public async Task<long> Events(VenueServer venue) => (await Views(venue)).Sum(view => view.Events);

    public async ValueTask DisposeAsync()
    {
        await _host.StopAsync();
        _host.Dispose();
        _data.Dispose();
        _signer.Dispose();
        Directory.Delete(_data.Root, recursive: true);
    }

    private async Task Ready(VenueServer venue)
    {
        using var deadline = new CancellationTokenSource(ReadyWithin);
        while (true)
        {
            var status = await Grains.GetGrain<IControl>(0).Status();
            if (status is { Recovering: false, State: TradingState.Running, Venue: "" } && (await Views(venue)).Sum(view => view.Synced) == venue.Books.Length) return;
            if (deadline.IsCancellationRequested) throw new InvalidOperationException($"the silo did not get ready: {status}");
            await Task.Delay(100);
        }
    }

    private Task<MarketView[]> Views(VenueServer venue) => Task.WhenAll(venue.Markets.Select(market => Grains.GetGrain<IMarketGrain>(market.Id.Text).View()));

    private static PolyArbOptions OptionsOf(string proofs, bool records)
    {
        var file = Path.GetTempFileName();
        try
        {
            File.WriteAllText(
                file,
                $"""
                runtime:
                  start_paused: false
                  dry_run: false
                markets:
                  enabled: all
                proof:
                  check: {proofs}
                recorder:
                  enabled: {(records ? "true" : "false")}
                {Limits}
                """);
            return ConfigLoader.Load(file, new Dictionary<string, string> { ["PRIVATE_KEY"] = PublicKey }, dotEnvPath: null) switch
            {
                ConfigResult.Ok(var options, _) => options,
                ConfigResult.Invalid(var lines) => throw new InvalidOperationException(string.Join("; ", lines)),
                _ => throw new System.Diagnostics.UnreachableException(),
            };
        }
        finally
        {
            File.Delete(file);
        }
    }

    private static SiloSetup SetupOf(VenueServer venue, IDigestSigner signer, PolyArbOptions options, DataDirectory data) => new()
    {
        Data = data,
        Venue = new VenueOptions
        {
            RestUrl = venue.Url,
            WsUrl = venue.SocketUrl,
            GammaUrl = new Uri(venue.Url, "/gamma/"),
            DataUrl = new Uri(venue.Url, "/data-api/"),
            ChainId = 137,
            Signer = signer,
            Credentials = new Credentials(ApiKey, ApiSecret, ApiPassphrase),
            WaitingMax = options.Runtime.EventQueueMaxSize,
        },
        Configuration = new Configuration(options, changed => SiloSetup.RulesOf(changed, mode: "bench")),
        Address = IPAddress.Loopback,
        SiloPort = ProgramRun.FreePort(),
        GatewayPort = ProgramRun.FreePort(),
        EnableAll = true,
        Seeds = [],
        LogLevel = Serilog.Events.LogEventLevel.Fatal,
        Paper = null,
        SettlesAt = null,
        Recorder = options.Recorder,
        WaitingHighWatermark = options.Runtime.EventQueueHighWatermark,
        Redactor = Redactor.Nothing,
        Door = ControlDoor.Unlocked,
        Snapshots = options.Snapshot,
        Persistence = options.Persistence,
        Metrics = options.Metrics,
        Traces = options.Traces,
        Web = null,
    };
}
