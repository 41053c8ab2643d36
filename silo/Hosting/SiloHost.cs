using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Options;
using Orleans.Configuration;
using Orleans.Runtime;
using Orleans.Runtime.MembershipService.SiloMetadata;
using Orleans.Serialization.Configuration;
using Orleans.Storage;
using PolyArb.Domain.Ports;
using PolyArb.Domain.Replay;
using PolyArb.Grains;
using PolyArb.Grains.Interfaces;
using PolyArb.Polymarket;
using PolyArb.Silo.Alerts;
using PolyArb.Silo.Demo;
using PolyArb.Silo.Metrics;
using PolyArb.Silo.Paper;
using PolyArb.Silo.Replay;
using PolyArb.Silo.Web;
using PolyArb.Storage;
using Serilog;
using Serilog.Core;
using Serilog.Events;

namespace PolyArb.Silo.Hosting;

/// <summary>The composition root: every choice of implementation is on this page and nowhere else.</summary>
internal static class SiloHost
{
    public static IHost Build(SiloSetup setup, TimeProvider time)
    {
        var builder = Host.CreateApplicationBuilder(new HostApplicationBuilderSettings { DisableDefaults = true });
        var cluster = new LoggingLevelSwitch(LogEventLevel.Warning);
        var errors = new LoggedErrors();
        builder.Services.AddSerilog(Logging.Create(setup.LogLevel, cluster, setup.Data.Logs, setup.Redactor, errors), dispose: true);
        builder.Services.AddSingleton<IHostLifetime, Unsignalled>();
        builder.Services.AddTrading(setup, time);
        builder.Services.AddMarketWatch(); // Before Orleans, which takes a second to start: the catalogue is read meanwhile.
        builder.UseOrleans(silo =>
        {
            if (setup.Cluster is { } members)
            {
                members.Join(silo, setup.Address, setup.SiloPort, setup.GatewayPort);
            }
            else
            {
                silo.UseLocalhostClustering(setup.SiloPort, setup.GatewayPort, serviceId: ClusterSetup.ServiceId, clusterId: ClusterSetup.ClusterId);
                silo.Configure<EndpointOptions>(endpoint => endpoint.AdvertisedIPAddress = setup.Address);
            }

            silo.AddTradingGrains(setup);
            if (setup.Web is { HasOrleansPages: true }) silo.AddOrleansPages();
        });
        builder.Services.AddSnapshots(setup);
        builder.Services.AddTraces(setup);
        builder.Services.AddPages(setup);
        builder.Services.AddAlerts(setup.Alerts, setup.Redactor, errors);
        builder.Services.AddIgnition(); // After Orleans: starts last, stops first.
        var host = builder.Build();
        host.Services.GetRequiredService<IHostApplicationLifetime>().ApplicationStopping.Register(() =>
        {
            cluster.MinimumLevel = LogEventLevel.Fatal; // Grains on their way out look for each other in vain: no news.
            host.Services.GetRequiredService<IOptions<HostOptions>>().Value.ShutdownTimeout = PatienceOf(host.Services);
        });
        return host;
    }

    /// <summary>The pages the silo serves. Between Orleans and the trading: they come when there is something to show, and a stop does not wait for a browser.</summary>
    private static IServiceCollection AddPages(this IServiceCollection services, SiloSetup setup)
    {
        if (setup.Web is null) return services;

        services.AddSingleton(setup.Web);
        services.AddSingleton<IWebPages, HealthPage>();
        services.AddSingleton<IWebPages, DashboardPages>();
        if (setup.Web.HasOrleansPages) services.AddSingleton<IWebPages, OrleansPages>();
        services.AddSingleton<WebServer>();
        return services.AddHostedService(provider => provider.GetRequiredService<WebServer>());
    }

    /// <summary>A stop takes as long as the acknowledgement that is waited for now, and what surrounds it.</summary>
    private static TimeSpan PatienceOf(IServiceProvider services) =>
        (2 * services.GetRequiredService<RulesInForce>().Now.AckTimeout) + TimeSpan.FromSeconds(10);

    /// <summary>What knows the venue's catalogue. It needs no cluster.</summary>
    public static IServiceCollection AddMarketWatch(this IServiceCollection services)
    {
        services.AddSingleton<MarketWatch>();
        return services.AddHostedService(provider => provider.GetRequiredService<MarketWatch>());
    }

    /// <summary>What starts the trading of a silo that is up.</summary>
    public static IServiceCollection AddIgnition(this IServiceCollection services) => services.AddHostedService<Ignition>();

    /// <summary>Everything a silo's grains need, but the cluster they live in.</summary>
    public static IServiceCollection AddTrading(this IServiceCollection services, SiloSetup setup, TimeProvider time)
    {
        services.AddSingleton(time);
        services.AddSingleton(setup);
        services.AddSingleton(new RulesInForce(setup.Configuration.Rules));
        services.AddSingleton(setup.Configuration);
        services.AddSingleton<SiloParameters>();
        services.AddSingleton<IParameters>(provider => provider.GetRequiredService<SiloParameters>());
        services.AddSingleton(new ProcessLife { StartedAt = time.Now() });
        services.AddSingleton<TradingMeters>();
        services.AddSingleton(provider => new LatencyBook(provider.GetRequiredService<TradingMeters>().Latency));
        services.AddSingleton<ProposalCounts>();
        services.AddSingleton<TurnRecorder>();
        services.AddControllable<MarketBoard>(MarketBoard.Name);
        services.AddSingleton<PortfolioRecorder>();
        services.AddControllable<Shutdown>(Shutdown.Name);
        services.AddSingleton<IShutdown>(provider => provider.GetRequiredService<Shutdown>());
        services.AddControllable<ClusterLife>(ClusterLife.Name);
        services.AddSingleton<GatewayPresence>();
        services.AddSingleton<IGatewayLease>(_ => setup.Cluster is { } cluster ? new PostgresLease(cluster.Database) : new SoleGateway());
        services.AddSingleton<StopOutcome>();
        services.AddSingleton(setup.Door);
        services.AddSingleton<ISelfCheck>(provider => new SelfCheck(
            provider.GetRequiredService<IMarketFeed>(), setup.WaitingHighWatermark, time as SteadyTime));
        services.AddSingleton<IStopFile>(new StopFile(setup.Data.Root));

        services.AddSingleton(_ => new SqlJournal(setup.Database));
        services.AddSingleton<IJournal>(provider => new MeteredJournal(provider.GetRequiredService<SqlJournal>(), provider.GetRequiredService<TradingMeters>(), time));
        services.AddSingleton(provider => new SqliteRecorder(
            setup.Data.Events, Logging.Complain(provider.GetRequiredService<ILoggerFactory>(), "Recorder"), setup.Recorder.QueueMaxSize,
            batchMax: setup.Recorder.BatchMaxSize, batchDelay: setup.Recorder.BatchInterval));
        services.AddSingleton(new EventRetention(setup.Data.Events, setup.Recorder.Retention, setup.Recorder.FileMegabytesMax * 1_000_000L));
        if (setup.Recorder.Enabled) services.AddHostedService<Retention>();
        services.AddSingleton(provider => new CountingTap(provider.GetRequiredService<SqliteRecorder>(), setup.Redactor));
        services.AddSingleton<IFrameTap>(provider => setup.Recorder.Enabled ? provider.GetRequiredService<CountingTap>() : new NothingKept());
        services.AddSingleton(provider => new SqlErrorLog(
            setup.Database, Logging.Complain(provider.GetRequiredService<ILoggerFactory>(), "Errors")));
        services.AddSingleton<IHistory>(_ => new SqlHistory(setup.Database, setup.Data.Events));
        services.AddKeyedSingleton<IHistory>(nameof(AlertWatch), (_, _) => new SqlHistory(setup.Database, setup.Data.Events));
        services.AddSingleton<IErrorLog>(provider => new RedactingErrorLog(provider.GetRequiredService<SqlErrorLog>(), setup.Redactor));

        services.AddPolymarket(setup.Venue);
        if (setup.SettlesAt is { } exchange)
        {
            var wallet = setup.Venue.Funder ?? setup.Venue.Signer!.Address.ToString();
            services.AddHttpClient(nameof(LocalSettlement));
            services.Replace(ServiceDescriptor.Singleton<ISettlement>(provider => new LocalSettlement(
                provider.GetRequiredService<IHttpClientFactory>().CreateClient(nameof(LocalSettlement)), exchange, wallet)));
        }

        if (setup.Paper is { } paper) services.AddPaperVenue(paper);

        services.AddSingleton<IBacktester>(provider => new Backtester(
            () => provider.GetRequiredService<SiloParameters>().InForce, Environment.ProcessorCount, TimeProvider.System));
        services.AddPolyArbWire();
        return services.AddSingleton<IFatalErrorHandler, ImmediateExit>();
    }

    /// <summary>Grain storage behind the journal's gate, and the filter at the door.</summary>
    public static ISiloBuilder AddTradingGrains(this ISiloBuilder silo, SiloSetup setup)
    {
        silo.UseSiloMetadata(new Dictionary<string, string>
        {
            [ClusterGrain.Version] = typeof(SiloHost).Assembly.GetName().Version?.ToString(3) ?? "",
            [Neighbours.Key] = setup.HoldsKey ? Neighbours.Yes : "no",
        });
        silo.AddPlacements(setup.HoldsKey);
        silo.Services.AddSingleton<SystemTextJsonGrainStorageSerializer>();
        silo.AddAdoNetGrainStorage(RegistryGrain.Storage, options =>
        {
            (options.Invariant, options.DataSource) = setup.Cluster is { } cluster
                ? ("Npgsql", cluster.Database.Grains)
                : ("System.Data.SQLite", setup.Data.Journal); // The provider's name for Microsoft.Data.Sqlite.
        });
        silo.Services.AddOptions<AdoNetGrainStorageOptions>(RegistryGrain.Storage)
            .Configure<SystemTextJsonGrainStorageSerializer>((options, serializer) => options.GrainStorageSerializer = serializer);
        return silo.AddIncomingGrainCallFilter<ControlOnly>();
    }
}
