namespace PolyArb.Config;

/// <summary>How a collector is told.</summary>
public enum OtlpProtocol
{
    Grpc,

    /// <summary>Protobuf, posted to `v1/metrics` or `v1/traces` below the collector's address.</summary>
    Http,
}
