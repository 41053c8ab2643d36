namespace PolyArb.Config;

/// <summary>What a monitoring system may read: section `metrics`.</summary>
public sealed record MetricsOptions
{
    /// <summary>The web server has `/metrics`.</summary>
    public required bool Enabled { get; init; }

    /// <summary>Where a collector takes OTLP; null: nothing is sent.</summary>
    public required Uri? OtlpEndpoint { get; init; }

    public required OtlpProtocol OtlpProtocol { get; init; }

    public required TimeSpan OtlpInterval { get; init; }

    internal static MetricsOptions Read(ParameterBinder from) => new()
    {
        Enabled = from.AtStart("metrics.enabled", "true", Kinds.Flag),
        OtlpEndpoint = from.AtStart("metrics.otlp_endpoint", "off", Kinds.UrlOrOff) is { IsAbsoluteUri: true } endpoint ? endpoint : null,
        OtlpProtocol = from.AtStart("metrics.otlp_protocol", "grpc", Kinds.Otlp),
        OtlpInterval = from.AtStart("metrics.otlp_interval_sec", "15", Kinds.Seconds(1, 3_600)),
    };
}
