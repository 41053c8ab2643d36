using System.Net;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using PolyArb.Config;
using PolyArb.Polymarket.Signing;
using PolyArb.Silo.Hosting;
using PolyArb.Silo.Web;
using PolyArb.Storage;
using PolyArb.Tests.EndToEnd;
using VenueOptions = PolyArb.Polymarket.VenueOptions;

namespace PolyArb.Tests.Silo;

/// <summary>A whole silo in this process, as a dry run has it.</summary>
internal sealed class DryRunSilo : IAsyncDisposable
{
    private readonly DataDirectory _data;
    private readonly IHost _host;

    private DryRunSilo(DataDirectory data, IHost host) => (_data, _host) = (data, host);

    public IServiceProvider Services => _host.Services;

    /// <summary>Where its pages are.</summary>
    public Uri Web => new(Services.GetRequiredService<WebServer>().Url);

    /// <summary>With nobody at the venue's address.</summary>
    /// <param name="changes">Of the configuration, as `key=value`; its pages are on any free port.</param>
    public static Task<DryRunSilo> Start(CancellationToken cancellation, params string[] changes) =>
        Start(new Uri($"http://127.0.0.1:{Programs.FreePort()}/"), cancellation, changes);

    /// <summary>On a venue, whose markets are all on.</summary>
    public static async Task<DryRunSilo> Start(Uri venue, CancellationToken cancellation, params string[] changes)
    {
        var options = changes.Append("web.port=0").Aggregate(PolyArbOptions.Defaults, (changed, change) =>
            ((SetResult.Changed)changed.SetAtStart(change.Split('=')[0], change.Split('=')[1])).Options);
        var data = DataDirectory.Open(Directory.CreateTempSubdirectory("polyarb-test-").FullName, Identity.Paper(137, venue), TimeProvider.System);
        var host = SiloHost.Build(SetupOf(options, data, venue), TimeProvider.System);
        await host.StartAsync(cancellation);
        return new DryRunSilo(data, host);
    }

    public async ValueTask DisposeAsync()
    {
        await _host.StopAsync();
        _host.Dispose();
        _data.Dispose();
        Directory.Delete(_data.Root, recursive: true);
    }

    private static SiloSetup SetupOf(PolyArbOptions options, DataDirectory data, Uri venue) => new()
    {
        Data = data,
        Venue = new VenueOptions
        {
            RestUrl = venue,
            WsUrl = new Uri($"ws://{venue.Authority}/ws/"),
            GammaUrl = new Uri(venue, "gamma/"),
            DataUrl = new Uri(venue, "data-api/"),
            ChainId = 137,
            Signer = Polymarket.Given.Signer,
            Credentials = new Credentials("paper", "cGFwZXI=", "paper"),
        },
        Configuration = new Configuration(options, changed => SiloSetup.RulesOf(changed, "test")),
        Address = IPAddress.Loopback,
        SiloPort = Programs.FreePort(),
        GatewayPort = Programs.FreePort(),
        EnableAll = true,
        Seeds = [],
        LogLevel = Serilog.Events.LogEventLevel.Fatal,
        Paper = options.Paper,
        SettlesAt = null,
        Recorder = options.Recorder,
        WaitingHighWatermark = options.Runtime.EventQueueHighWatermark,
        Redactor = Redactor.Nothing,
        Door = ControlDoor.Unlocked,
        Snapshots = options.Snapshot,
        Persistence = options.Persistence,
        Metrics = options.Metrics,
        Traces = options.Traces,
        Web = WebSetup.Of(options, token: null),
    };
}
