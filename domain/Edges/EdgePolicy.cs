using System.Collections.Immutable;
using PolyArb.Domain.Books;
using PolyArb.Domain.Guards;
using PolyArb.Domain.Quotes;

namespace PolyArb.Domain.Edges;

/// <summary>When an edge is worth taking, and how large. Money is per basket unless it says otherwise.</summary>
public sealed record EdgePolicy
{
    /// <summary>Trade only above this.</summary>
    public required Usd MinEdge { get; init; }

    /// <summary>Taken off every edge for what goes wrong on the way.</summary>
    public required Usd FailureBuffer { get; init; }

    /// <summary>A buffer may be wider than the policy's own, never narrower.</summary>
    internal Usd BufferOf(Usd widened) => widened > FailureBuffer ? widened : FailureBuffer;

    /// <summary>Cap on slippage as a share of the best prices' sum, in basis points.</summary>
    public required int MaxSlippageBps { get; init; }

    /// <summary>What a basket is taken to cost beyond the best prices.</summary>
    public required SlippageKind Slippage { get; init; }

    /// <summary>The allowance of <see cref="SlippageKind.FixedBps"/>, as a share of the best prices' sum (basis points).</summary>
    public required int FixedSlippageBps { get; init; }

    /// <summary>What the money in a basket costs until it comes back.</summary>
    public required CapitalPolicy Capital { get; init; }

    /// <summary>An edge above this share of a dollar a basket (basis points), whatever it pays, is a fault in the data, not luck.</summary>
    public required int MaxPlausibleEdgeBps { get; init; }

    /// <summary>One POST takes 15 orders.</summary>
    public required int MaxLegs { get; init; }

    /// <summary>How the legs of a basket are sent: FAK, FOK or GTC.</summary>
    public required OrderType TakerType { get; init; }

    /// <summary>Most dollars in one basket, fees included.</summary>
    public required Usd MaxBasketOutlay { get; init; }

    /// <summary>How far the expected fills of the legs may be apart.</summary>
    public required Size MaxLegMismatch { get; init; }

    /// <summary>Events whose conditions are listed as exhaustive by the operator.</summary>
    public required ImmutableArray<MarketId> AllYes { get; init; }

    /// <summary>How many questions an event has of which one must end YES: the operator says so, and nothing in it speaks against it. Else null.</summary>
    public int? Exhaustive(Market market) => AllYes.Contains(market.Id) && Exhaustiveness.Holds(market) ? market.Conditions.Length : null;

    /// <summary>Also take from markets that hold taker orders back.</summary>
    public required bool AllowDelayed { get; init; }

    /// <summary>It is open, its fee is known, and taker orders are not held back, or may be.</summary>
    public bool MayTake(Condition condition) => condition is { IsTradable: true, Fee: not null } && (AllowDelayed || !condition.DelaysTakers);

    /// <summary>Wait after a refusal before proposing again.</summary>
    public required TimeSpan RetryAfter { get; init; }

    /// <summary>Wait after a basket, until its own fills show in the books.</summary>
    public required TimeSpan QuietAfterBasket { get; init; }

    /// <summary>A batch older than this is applied and not decided on: more is waiting behind it.</summary>
    public required TimeSpan MaxDataAge { get; init; }

    /// <summary>When books are compared with the venue's hashes. Only a proven one is ever traded on.</summary>
    public ProofCheck ProofCheck { get; init; } // Not required: recordings from before it have none.

    /// <summary>How long an update may stay unsettled before its proof has failed.</summary>
    public required TimeSpan SettleTimeout { get; init; }

    /// <summary>How long a short leg may be completed, from the moment the shortfall is known.</summary>
    public required TimeSpan CompletionWindow { get; init; }

    /// <summary>How long an excess may be given back, from the end of the completion or from when its shares could be sold.</summary>
    public required TimeSpan UnwindWindow { get; init; }

    public required GuardPolicy Guards { get; init; }

    /// <summary>Most completing may cost beyond the plan, as a share of the basket's expected profit (basis points).</summary>
    public required int CompletionCapBps { get; init; }

    /// <summary>Most an unwind may lose, as a share of the basket's expected profit (basis points).</summary>
    public required int UnwindCapBps { get; init; }

    /// <summary>How far below the best bid that it began with a stop sells, as a share of it (basis points).</summary>
    public int FlattenSlippageBps { get; init; } = 500;

    /// <summary>Between two such sales of one market.</summary>
    public TimeSpan FlattenPause { get; init; } = TimeSpan.FromMilliseconds(500);

    /// <summary>How quotes rest; null: none do.</summary>
    public MakerPolicy? Maker { get; init; }
}
