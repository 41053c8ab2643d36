namespace PolyArb.Config;

/// <summary>When a desk looks for an edge again: section `edge`.</summary>
public sealed record EdgeOptions
{
    /// <summary>Rest after a basket was refused.</summary>
    public required TimeSpan RetryAfter { get; init; }

    /// <summary>Rest after a basket ended, so that its own echo is not taken for news.</summary>
    public required TimeSpan QuietAfterBasket { get; init; }

    internal static EdgeOptions Read(ParameterBinder from) => new()
    {
        RetryAfter = from.Live("edge.retry_after_ms", "250", Kinds.Millis(10, 60_000)),
        QuietAfterBasket = from.Live("edge.quiet_after_basket_ms", "1000", Kinds.Millis(0, 600_000)),
    };
}
