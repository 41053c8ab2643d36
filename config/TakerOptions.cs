using PolyArb.Domain;

namespace PolyArb.Config;

/// <summary>How legs are bought at once: section `taker`.</summary>
public sealed record TakerOptions
{
    public required OrderType OrderType { get; init; }

    /// <summary>Also trades markets where the venue holds taker orders back.</summary>
    public required bool AllowDelayed { get; init; }

    internal static TakerOptions Read(ParameterBinder from) => new()
    {
        OrderType = from.Live(
            "taker.order_type", "fak", Kinds.OneOf(("fak", OrderType.Fak), ("fok", OrderType.Fok), ("gtc", OrderType.Gtc))),
        AllowDelayed = from.Live("taker.allow_delayed", "false", Kinds.Flag),
    };
}
