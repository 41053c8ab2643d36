namespace PolyArb.Config;

/// <summary>Where spans go: section `traces`.</summary>
public sealed record TracesOptions
{
    /// <summary>Where a collector takes OTLP; null: no span is made.</summary>
    public required Uri? OtlpEndpoint { get; init; }

    public required OtlpProtocol OtlpProtocol { get; init; }

    /// <summary>Share of traces that are kept, 0 to 1. All spans of a trace are, or none.</summary>
    public required decimal SamplingRatio { get; init; }

    internal static TracesOptions Read(ParameterBinder from) => new()
    {
        OtlpEndpoint = from.AtStart("traces.otlp_endpoint", "off", Kinds.UrlOrOff) is { IsAbsoluteUri: true } endpoint ? endpoint : null,
        OtlpProtocol = from.AtStart("traces.otlp_protocol", "grpc", Kinds.Otlp),
        SamplingRatio = from.AtStart("traces.sampling_ratio", "0.01", Kinds.Ratio(0, 1)),
    };
}
