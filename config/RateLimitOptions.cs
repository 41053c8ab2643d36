using PolyArb.Domain.Orders;

namespace PolyArb.Config;

/// <summary>
/// What we allow ourselves towards the venue, which holds back what is too much instead of refusing it: section `rate_limits`.
/// </summary>
public sealed record RateLimitOptions
{
    public required Allowance Global { get; init; }

    public required Allowance PostBurst { get; init; }

    public required Allowance PostSustained { get; init; }

    public required Allowance DeleteBurst { get; init; }

    public required Allowance DeleteSustained { get; init; }

    /// <summary>The first rest after the venue said too much or not ready; it doubles with each further one.</summary>
    public required TimeSpan BackoffBase { get; init; }

    public required TimeSpan BackoffMax { get; init; }

    internal static RateLimitOptions Read(ParameterBinder from) => new()
    {
        Global = ReadAllowance(from, "rate_limits.global.", "100000", "600"),
        PostBurst = ReadAllowance(from, "rate_limits.post_order.burst_", "3500", "10"),
        PostSustained = ReadAllowance(from, "rate_limits.post_order.sustained_", "36000", "600"),
        DeleteBurst = ReadAllowance(from, "rate_limits.delete_order.burst_", "3000", "10"),
        DeleteSustained = ReadAllowance(from, "rate_limits.delete_order.sustained_", "30000", "600"),
        BackoffBase = from.AtStart("rate_limits.adaptive_backoff_base_ms", "100", Kinds.Millis(1, 60_000)),
        BackoffMax = from.AtStart("rate_limits.adaptive_backoff_max_ms", "5000", Kinds.Millis(1, 600_000)),
    };

    private static Allowance ReadAllowance(ParameterBinder from, string prefix, string tokens, string seconds) => new(
        from.AtStart(prefix + "tokens", tokens, Kinds.Count(1, 10_000_000)),
        from.AtStart(prefix + "window_sec", seconds, Kinds.Seconds(1, 86_400)));
}
