using System.Collections.Immutable;
using PolyArb.Domain;
using PolyArb.Domain.Books;
using PolyArb.Domain.Orders;
using PolyArb.Domain.Ports;

namespace PolyArb.Tests.Grains;

internal sealed class SilentUserFeed : IUserFeed
{
    public StreamState State { get; set; } = StreamState.Live;

    public StreamHealth Health => new(State, "silent");

    public Task Run(Func<ImmutableArray<OrderEvent>, Task> deliver, Func<Task> reconnected, CancellationToken stopping) => Task.CompletedTask;
}

internal sealed class SilentMarketFeed : IMarketFeed
{
    private readonly TaskCompletionSource<(MarketId, long)> _resynced = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>The first market that asked for new books, and its session.</summary>
    public Task<(MarketId Market, long Session)> Resynced => _resynced.Task;

    public StreamHealth Health { get; set; } = new(StreamState.Live, "silent");

    public int Waiting => 0;

    private long _sessions;

    public long Follow(Market market, Func<long, ImmutableArray<FeedInput>, Task<FeedAnswer>> deliver) => Interlocked.Increment(ref _sessions);

    public void Unfollow(MarketId market, long session)
    {
    }

    public void Resync(MarketId market, long session) => _resynced.TrySetResult((market, session));

    /// <summary>Conditions whose books nobody has confirmed for too long.</summary>
    public HashSet<ConditionId> Old { get; } = [];

    public bool IsFresh(MarketId market, IEnumerable<ConditionId> conditions) => !Old.Overlaps(conditions);
}

internal sealed class NoTap : IFrameTap
{
    private long _count;

    public long Take(InputKind kind, string connection, ReadOnlySpan<byte> text, Instant at) => Interlocked.Increment(ref _count);
}
