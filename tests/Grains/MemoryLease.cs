using PolyArb.Domain.Ports;

namespace PolyArb.Tests.Grains;

/// <summary>A lease as a database keeps it, in memory.</summary>
internal sealed class MemoryLease(TimeProvider time) : IGatewayLease
{
    private readonly Lock _gate = new();
    private (string Owner, long Fence, DateTimeOffset Until) _held;
    private bool _isStart = true;

    /// <summary>What the next calls end with; null: they go their way.</summary>
    public Exception? Failure { get; set; }

    public int Takes { get; private set; }

    public Task<bool> Take(string owner, long fence, TimeSpan length)
    {
        if (Failure is { } failure) return Task.FromException<bool>(failure);

        lock (_gate)
        {
            Takes++;
            if (fence < _held.Fence || (_held.Until > time.GetUtcNow() && _held.Owner != owner)) return Task.FromResult(false);

            _held = (owner, fence, time.GetUtcNow() + length);
            return Task.FromResult(true);
        }
    }

    public Task Release(string owner, long fence)
    {
        lock (_gate)
        {
            if ((_held.Owner, _held.Fence) == (owner, fence)) _held.Until = default;
        }

        return Task.CompletedTask;
    }

    public Task MarkStart()
    {
        _isStart = true;
        return Task.CompletedTask;
    }

    public Task<bool> IsStart() => Task.FromResult(_isStart);

    public Task ClearStart(long fence)
    {
        _isStart = false;
        return Task.CompletedTask;
    }
}
