using System.Collections.Immutable;
using System.Globalization;
using System.Net;

namespace PolyArb.Config;

/// <summary>Where the silo serves its pages: section `web`.</summary>
public sealed record WebOptions
{
    /// <summary>Loopback unless somebody says otherwise; beyond it every page wants the control token.</summary>
    public required IPAddress Host { get; init; }

    /// <summary>0: any free one; null: no pages.</summary>
    public required int? Port { get; init; }

    /// <summary>Names a request may call us by, besides those of this machine and <see cref="Host"/>.</summary>
    public required ImmutableArray<string> AllowedHosts { get; init; }

    /// <summary>Orleans' own dashboard at `/orleans`. Where it is, each call of a grain passes its profiler.</summary>
    public required bool OrleansDashboard { get; init; }

    internal static WebOptions Read(ParameterBinder from) => new()
    {
        Host = from.AtStart("web.host", "127.0.0.1", Kinds.Address),
        Port = from.AtStart("web.port", "8790", PortOrOff),
        AllowedHosts = from.AtStart("web.allowed_hosts", "", Kinds.Names),
        OrleansDashboard = from.AtStart("web.orleans_dashboard", "false", Kinds.Flag),
    };

    private static readonly Kind<int?> PortOrOff = new(
        "must be a port, 0 (any free one) to 65535, or off",
        (string text, out int? value) =>
        {
            var isPort = int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var port) && port <= 65_535;
            value = isPort ? port : null;
            return isPort || text is "off" or "-1";
        },
        value => value?.ToString(CultureInfo.InvariantCulture) ?? "off");
}
