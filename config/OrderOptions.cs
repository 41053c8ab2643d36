using PolyArb.Domain;

namespace PolyArb.Config;

/// <summary>How orders live: section `order`.</summary>
public sealed record OrderOptions
{
    /// <summary>A resting order is cancelled after it.</summary>
    public required TimeSpan DefaultTtl { get; init; }

    /// <summary>A quote is not replaced before it.</summary>
    public required TimeSpan MinLifetime { get; init; }

    /// <summary>Of one condition; it never holds back a cancel of risk, flatten or kill.</summary>
    public required int MaxCancelsPerSecondPerMarket { get; init; }

    /// <summary>Two intents whose prices differ by less are the same.</summary>
    public required Price IntentPriceEpsilon { get; init; }

    /// <summary>Two intents whose sizes differ by less are the same.</summary>
    public required Size IntentSizeEpsilon { get; init; }

    internal static OrderOptions Read(ParameterBinder from) => new()
    {
        DefaultTtl = from.Live("order.default_ttl_ms", "15000", Kinds.Millis(100, 86_400_000)),
        MinLifetime = from.Live("order.min_order_lifetime_ms", "1200", Kinds.Millis(0, 86_400_000)),
        MaxCancelsPerSecondPerMarket = from.Live("order.max_cancels_per_sec_per_market", "5", Kinds.Count(1, 1_000)),
        IntentPriceEpsilon = from.Live("order.intent_price_epsilon", "0.0001", Kinds.PriceStep),
        IntentSizeEpsilon = from.Live("order.intent_size_epsilon", "0.1", Kinds.Shares),
    };
}
