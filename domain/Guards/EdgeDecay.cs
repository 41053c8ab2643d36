namespace PolyArb.Domain.Guards;

/// <summary>What the last baskets earned over what they were expected to earn. A market whose edges keep melting is not worth its fees.</summary>
public sealed class EdgeDecay(GuardPolicy policy)
{
    private readonly Queue<(Usd Expected, Usd Earned)> _baskets = new();

    public int Baskets => _baskets.Count;

    public Usd Expected { get; private set; }

    public Usd Earned { get; private set; }

    /// <summary>Enough baskets, and they earned less than the smallest ratio.</summary>
    public bool IsDecayed => Baskets >= policy.DecayMinTrades
        && (Int128)Earned.Micros * 10_000 < (Int128)Expected.Micros * policy.DecayMinRatioBps;

    public void Observe(Usd expected, Usd earned)
    {
        _baskets.Enqueue((expected, earned));
        (Expected, Earned) = (Expected + expected, Earned + earned);
        if (_baskets.Count <= policy.DecayWindow) return;

        var (oldExpected, oldEarned) = _baskets.Dequeue();
        (Expected, Earned) = (Expected - oldExpected, Earned - oldEarned);
    }
}
