namespace PolyArb.Config;

/// <summary>Orders nobody answered for: section `orders`.</summary>
public sealed record OrdersOptions
{
    /// <summary>Earliest moment, after the send, at which an order may be found absent and its money released.</summary>
    public required TimeSpan UnansweredResolveAfter { get; init; }

    internal static OrdersOptions Read(ParameterBinder from) => new()
    {
        UnansweredResolveAfter = from.AtStart("orders.unanswered_resolve_after_sec", "60", Kinds.Seconds(10, 3_600)),
    };
}
