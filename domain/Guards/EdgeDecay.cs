namespace PolyArb.Domain.Guards;

/// <summary>What the last baskets earned over what they were expected to earn. A market whose edges keep melting is not worth its fees.</summary>
public sealed class EdgeDecay(GuardPolicy policy)
{
    private readonly Queue<JudgedBasket> _baskets = new();

    /// <summary>The last ones, oldest first.</summary>
    public IReadOnlyCollection<JudgedBasket> Judged => _baskets;

    public int Baskets => _baskets.Count;

    public Usd Expected { get; private set; }

    public Usd Earned { get; private set; }

    /// <summary>Enough baskets, and they earned less than the smallest ratio.</summary>
    public bool IsDecayed => Baskets >= policy.DecayMinTrades
        && (Int128)Earned.Micros * 10_000 < (Int128)Expected.Micros * policy.DecayMinRatioBps;

    public void Observe(JudgedBasket basket)
    {
        _baskets.Enqueue(basket);
        (Expected, Earned) = (Expected + basket.Expected, Earned + basket.Earned);
        if (_baskets.Count <= policy.DecayWindow) return;

        var oldest = _baskets.Dequeue();
        (Expected, Earned) = (Expected - oldest.Expected, Earned - oldest.Earned);
    }
}
