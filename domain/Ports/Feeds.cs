using System.Collections.Immutable;
using System.Text;
using PolyArb.Domain.Orders;

namespace PolyArb.Domain.Ports;

public enum FeedAnswer
{
    Applied,

    /// <summary>Not this activation's session: the pump ends.</summary>
    Gone,

    /// <summary>A book failed its proof and stayed wrong: fetch new snapshots of this market.</summary>
    Resync,
}

/// <summary>Public market data for markets of this silo. All tokens of a market travel on one socket.</summary>
public interface IMarketFeed
{
    /// <summary>
    /// Starts a pump for a market and returns its session number; ends an older pump of the same market first.
    /// The pump delivers until <see cref="Unfollow"/> or <see cref="FeedAnswer.Gone"/>.
    /// </summary>
    long Follow(Market market, Func<long, ImmutableArray<Books.FeedInput>, Task<FeedAnswer>> deliver);

    void Unfollow(MarketId market, long session);

    /// <summary>The same as <see cref="FeedAnswer.Resync"/> where no batch came that could be answered so: a book failed its proof by the clock.</summary>
    void Resync(MarketId market, long session);

    StreamHealth Health { get; }

    /// <summary>The health's first word, without the rest being counted.</summary>
    StreamState State => Health.State;

    /// <summary>
    /// Each of these books of a market was known to be all there is, by a frame or by the venue saying the same when asked, no longer ago than a
    /// trade may rely on. False where one is missing, or nobody follows the market. PONGs prove nothing about a token (protocol sheet 4.3).
    /// </summary>
    bool IsFresh(MarketId market, IEnumerable<ConditionId> conditions);

    /// <summary>Inputs that wait for their markets now.</summary>
    int Waiting { get; }
}

/// <summary>Our own orders and fills as the venue pushes them.</summary>
public interface IUserFeed
{
    /// <summary>Delivers news until cancelled; reconnects by itself. Connected news may have been missed in between.</summary>
    Task Run(Func<ImmutableArray<OrderEvent>, Task> deliver, Func<Task> reconnected, CancellationToken stopping);

    StreamHealth Health { get; }
}

public enum StreamState
{
    Connecting,
    Live,
    Down,

    /// <summary>There is nothing to follow, so nothing is connected.</summary>
    Idle,
}

/// <summary>One line for the operator; health comes from PING/PONG, not from the absence of own events.</summary>
public sealed record StreamHealth(StreamState State, string Detail);

public enum InputKind
{
    Market,
    User,
    Rest,
    Command,
    Params,
    Timer,
    Call,
    Answer,
    Turn,
}

/// <summary>Keeps every input that decisions depend on. Never waits and never throws; loss is counted.</summary>
public interface IFrameTap
{
    /// <summary>Takes a copy of the text and returns its number, one more than the last.</summary>
    long Take(InputKind kind, string connection, ReadOnlySpan<byte> text, Instant at);

    /// <summary>
    /// The same, with a text that is made when it is written: once, on another thread, after those with lower numbers. What it tells of
    /// must not change any more.
    /// </summary>
    /// <param name="bytes">About how long it will be.</param>
    long Take(InputKind kind, string connection, Func<string> text, int bytes, Instant at) =>
        Take(kind, connection, Encoding.UTF8.GetBytes(text()), at);

    /// <summary>False where numbers are given out and nothing is written, so that whoever would have to make a text need not.</summary>
    bool IsKept => true;

    /// <summary>Inputs since the start that are not kept: no room, or no disk.</summary>
    long Lost => 0;

    /// <summary>What was taken up to this number is incomplete, or will not be kept for much longer: who began there is to begin anew.</summary>
    long Horizon => 0;
}
