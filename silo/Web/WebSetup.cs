using System.Collections.Immutable;
using System.Net;
using PolyArb.Config;
using PolyArb.Silo.Hosting;

namespace PolyArb.Silo.Web;

/// <summary>Where the pages are served and to whom.</summary>
internal sealed record WebSetup
{
    private const string PortKey = "web.port";

    public required IPAddress Address { get; init; }

    /// <summary>0: any free one.</summary>
    public required int Port { get; init; }

    /// <summary>Names a request may call us by, besides those of this machine and <see cref="Address"/>.</summary>
    public required ImmutableArray<string> AllowedHosts { get; init; }

    /// <summary>With Orleans' own dashboard.</summary>
    public bool HasOrleansPages { get; init; }

    /// <summary>Who may look.</summary>
    public required ControlDoor Door { get; init; }

    /// <summary>Null: `web.port` is off. A port that nobody wrote down is only the usual one: if it is taken, any other does.</summary>
    /// <param name="token">The control token; null: none is set.</param>
    public static WebSetup? Of(PolyArbOptions options, string? token) => options.Web.Port is not { } port ? null : new()
    {
        Address = options.Web.Host,
        Port = IsWritten(options) || port == 0 || Ports.IsFree(options.Web.Host, port) ? port : 0,
        AllowedHosts = options.Web.AllowedHosts,
        HasOrleansPages = options.Web.OrleansDashboard,
        Door = new ControlDoor(token, IPAddress.IsLoopback(options.Web.Host)),
    };

    /// <summary>One line when the port that somebody wrote down cannot be had.</summary>
    public static string? Complaint(PolyArbOptions options) =>
        options.Web.Port is > 0 and var port && IsWritten(options) && !Ports.IsFree(options.Web.Host, port)
            ? options.Parameters[PortKey].Complaint($"is taken at {options.Web.Host}, perhaps by another silo: must be a free port, 0 (any free one) or off")
            : null;

    private static bool IsWritten(PolyArbOptions options) => options.Parameters[PortKey].Source != Parameters.DefaultSource;
}
