using System.Net;
using System.Net.Sockets;
using Orleans.Messaging;
using Orleans.Runtime;

namespace PolyArb.Client;

/// <summary>
/// The silos that were named, as Orleans asks for them: at first the one that is tried, then all that take connections. Orleans by itself may begin
/// with one that is down, and does not try another.
/// </summary>
internal sealed class Doors(IReadOnlyList<IPEndPoint> named, IPEndPoint tried) : IGatewayListProvider
{
    /// <summary>How often Orleans asks anew: a silo that has come back is used again.</summary>
    public static readonly TimeSpan Refresh = TimeSpan.FromSeconds(5);

    private static readonly TimeSpan KnockFor = TimeSpan.FromSeconds(1);

    private volatile bool _isOpen;

    public TimeSpan MaxStaleness => Refresh;

    public bool IsUpdatable => true;

    public Task InitializeGatewayListProvider() => Task.CompletedTask;

    /// <summary>The one that was tried has answered.</summary>
    public void Open() => _isOpen = true;

    public async Task<IList<Uri>> GetGateways()
    {
        var doors = _isOpen ? await ThatTake(named, CancellationToken.None) : [tried];
        return [.. (doors is [] ? named : doors).Select(door => door.ToGatewayUri())];
    }

    /// <summary>Those of them where somebody listens now, in any order: which silo a client talks to is left to chance.</summary>
    public static async Task<IPEndPoint[]> ThatTake(IReadOnlyList<IPEndPoint> doors, CancellationToken cancellation)
    {
        var taking = await Task.WhenAll(doors.Select(door => Takes(door, cancellation)));
        var open = doors.Where((_, number) => taking[number]).ToArray();
        Random.Shared.Shuffle(open);
        return open;
    }

    private static async Task<bool> Takes(IPEndPoint door, CancellationToken cancellation)
    {
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        patience.CancelAfter(KnockFor);
        using var socket = new Socket(door.AddressFamily, SocketType.Stream, ProtocolType.Tcp);
        try
        {
            await socket.ConnectAsync(door, patience.Token);
            return true;
        }
        catch (SocketException)
        {
            return false;
        }
        catch (OperationCanceledException) when (!cancellation.IsCancellationRequested)
        {
            return false;
        }
    }
}
