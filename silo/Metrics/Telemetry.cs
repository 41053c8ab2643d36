using System.Diagnostics.Metrics;
using OpenTelemetry;
using OpenTelemetry.Metrics;
using PolyArb.Config;

namespace PolyArb.Silo.Metrics;

/// <summary>Who listens to the meters: Prometheus, which asks, and an OTLP collector, which is told. Of Orleans and the runtime only what is chosen here.</summary>
internal static class Telemetry
{
    private const string Orleans = "Microsoft.Orleans";
    private const string Runtime = "System.Runtime";

    /// <summary>By the name of the instrument: the name it gets here, and what it says. Orleans describes none of its own.</summary>
    private static readonly Dictionary<string, (string Name, string Help)> Chosen = new()
    {
        ["orleans-app-requests-timedout"] = ("orleans.requests.timed.out", "Calls between grains that timed out."),
        ["orleans-catalog-activations"] = ("orleans.activations", "Grains that live in this silo."),
        ["orleans-catalog-activation-created"] = ("orleans.activations.created", "Grains that began to live in this silo."),
        ["orleans-catalog-activation-failed-to-activate"] = ("orleans.activations.failed", "Grains that failed to begin."),
        ["orleans-gateway-connected-clients"] = ("orleans.clients.connected", "Clients of this silo."),
        ["orleans-messaging-expired"] = ("orleans.messages.expired", "Messages that came too late to be worked on."),
        ["orleans-messaging-rejected"] = ("orleans.messages.rejected", "Messages that were sent back."),
        ["orleans-messaging-sent-dropped"] = ("orleans.messages.dropped", "Messages that were not sent."),
        ["orleans-scheduler-long-running-turns"] = ("orleans.turns.slow", "Turns of grains that took more than 200 ms."),
        ["orleans-storage-write-errors"] = ("orleans.storage.write.errors", "States of grains that could not be written."),
        ["dotnet.exceptions"] = ("dotnet.exceptions", "Exceptions thrown, those that were expected included."),
        ["dotnet.gc.collections"] = ("dotnet.gc.collections", "Garbage collections, by generation."),
        ["dotnet.gc.pause.time"] = ("dotnet.gc.pause.time", "How long collections held everybody up, together."),
        ["dotnet.gc.heap.total_allocated"] = ("dotnet.gc.heap.allocated", "Bytes allocated since the start."),
        ["dotnet.gc.last_collection.heap.size"] = ("dotnet.gc.heap.size", "What the last collection left on the managed heap, by generation."),
        ["dotnet.gc.last_collection.memory.committed_size"] = ("dotnet.gc.committed", "Memory the collector has from the system."),
        ["dotnet.monitor.lock_contentions"] = ("dotnet.lock.contentions", "Times a lock was waited for."),
        ["dotnet.process.cpu.time"] = ("dotnet.process.cpu.time", "Processor time used, by mode."),
        ["dotnet.process.memory.working_set"] = ("dotnet.process.working.set", "Physical memory in use."),
    };

    /// <summary>True when somebody will listen.</summary>
    /// <param name="hasPages">There is a web server.</param>
    public static bool IsWanted(MetricsOptions options, bool hasPages) => options.Enabled && hasPages || options.OtlpEndpoint is not null;

    public static MeterProvider Listen(MetricsOptions options)
    {
        var builder = Sdk.CreateMeterProviderBuilder()
            .ConfigureResource(Otlp.Describe)
            .AddMeter(TradingMeters.Name, Orleans, Runtime)
            .AddView(View)
            .AddPrometheusExporter(exporter => exporter.ScopeInfoEnabled = false);
        if (options.OtlpEndpoint is { } endpoint)
        {
            builder.AddOtlpExporter((exporter, reader) =>
            {
                exporter.To(endpoint, options.OtlpProtocol, "metrics");
                reader.PeriodicExportingMetricReaderOptions.ExportIntervalMilliseconds = (int)options.OtlpInterval.TotalMilliseconds;
            });
        }

        return builder.Build();
    }

    private static MetricStreamConfiguration? View(Instrument instrument) =>
        instrument.Meter.Name is TradingMeters.Name ? null
        : Chosen.TryGetValue(instrument.Name, out var chosen) ? new MetricStreamConfiguration { Name = chosen.Name, Description = chosen.Help }
        : MetricStreamConfiguration.Drop;
}
