using Microsoft.Extensions.Logging;
using PolyArb.Domain.Ports;
using PolyArb.Polymarket.Json;

namespace PolyArb.Polymarket.MarketFeed;

/// <summary>What every socket of the market feed works with.</summary>
internal sealed class FeedParts(VenueOptions options, IFrameTap tap, IErrorLog errors, TimeProvider time, Random random, ILogger logger)
{
    private readonly long _origin = time.GetTimestamp();

    public VenueOptions Options { get; } = options;

    public IFrameTap Tap { get; } = tap;

    public IErrorLog Errors { get; } = errors;

    public TimeProvider Time { get; } = time;

    public Random Random { get; } = random;

    public ILogger Logger { get; } = logger;

    public FeedCounts Counts { get; } = new();

    /// <summary>Hears of names that are none of the venue's.</summary>
    public UnknownNames? Unknown { get; init; }

    /// <summary>Since the feed was made; never steps back.</summary>
    public TimeSpan Now => Time.GetElapsedTime(_origin);
}

/// <summary>Counted since the start, from any thread.</summary>
internal sealed class FeedCounts
{
    public long Unreadable;

    /// <summary>Tokens that REST was asked for, and what came of it.</summary>
    public long Looks;
    public long Quiet;
    public long StaleRest;
    public long Ended;
    public long Frozen;

    public override string ToString() =>
        $"{Looks} silent tokens compared with REST: {Quiet} quiet, {Frozen} frozen, {StaleRest} stale there, {Ended} ended; {Unreadable} unreadable frames";
}
