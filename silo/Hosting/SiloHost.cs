using Microsoft.Extensions.DependencyInjection.Extensions;
using Orleans.Configuration;
using Orleans.Runtime;
using Orleans.Storage;
using PolyArb.Domain.Ports;
using PolyArb.Domain.Replay;
using PolyArb.Grains;
using PolyArb.Grains.Interfaces;
using PolyArb.Polymarket;
using PolyArb.Silo.Demo;
using PolyArb.Silo.Paper;
using PolyArb.Silo.Replay;
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
        builder.Services.AddSerilog(Logging.Create(setup.LogLevel, cluster, setup.Data.Logs, setup.Redactor), dispose: true);
        builder.Services.Configure<HostOptions>(host => host.ShutdownTimeout = (2 * setup.Rules.AckTimeout) + TimeSpan.FromSeconds(10));
        builder.Services.AddSingleton<IHostLifetime, Unsignalled>();
        builder.Services.AddTrading(setup, time);
        builder.UseOrleans(silo =>
        {
            silo.UseLocalhostClustering(setup.SiloPort, setup.GatewayPort, serviceId: "polyarb", clusterId: "local");
            silo.Configure<EndpointOptions>(endpoint => endpoint.AdvertisedIPAddress = setup.Address);
            silo.AddTradingGrains(setup);
        });
        builder.Services.AddIgnition(); // After Orleans: starts last, stops first.
        var host = builder.Build();
        host.Services.GetRequiredService<IHostApplicationLifetime>().ApplicationStopping
            .Register(() => cluster.MinimumLevel = LogEventLevel.Fatal); // Grains on their way out look for each other in vain: no news.
        return host;
    }

    /// <summary>What starts the trading of a silo that is up.</summary>
    public static IServiceCollection AddIgnition(this IServiceCollection services)
    {
        services.AddSingleton<MarketWatch>();
        services.AddHostedService(provider => provider.GetRequiredService<MarketWatch>());
        return services.AddHostedService<Ignition>();
    }

    /// <summary>Everything a silo's grains need, but the cluster they live in.</summary>
    public static IServiceCollection AddTrading(this IServiceCollection services, SiloSetup setup, TimeProvider time)
    {
        services.AddSingleton(time);
        services.AddSingleton(setup);
        services.AddSingleton(setup.Rules);
        services.AddSingleton(new ProcessLife { StartedAt = time.Now() });
        services.AddSingleton<LatencyBook>();
        services.AddSingleton<TurnRecorder>();
        services.AddSingleton<PortfolioRecorder>();
        services.AddSingleton<IShutdown, Shutdown>();
        services.AddSingleton<StopOutcome>();
        services.AddSingleton(setup.Door);
        services.AddSingleton<ISelfCheck>(provider => new SelfCheck(
            provider.GetRequiredService<IMarketFeed>(), setup.WaitingHighWatermark, time as SteadyTime));
        services.AddSingleton<IStopFile>(new StopFile(setup.Data.Root));

        services.AddSingleton<IJournal>(_ => new SqliteJournal(setup.Data.Journal));
        services.AddSingleton(provider => new SqliteRecorder(
            setup.Data.Events, Logging.Complain(provider.GetRequiredService<ILoggerFactory>(), "Recorder"), setup.Recorder.QueueMaxSize,
            batchMax: setup.Recorder.BatchMaxSize, batchDelay: setup.Recorder.BatchInterval));
        services.AddSingleton(new EventRetention(setup.Data.Events, setup.Recorder.Retention, setup.Recorder.FileMegabytesMax * 1_000_000L));
        if (setup.Recorder.Enabled) services.AddHostedService<Retention>();
        services.AddSingleton(provider => new CountingTap(provider.GetRequiredService<SqliteRecorder>(), setup.Redactor));
        services.AddSingleton<IFrameTap>(provider => setup.Recorder.Enabled ? provider.GetRequiredService<CountingTap>() : new NothingKept());
        services.AddSingleton(provider => new SqliteErrorLog(
            setup.Data.Journal, Logging.Complain(provider.GetRequiredService<ILoggerFactory>(), "Errors")));
        services.AddSingleton<IErrorLog>(provider => new RedactingErrorLog(provider.GetRequiredService<SqliteErrorLog>(), setup.Redactor));

        services.AddPolymarket(setup.Venue);
        if (setup.SettlesAt is { } exchange)
        {
            var wallet = setup.Venue.Funder ?? setup.Venue.Signer!.Address.ToString();
            services.AddHttpClient(nameof(LocalSettlement));
            services.Replace(ServiceDescriptor.Singleton<ISettlement>(provider => new LocalSettlement(
                provider.GetRequiredService<IHttpClientFactory>().CreateClient(nameof(LocalSettlement)), exchange, wallet)));
        }

        if (setup.Paper is { } paper) services.AddPaperVenue(paper);

        services.AddSingleton<IBacktester>(new Backtester(setup.Backtests, Environment.ProcessorCount, TimeProvider.System));
        services.AddPolyArbWire();
        return services.AddSingleton<IFatalErrorHandler, ImmediateExit>();
    }

    /// <summary>Grain storage behind the journal's gate, and the filter at the door.</summary>
    public static ISiloBuilder AddTradingGrains(this ISiloBuilder silo, SiloSetup setup)
    {
        silo.Services.AddSingleton<SystemTextJsonGrainStorageSerializer>();
        silo.AddAdoNetGrainStorage(RegistryGrain.Storage, options =>
        {
            options.Invariant = "System.Data.SQLite"; // The provider's name for Microsoft.Data.Sqlite.
            options.DataSource = setup.Data.Journal;
        });
        silo.Services.AddOptions<AdoNetGrainStorageOptions>(RegistryGrain.Storage)
            .Configure<SystemTextJsonGrainStorageSerializer>((options, serializer) => options.GrainStorageSerializer = serializer);
        return silo.AddIncomingGrainCallFilter<ControlOnly>();
    }
}
