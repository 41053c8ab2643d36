using System.Net;
using System.Net.Sockets;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Orleans.Configuration;
using Orleans.Runtime;
using PolyArb.Domain;
using PolyArb.Grains.Interfaces;

namespace PolyArb.Client;

/// <summary>A connection to a silo's gateway port, or a clear line within five seconds, process start included.</summary>
internal sealed class SiloConnection : IAsyncDisposable
{
    private static readonly TimeSpan ConnectWithin = TimeSpan.FromSeconds(4);

    private readonly IHost? _host;

    private SiloConnection(IClusterClient grains, IHost? host) => (Grains, _host) = (grains, host);

    public IClusterClient Grains { get; }

    public IControl Control => Grains.GetGrain<IControl>(0);

    public IRegistryControl Registry => Grains.GetGrain<IRegistryControl>(0);

    public IHistoryView History => Grains.GetGrain<IHistoryView>(0);

    public IClusterView Cluster => Grains.GetGrain<IClusterView>(0);

    public IMarketView Market(MarketId market) => Grains.GetGrain<IMarketView>(market.Text);

    /// <summary>Over a connection of somebody else, who ends it.</summary>
    public static SiloConnection Over(IClusterClient cluster) => new(cluster, host: null);

    /// <param name="address">HOST:PORT, or several separated by commas.</param>
    /// <param name="token">The control token that every call carries; null for none.</param>
    /// <param name="timeout">Longest wait for one answer.</param>
    public static async Task<SiloConnection> Open(string address, string? token, TimeSpan timeout, CancellationToken cancellation)
    {
        var endpoints = await Resolve(address, cancellation);
        var retries = new Retries(TimeProvider.System);
        var host = new HostBuilder()
            .UseOrleansClient(client =>
            {
                client.UseStaticClustering(endpoints);
                client.Configure<ClusterOptions>(cluster => (cluster.ClusterId, cluster.ServiceId) = ("local", "polyarb"));
                client.Configure<ClientMessagingOptions>(messaging => messaging.ResponseTimeout = timeout);
                client.Services.AddPolyArbWire();
                client.UseConnectionRetryFilter(retries.Connects);
                client.AddOutgoingGrainCallFilter(retries);
                client.AddOutgoingGrainCallFilter(context =>
                {
                    if (token is not null) RequestContext.Set(ControlCall.Token, token);
                    return context.Invoke();
                });
            })
            .Build();
        try
        {
            await host.StartAsync(cancellation).WaitAsync(ConnectWithin, cancellation);
            return new SiloConnection(host.Services.GetRequiredService<IClusterClient>(), host);
        }
        catch (Exception e) when (e is OrleansException or SocketException or TimeoutException or InvalidOperationException)
        {
            host.Dispose();
            throw new CommandException($"no silo answers at {address}: start one, or name it with --silo HOST:PORT", ExitCode.Unreachable);
        }
    }

    public async ValueTask DisposeAsync()
    {
        if (_host is null) return;

        await _host.StopAsync(CancellationToken.None);
        _host.Dispose();
    }

    private static async Task<IPEndPoint[]> Resolve(string address, CancellationToken cancellation)
    {
        List<IPEndPoint> endpoints = [];
        foreach (var part in address.Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries))
        {
            var colon = part.LastIndexOf(':');
            if (colon < 1 || !ushort.TryParse(part[(colon + 1)..], out var port) || port == 0)
                throw new CommandException($"--silo {part}: must be HOST:PORT", ExitCode.Usage);

            try
            {
                var addresses = await Dns.GetHostAddressesAsync(part[..colon], AddressFamily.InterNetwork, cancellation);
                endpoints.AddRange(addresses.Select(found => new IPEndPoint(found, port)));
            }
            catch (SocketException e)
            {
                throw new CommandException($"--silo {part}: {e.Message}", ExitCode.Unreachable);
            }
        }

        return endpoints.Count > 0 ? [.. endpoints] : throw new CommandException("--silo: must be HOST:PORT", ExitCode.Usage);
    }
}
