namespace PolyArb.Simulator.Feed;

internal enum FrameKind
{
    BestBidAsk,
    PriceChange,
    Book,
    Other,
}

/// <summary>A frame of the market channel about one condition, and who of its listeners gets it.</summary>
/// <param name="Token">Listeners of this one only; null for those of either.</param>
internal readonly record struct FeedFrame(FrameKind Kind, int? Token, byte[] Bytes);
