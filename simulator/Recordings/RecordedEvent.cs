using PolyArb.Simulator.Engine;

namespace PolyArb.Simulator.Recordings;

/// <summary>One level as recorded: a price of the named token in 1/10,000 and its total in micro-shares, 0 when it went.</summary>
internal readonly record struct RecordedLevel(string Token, bool IsBid, int Price, long Total);

/// <summary>What a recorded frame said of one condition. The timestamp is the venue's, the hash that of <see cref="Token"/>'s book after it.</summary>
internal abstract record RecordedEvent(string Condition, string Token, long Timestamp, string Hash)
{
    /// <summary>When it was received, in Unix milliseconds; the venue's time where the recorder kept none.</summary>
    public long At { get; init; }

    /// <summary>The whole book of one token. Facts that a frame may leave out are null.</summary>
    internal sealed record Book(
        string Condition, string Token, long Timestamp, string Hash, IReadOnlyList<RecordedLevel> Levels, string? Tick, string? LastTrade)
        : RecordedEvent(Condition, Token, Timestamp, Hash);

    /// <summary>All price changes that share one time and hash: only after the last of them the hash is true (design 2.2).</summary>
    internal sealed record Changes(string Condition, string Token, long Timestamp, string Hash, IReadOnlyList<RecordedLevel> Levels)
        : RecordedEvent(Condition, Token, Timestamp, Hash);

    /// <summary>A new price step, said once for each token; it has no hash, the book that follows has.</summary>
    internal sealed record TickChange(string Condition, string Token, long Timestamp, int Tick) : RecordedEvent(Condition, Token, Timestamp, "");

    /// <summary>A public trade; it has no hash.</summary>
    internal sealed record Trade(
        string Condition, string Token, long Timestamp, Side Side, int Price, long Shares, string Transaction)
        : RecordedEvent(Condition, Token, Timestamp, "");
}
