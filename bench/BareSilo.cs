using System.Collections.Immutable;
using System.Net;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging.Abstractions;
using Orleans.Hosting;
using PolyArb.Config;
using PolyArb.Domain;
using PolyArb.Domain.Books;
using PolyArb.Domain.Ports;
using PolyArb.Polymarket.Signing;
using PolyArb.Silo.Hosting;
using PolyArb.Silo.Metrics;
using PolyArb.Silo.Web;
using PolyArb.Storage;
using VenueOptions = PolyArb.Polymarket.VenueOptions;

namespace PolyArb.Bench;

/// <summary>A dry-run silo with all its services, whose market feed is ours, and which records nothing. Its meters are there; nobody listens yet.</summary>
internal sealed class BareSilo : IAsyncDisposable
{
    private readonly DataDirectory _data;
    private readonly IHost _host;

    private BareSilo(DataDirectory data, IHost host, BenchFeed feed) => (_data, _host, Feed) = (data, host, feed);

    public IServiceProvider Services => _host.Services;

    public BenchFeed Feed { get; }

    public static async Task<BareSilo> Start(bool hasOrleansPages)
    {
        var nowhere = new Uri($"http://127.0.0.1:{Port()}/");
        var data = DataDirectory.Open(Directory.CreateTempSubdirectory("polyarb-bench-").FullName, Identity.Paper(137, nowhere), TimeProvider.System);
        var (setup, feed) = (SetupOf(data, nowhere), new BenchFeed());
        var builder = Host.CreateApplicationBuilder(new HostApplicationBuilderSettings { DisableDefaults = true });
        builder.Services.AddTrading(setup, TimeProvider.System);
        builder.Services.Replace(ServiceDescriptor.Singleton<IMarketFeed>(feed));
        builder.Services.AddSingleton<ISnapshotReader, ObservedMeters>();
        builder.UseOrleans(silo =>
        {
            silo.UseLocalhostClustering(setup.SiloPort, setup.GatewayPort);
            silo.AddTradingGrains(setup);
            if (hasOrleansPages) silo.AddOrleansPages();
        });
        builder.Services.AddSnapshots(setup);
        var host = builder.Build();
        await host.StartAsync();
        return new BareSilo(data, host, feed);
    }

    /// <summary>A page of it, on any free port.</summary>
    public static WebServer Serve(IServiceProvider silo, IWebPages page) => new(
        new WebSetup { Address = IPAddress.Loopback, Port = 0, AllowedHosts = [], Door = ControlDoor.Unlocked }, [page], silo, NullLoggerFactory.Instance);

    public async ValueTask DisposeAsync()
    {
        await _host.StopAsync();
        _host.Dispose();
        _data.Dispose();
        Directory.Delete(_data.Root, recursive: true);
    }

    private static SiloSetup SetupOf(DataDirectory data, Uri nowhere)
    {
        var options = PolyArbOptions.Defaults;
        return new SiloSetup
        {
            Data = data,
            Venue = new VenueOptions
            {
                RestUrl = nowhere,
                WsUrl = new Uri($"ws://{nowhere.Authority}/ws/"),
                GammaUrl = nowhere,
                DataUrl = nowhere,
                ChainId = 137,
                Signer = ((SignerChoice.Made)Signers.CreateRandom(SignerBackend.Managed)).Signer,
                Credentials = new Credentials("paper", "cGFwZXI=", "paper"),
            },
            Configuration = new Configuration(options, changed => SiloSetup.RulesOf(changed, "bench")),
            Address = IPAddress.Loopback,
            SiloPort = Port(),
            GatewayPort = Port(),
            EnableAll = false,
            Seeds = [],
            LogLevel = Serilog.Events.LogEventLevel.Fatal,
            Paper = options.Paper,
            SettlesAt = null,
            Recorder = options.Recorder with { Enabled = false },
            WaitingHighWatermark = options.Runtime.EventQueueHighWatermark,
            Redactor = Redactor.Nothing,
            Door = ControlDoor.Unlocked,
            Snapshots = options.Snapshot,
            Persistence = options.Persistence,
            Metrics = options.Metrics with { Enabled = false },
            Traces = options.Traces,
            Web = null,
        };
    }

    private static int Port()
    {
        using var listener = new System.Net.Sockets.TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }
}

/// <summary>Delivers what it is given to the market that followed last.</summary>
internal sealed class BenchFeed : IMarketFeed
{
    private Func<long, ImmutableArray<FeedInput>, Task<FeedAnswer>>? _deliver;
    private long _session;

    public StreamHealth Health { get; } = new(StreamState.Live, "bench");

    public int Waiting => 0;

    public Task<FeedAnswer> Deliver(ImmutableArray<FeedInput> batch) => _deliver!(_session, batch);

    public long Follow(Market market, Func<long, ImmutableArray<FeedInput>, Task<FeedAnswer>> deliver)
    {
        _deliver = deliver;
        return ++_session;
    }

    public void Unfollow(MarketId market, long session)
    {
    }

    public bool IsFresh(MarketId market, IEnumerable<ConditionId> conditions) => true;

    public void Resync(MarketId market, long session)
    {
    }
}
