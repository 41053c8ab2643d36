using OpenTelemetry.Exporter;
using OpenTelemetry.Resources;
using PolyArb.Config;

namespace PolyArb.Silo.Metrics;

/// <summary>What a collector is told of us, and how.</summary>
internal static class Otlp
{
    public static void Describe(ResourceBuilder resource) => resource.Clear().AddService(
        "polyarb-silo", serviceVersion: typeof(Otlp).Assembly.GetName().Version?.ToString(3), autoGenerateServiceInstanceId: false);

    /// <param name="signal">metrics or traces.</param>
    public static void To(this OtlpExporterOptions exporter, Uri endpoint, OtlpProtocol protocol, string signal) => (exporter.Protocol, exporter.Endpoint) = protocol switch
    {
        OtlpProtocol.Grpc => (OtlpExportProtocol.Grpc, endpoint),
        OtlpProtocol.Http => (OtlpExportProtocol.HttpProtobuf, new Uri(endpoint, $"v1/{signal}")),
        _ => throw new System.Diagnostics.UnreachableException(),
    };
}
