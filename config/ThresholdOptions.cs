using PolyArb.Domain;
using PolyArb.Domain.Edges;

namespace PolyArb.Config;

/// <summary>What an edge must clear: section `thresholds`. Money is dollars per basket that pays one.</summary>
public sealed record ThresholdOptions
{
    /// <summary>A basket is opened only above it.</summary>
    public required Usd MinEdge { get; init; }

    /// <summary>Taken off every edge for what goes wrong; widened by measured slippage, never below this.</summary>
    public required Usd FailureBuffer { get; init; }

    /// <summary>The fee curve's rate a backtest assumes where its capture names none. Live trading never guesses a fee.</summary>
    public required decimal DefaultFeeRate { get; init; }

    /// <summary>Slippage over the sum of the best prices, in hundredths of a percent.</summary>
    public required int MaxSlippageBps { get; init; }

    /// <summary>What a basket is taken to cost beyond the best prices.</summary>
    public required SlippageKind SlippageModel { get; init; }

    /// <summary>The flat allowance of <see cref="SlippageKind.FixedBps"/>, of the sum of the best prices.</summary>
    public required int FixedSlippageBps { get; init; }

    internal static ThresholdOptions Read(ParameterBinder from) => new()
    {
        MinEdge = from.Live("thresholds.min_edge_threshold", "0.01", Kinds.DollarsPerShare),
        FailureBuffer = from.Live("thresholds.failure_buffer", "0.002", Kinds.DollarsPerShare),
        DefaultFeeRate = from.Live("thresholds.default_fee_rate", "0.002", Kinds.Ratio(0, 1)),
        MaxSlippageBps = from.Live("thresholds.max_slippage_bps", "20", Kinds.Count(0, 10_000)),
        SlippageModel = from.Live(
            "thresholds.slippage_model", "depth", Kinds.OneOf(("depth", SlippageKind.Depth), ("fixed_bps", SlippageKind.FixedBps))),
        FixedSlippageBps = from.Live("thresholds.fixed_slippage_bps", "20", Kinds.Count(0, 10_000)),
    };
}
