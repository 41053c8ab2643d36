using System.Net;
using System.Net.Sockets;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Orleans.Configuration;
using Orleans.Messaging;
using Orleans.Runtime;
using PolyArb.Domain;
using PolyArb.Grains.Interfaces;

namespace PolyArb.Client;

/// <summary>A connection to a silo's gateway port, or a clear line within five seconds, process start included.</summary>
internal sealed class SiloConnection : IAsyncDisposable
{
    private static readonly TimeSpan ConnectWithin = TimeSpan.FromSeconds(4);
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(250);

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
        var named = await Resolve(address, cancellation);
        using var within = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        within.CancelAfter(ConnectWithin);
        try
        {
            while (true)
            {
                var taking = await Doors.ThatTake(named, within.Token);
                foreach (var door in taking)
                    if (await Through(new Doors(named, door), token, timeout, ConnectWithin / taking.Length, within.Token) is { } connection) return connection;

                await Task.Delay(Pause, within.Token);
            }
        }
        catch (OperationCanceledException) when (!cancellation.IsCancellationRequested)
        {
            throw new CommandException($"no silo answers at {address}: start one, or name it with --silo HOST:PORT", ExitCode.Unreachable);
        }
    }

    /// <summary>Null where nobody answers in time: a silo that begins, ends or hangs takes connections too.</summary>
    private static async Task<SiloConnection?> Through(Doors doors, string? token, TimeSpan timeout, TimeSpan patience, CancellationToken cancellation)
    {
        var host = new HostBuilder()
            .UseOrleansClient(client =>
            {
                client.Services.AddSingleton<IGatewayListProvider>(doors);
                client.Configure<GatewayOptions>(gateways => gateways.GatewayListRefreshPeriod = Doors.Refresh);
                client.Configure<ClusterOptions>(cluster => (cluster.ClusterId, cluster.ServiceId) = ("local", "polyarb"));
                client.Configure<ClientMessagingOptions>(messaging => messaging.ResponseTimeout = timeout);
                client.Services.AddPolyArbWire();
                client.AddOutgoingGrainCallFilter(new Retries(timeout, TimeProvider.System));
                client.AddOutgoingGrainCallFilter(context =>
                {
                    if (token is not null) RequestContext.Set(ControlCall.Token, token);
                    return context.Invoke();
                });
            })
            .Build();
        try
        {
            await host.StartAsync(cancellation).WaitAsync(patience, cancellation);
            doors.Open();
            return new SiloConnection(host.Services.GetRequiredService<IClusterClient>(), host);
        }
        catch (Exception e)
        {
            host.Dispose();
            if (e is OrleansException or SocketException or TimeoutException or InvalidOperationException) return null;

            throw;
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
