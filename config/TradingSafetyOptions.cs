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

    internal static TradingSafetyOptions Read(ParameterBinder from) => new()
    {
        FlattenMode = from.Live(
            "trading_safety.flatten_mode",
            "cancel_only",
            Kinds.OneOf(("cancel_only", FlattenMode.CancelOnly), ("cancel_and_unwind", FlattenMode.CancelAndUnwind))),
        FlattenTimeout = from.Live("trading_safety.flatten_timeout_sec", "60", Kinds.Seconds(1, 3_600)),
    };
}
