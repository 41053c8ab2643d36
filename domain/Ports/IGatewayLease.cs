namespace PolyArb.Domain.Ports;

/// <summary>
/// Which gateway of a cluster may send, and whether the cluster starts or lives. Times are the database's. Every answer may throw, with one line.
/// </summary>
public interface IGatewayLease
{
    /// <summary>No other process can have it: once taken, it is held for good.</summary>
    bool IsSole => false;

    /// <summary>
    /// Takes or renews it for this fence: true when it is ours for <paramref name="length"/> from the moment the database answered; false while
    /// another's runs, or a newer gateway had it.
    /// </summary>
    Task<bool> Take(string owner, long fence, TimeSpan length);

    /// <summary>Gives it up, if it is ours: the next one need not wait.</summary>
    Task Release(string owner, long fence);

    /// <summary>The cluster starts, and this is no failover: the next gateway begins as after a start. Said by a silo that finds no other one active.</summary>
    Task MarkStart();

    /// <summary>Whether a start was marked, and no gateway has written yet how it began.</summary>
    Task<bool> IsStart();

    /// <summary>The gateway of this fence has written how it began.</summary>
    Task ClearStart(long fence);
}

/// <summary>Of a silo that nobody shares its journal with: the lock on the data directory sees to that. A process is a start; its later gateways are not.</summary>
public sealed class SoleGateway : IGatewayLease
{
    private volatile bool _hasBegun;

    public bool IsSole => true;

    public Task<bool> Take(string owner, long fence, TimeSpan length) => Task.FromResult(true);

    public Task Release(string owner, long fence) => Task.CompletedTask;

    public Task MarkStart() => Task.CompletedTask;

    public Task<bool> IsStart() => Task.FromResult(!_hasBegun);

    public Task ClearStart(long fence)
    {
        _hasBegun = true;
        return Task.CompletedTask;
    }
}
