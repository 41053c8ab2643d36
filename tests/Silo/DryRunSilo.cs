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

/// <summary>A whole silo in this process, as a dry run has it, with nobody at the venue's address.</summary>
internal sealed class DryRunSilo : IAsyncDisposable
{
    private readonly DataDirectory _data;
    private readonly IHost _host;

    private DryRunSilo(DataDirectory data, IHost host) => (_data, _host) = (data, host);

    public IServiceProvider Services => _host.Services;

    /// <summary>Where its pages are.</summary>
    public Uri Web => new(Services.GetRequiredService<WebServer>().Url);

    /// <param name="changes">Of the configuration, as `key=value`; its pages are on any free port.</param>
    public static async Task<DryRunSilo> Start(CancellationToken cancellation, params string[] changes)
    {
        var options = changes.Append("web.port=0").Aggregate(PolyArbOptions.Defaults, (changed, change) =>
            ((SetResult.Changed)changed.SetAtStart(change.Split('=')[0], change.Split('=')[1])).Options);
        var nowhere = new Uri($"http://127.0.0.1:{Programs.FreePort()}/");
        var data = DataDirectory.Open(Directory.CreateTempSubdirectory("polyarb-test-").FullName, Identity.Paper(137, nowhere), TimeProvider.System);
        var host = SiloHost.Build(SetupOf(options, data, nowhere), TimeProvider.System);
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

    private static SiloSetup SetupOf(PolyArbOptions options, DataDirectory data, Uri nowhere) => new()
    {
        Data = data,
        Venue = new VenueOptions
        {
            RestUrl = nowhere,
            WsUrl = new Uri($"ws://{nowhere.Authority}/ws/"),
            GammaUrl = nowhere,
            DataUrl = nowhere,
            ChainId = 137,
            Signer = Polymarket.Given.Signer,
            Credentials = new Credentials("paper", "cGFwZXI=", "paper"),
        },
        Configuration = new Configuration(options, changed => SiloSetup.RulesOf(changed, "test")),
        Address = IPAddress.Loopback,
        SiloPort = Programs.FreePort(),
        GatewayPort = Programs.FreePort(),
        EnableAll = false,
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
