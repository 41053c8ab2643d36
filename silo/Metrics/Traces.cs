using OpenTelemetry;
using OpenTelemetry.Trace;
using PolyArb.Config;

namespace PolyArb.Silo.Metrics;

/// <summary>Who listens to spans: an OTLP collector, and only to a share of them. Whether a trace is kept is decided where it begins, for all of it.</summary>
internal static class Traces
{
    /// <summary>Null: no collector is named, nobody listens, and no span is made.</summary>
    public static TracerProvider? Listen(TracesOptions options) => options.OtlpEndpoint is not { } endpoint ? null : Sdk.CreateTracerProviderBuilder()
        .ConfigureResource(Otlp.Describe)
        .AddSource(PolyArb.Grains.Tracing.Name, PolyArb.Polymarket.Tracing.Name)
        .SetSampler(new ParentBasedSampler(new TraceIdRatioBasedSampler((double)options.SamplingRatio)))
        .AddOtlpExporter(exporter => exporter.To(endpoint, options.OtlpProtocol, "traces"))
        .Build();
}
