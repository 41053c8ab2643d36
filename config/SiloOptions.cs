using System.Net;

namespace PolyArb.Config;

/// <summary>Where the silo listens: section `silo`.</summary>
public sealed record SiloOptions
{
    /// <summary>Loopback unless somebody says otherwise: whoever reaches these ports can trade.</summary>
    public required IPAddress Address { get; init; }

    /// <summary>Silo to silo.</summary>
    public required int Port { get; init; }

    /// <summary>For polyarb-client.</summary>
    public required int GatewayPort { get; init; }

    internal static SiloOptions Read(ParameterBinder from) => new()
    {
        Address = from.AtStart("silo.address", "127.0.0.1", Kinds.Address),
        Port = from.AtStart("silo.port", "11111", Kinds.Port),
        GatewayPort = from.AtStart("silo.gateway_port", "30000", Kinds.Port),
    };
}
