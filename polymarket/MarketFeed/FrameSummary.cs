namespace PolyArb.Polymarket.MarketFeed;

/// <summary>What kind of text a frame was.</summary>
public enum FrameKind
{
    Events,

    /// <summary>The answer to our PING.</summary>
    Pong,

    /// <summary>Nothing, `""`, `[]` or NO NEW ASSETS.</summary>
    Blank,

    /// <summary>Not in the venue's format.</summary>
    Unparsable,
}

/// <summary>The venue's event types, market and user channel (protocol sheet 4.2, 5).</summary>
public enum FrameEvent
{
    Book,
    PriceChange,
    LastTradePrice,
    TickSizeChange,
    BestBidAsk,
    NewMarket,
    MarketResolved,
    Order,
    Trade,
    Other,
}

/// <summary>How many events of each type a frame carried. An unparsable frame counts none.</summary>
public struct FrameSummary : IEquatable<FrameSummary>
{
    private static readonly int Types = Enum.GetValues<FrameEvent>().Length;

    private int[]? _counts;

    public FrameKind Kind { get; internal set; }

    public readonly int this[FrameEvent type] => _counts?[(int)type] ?? 0;

    public readonly int Total => _counts?.Sum() ?? 0;

    internal void Count(FrameEvent type) => (_counts ??= new int[Types])[(int)type]++;

    public readonly bool Equals(FrameSummary other)
    {
        if (Kind != other.Kind) return false;

        for (var i = 0; i < Types; i++)
        {
            if (this[(FrameEvent)i] != other[(FrameEvent)i]) return false;
        }

        return true;
    }

    public override readonly bool Equals(object? obj) => obj is FrameSummary other && Equals(other);

    public override readonly int GetHashCode() => HashCode.Combine(Kind, Total);

    public static bool operator ==(FrameSummary left, FrameSummary right) => left.Equals(right);

    public static bool operator !=(FrameSummary left, FrameSummary right) => !left.Equals(right);
}
