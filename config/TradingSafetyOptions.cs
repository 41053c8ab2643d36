namespace PolyArb.Config;

public enum FlattenMode
{
    CancelOnly,
    CancelAndUnwind,
}

/// <summary>What `flatten` and the breakers do: section `trading_safety`.</summary>
public sealed record TradingSafetyOptions
{
    public required FlattenMode FlattenMode { get; init; }

    /// <summary>After it the state is SAFE, with what is left listed as held.</summary>
    public required TimeSpan FlattenTimeout { get; init; }

    /// <summary>How far below the best bid a stop sells, in hundredths of a percent.</summary>
    public required int FlattenSlippageBps { get; init; }

    /// <summary>Between two sales of one market.</summary>
    public required TimeSpan FlattenPause { get; init; }

    internal static TradingSafetyOptions Read(ParameterBinder from) => new()
    {
        FlattenMode = from.Live(
            "trading_safety.flatten_mode",
            "cancel_only",
            Kinds.OneOf(("cancel_only", FlattenMode.CancelOnly), ("cancel_and_unwind", FlattenMode.CancelAndUnwind))),
        FlattenTimeout = from.Live("trading_safety.flatten_timeout_sec", "60", Kinds.Seconds(1, 3_600)),
        FlattenSlippageBps = from.Live("trading_safety.flatten_slippage_bps", "500", Kinds.Count(0, 10_000)),
        FlattenPause = from.Live("trading_safety.flatten_pause_ms", "500", Kinds.Millis(0, 60_000)),
    };
}
