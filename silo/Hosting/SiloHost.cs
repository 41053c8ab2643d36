using Microsoft.Extensions.DependencyInjection.Extensions;
using Orleans.Configuration;
using Orleans.Runtime;
using Orleans.Storage;
using PolyArb.Domain.Ports;
using PolyArb.Grains;
using PolyArb.Grains.Interfaces;
using PolyArb.Polymarket;
using PolyArb.Silo.Paper;
using PolyArb.Storage;
using Serilog;

namespace PolyArb.Silo.Hosting;

/// <summary>The composition root: every choice of implementation is on this page and nowhere else.</summary>
internal static class SiloHost
{
    public static IHost Build(SiloSetup setup, TimeProvider time)
    {
        var builder = Host.CreateApplicationBuilder(new HostApplicationBuilderSettings { DisableDefaults = true });
        builder.Services.AddSerilog(Logging.Create(setup.LogLevel, setup.Data.Logs), dispose: true);
        builder.Services.Configure<HostOptions>(host => host.ShutdownTimeout = TimeSpan.FromSeconds(20));
        builder.Services.AddSingleton<IHostLifetime, Microsoft.Extensions.Hosting.Internal.ConsoleLifetime>();

        builder.Services.AddSingleton(time);
        builder.Services.AddSingleton(setup);
        builder.Services.AddSingleton(setup.Rules);
        builder.Services.AddSingleton(new ProcessLife { StartedAt = time.Now() });
        builder.Services.AddSingleton<LatencyBook>();
        builder.Services.AddSingleton<TurnRecorder>();
        builder.Services.AddSingleton<IShutdown, Shutdown>();

        builder.Services.AddSingleton<IJournal>(_ => new SqliteJournal(setup.Data.Journal));
        builder.Services.AddSingleton(services => new SqliteRecorder(
            setup.Data.Events, Logging.Complain(services.GetRequiredService<ILoggerFactory>(), "Recorder"), setup.Recorder.QueueMaxSize));
        builder.Services.AddSingleton(services => new CountingTap(services.GetRequiredService<SqliteRecorder>()));
        builder.Services.AddSingleton<IFrameTap>(services => services.GetRequiredService<CountingTap>());

        builder.Services.AddPolymarket(setup.Venue);
        if (setup.PaperCash is { } cash) builder.Services.AddPaperVenue(cash);

        builder.Services.AddPolyArbWire();
        builder.Services.AddSingleton<IFatalErrorHandler, ImmediateExit>();
        builder.UseOrleans(silo =>
        {
            silo.UseLocalhostClustering(setup.SiloPort, setup.GatewayPort, serviceId: "polyarb", clusterId: "local");
            silo.Configure<EndpointOptions>(endpoint => endpoint.AdvertisedIPAddress = setup.Address);
            silo.Services.AddSingleton<SystemTextJsonGrainStorageSerializer>();
            silo.AddAdoNetGrainStorage(RegistryGrain.Storage, options =>
            {
                options.Invariant = "System.Data.SQLite"; // The provider's name for Microsoft.Data.Sqlite.
                options.DataSource = setup.Data.Journal;
            });
            silo.Services.AddOptions<AdoNetGrainStorageOptions>(RegistryGrain.Storage)
                .Configure<SystemTextJsonGrainStorageSerializer>((options, serializer) => options.GrainStorageSerializer = serializer);
            silo.AddIncomingGrainCallFilter<ControlOnly>();
        });

        builder.Services.AddHostedService<Ignition>(); // After Orleans: starts last, stops first.
        return builder.Build();
    }
}
