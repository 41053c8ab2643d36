using PolyArb.Silo.Hosting;
using PolyArb.Silo.Web;
using PolyArb.Storage;

namespace PolyArb.Silo.Metrics;

/// <summary>Snapshots of the grains, and whoever reads them.</summary>
internal static class MetricsServices
{
    /// <summary>After Orleans, before the trading: what is taken at the end is taken after it.</summary>
    public static IServiceCollection AddSnapshots(this IServiceCollection services, SiloSetup setup)
    {
        services.AddSingleton(new SnapshotPlan(setup.Snapshots.Interval, setup.Snapshots.BooksMax, setup.Snapshots.Levels));
        services.AddSingleton(provider => new SnapshotWriter(
            setup.Database, LimitsOf(setup), provider.GetRequiredService<TimeProvider>(),
            Logging.Complain(provider.GetRequiredService<ILoggerFactory>(), "Snapshots")));
        services.AddSingleton<ISnapshotReader, SnapshotTables>();
        services.AddHostedService<SnapshotLoop>();
        if (!Telemetry.IsWanted(setup.Metrics, hasPages: setup.Web is not null)) return services;

        services.AddSingleton<ObservedMeters>();
        services.AddSingleton<ISnapshotReader>(provider => provider.GetRequiredService<ObservedMeters>());
        services.AddSingleton(_ => Telemetry.Listen(setup.Metrics));
        services.AddHostedService<Listening>();
        return setup.Metrics.Enabled ? services.AddSingleton<IWebPages, MetricsPage>() : services;
    }

    /// <summary>Before the trading: the first basket has its span too.</summary>
    public static IServiceCollection AddTraces(this IServiceCollection services, SiloSetup setup)
    {
        if (setup.Traces.OtlpEndpoint is null) return services;

        services.AddSingleton(_ => Traces.Listen(setup.Traces)!);
        return services.AddHostedService<Tracing>();
    }

    private static SnapshotLimits LimitsOf(SiloSetup setup) => new(
        setup.Persistence.BufferMaxSize, setup.Persistence.BufferHighWatermark, setup.Persistence.FlushInterval, setup.Persistence.FlushTimeout,
        setup.Snapshots.Retention, setup.Snapshots.BookRetention);

    /// <summary>Makes the listener, and with it what it listens to, also where no page asks for it.</summary>
    private sealed class Listening(OpenTelemetry.Metrics.MeterProvider provider, ObservedMeters observed, TradingMeters meters) : IHostedService
    {
        public Task StartAsync(CancellationToken cancellationToken)
        {
            _ = (provider, observed);
            meters.Begin();
            return Task.CompletedTask;
        }

        public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;
    }

    /// <summary>The same for spans.</summary>
    private sealed class Tracing(OpenTelemetry.Trace.TracerProvider provider) : IHostedService
    {
        public Task StartAsync(CancellationToken cancellationToken)
        {
            _ = provider;
            return Task.CompletedTask;
        }

        public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;
    }
}
