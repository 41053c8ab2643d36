using System.Collections.Immutable;
using System.Diagnostics.CodeAnalysis;
using PolyArb.Domain;

namespace PolyArb.Config;

/// <summary>Quotes that rest until somebody takes them: section `maker`.</summary>
public sealed record MakerOptions
{
    public required bool Enabled { get; init; }

    /// <summary>Neg-risk market ids or condition ids; empty for every market that is traded.</summary>
    public required ImmutableArray<MarketId> Markets { get; init; }

    /// <summary>Shares bid for on each side.</summary>
    public required Size Size { get; init; }

    /// <summary>How far above the best bid a quote may stand.</summary>
    public required int ImproveTicks { get; init; }

    /// <summary>How far the bid for what is held stands back, for each <see cref="Size"/> of it.</summary>
    public required int SkewTicks { get; init; }

    /// <summary>Shares of one side held beyond the other at which a question is not quoted.</summary>
    public required Size MaxInventory { get; init; }

    internal static MakerOptions Read(ParameterBinder from)
    {
        var markets = from.AtStart("maker.markets", "all", Selection);
        return new MakerOptions
        {
            Enabled = from.AtStart("maker.enabled", "false", Kinds.Flag),
            Markets = markets is ["all"] ? [] : [.. markets.Select(name => new MarketId(name))],
            Size = from.Live("maker.size", "20", Kinds.SharesAboveZero),
            ImproveTicks = from.Live("maker.improve_ticks", "0", Kinds.Count(0, 10)),
            SkewTicks = from.Live("maker.skew_ticks", "1", Kinds.Count(0, 100)),
            MaxInventory = from.Live("maker.max_inventory", "100", Kinds.SharesAboveZero),
        };
    }

    private static readonly Kind<ImmutableArray<string>> Selection = Kinds.Names with
    {
        Legal = "must be all, or market or condition ids separated by commas",
        TryRead = (string text, [MaybeNullWhen(false)] out ImmutableArray<string> value) =>
            Kinds.Names.TryRead(text, out value) && value.Length > 0 && (value.Length == 1 || !value.Contains("all")),
    };
}
