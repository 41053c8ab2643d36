namespace PolyArb.Polymarket.MarketFeed;

/// <summary>
/// Inputs that wait for their markets, of all markets together. Past the most that may wait a market's next input is refused as if its
/// own queue were full, so it starts over from a snapshot: market data is shed, and nothing else ever passes here.
/// </summary>
internal sealed class FeedLoad(int max)
{
    private int _waiting;

    public int Waiting => Volatile.Read(ref _waiting);

    /// <summary>False: shed it.</summary>
    public bool TryAdd()
    {
        if (Interlocked.Increment(ref _waiting) <= max) return true;

        Interlocked.Decrement(ref _waiting);
        return false;
    }

    /// <summary>For the news of a loss, which must not be lost itself.</summary>
    public void Add() => Interlocked.Increment(ref _waiting);

    public void Remove() => Interlocked.Decrement(ref _waiting);
}
