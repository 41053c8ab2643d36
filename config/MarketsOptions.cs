using System.Collections.Immutable;
using System.Diagnostics.CodeAnalysis;
using PolyArb.Domain;

namespace PolyArb.Config;

/// <summary>
/// What is traded: section `markets`. It seeds the registry on the first start; later `markets on` and `markets off` rule.
/// </summary>
public sealed record MarketsOptions
{
    /// <summary>Every tradable market, instead of those in <see cref="Enabled"/>.</summary>
    public required bool All { get; init; }

    /// <summary>Neg-risk market ids or condition ids; empty when <see cref="All"/>.</summary>
    public required ImmutableArray<MarketId> Enabled { get; init; }

    /// <summary>Also trades conditions whose outcomes are not called Yes and No (teams, Up and Down).</summary>
    public required bool AllowNonstandardYesNoLabels { get; init; }

    internal static MarketsOptions Read(ParameterBinder from)
    {
        var names = from.AtStart("markets.enabled", "", Selection, "MARKETS");
        var all = names is ["all"];
        return new MarketsOptions
        {
            All = all,
            Enabled = all ? [] : [.. names.Select(name => new MarketId(name))],
            AllowNonstandardYesNoLabels = from.AtStart("markets.allow_nonstandard_yes_no_labels", "false", Kinds.Flag),
        };
    }

    private static readonly Kind<ImmutableArray<string>> Selection = Kinds.Names with
    {
        Legal = "must be all, or market ids separated by commas",
        TryRead = (string text, [MaybeNullWhen(false)] out ImmutableArray<string> value) =>
            Kinds.Names.TryRead(text, out value) && (value.Length == 1 || !value.Contains("all")),
    };
}
