namespace PolyArb.Simulator.Engine;

internal enum Side
{
    Buy,
    Sell,
}

internal enum OrderType
{
    Gtc,
    Gtd,
    Fok,
    Fak,
}

internal enum OrderStatus
{
    Live,
    Matched,
    Canceled,
}

/// <summary>The venue's words for closed choices.</summary>
internal static class Wire
{
    public static string Text(this Side side) => side is Side.Buy ? "BUY" : "SELL";

    public static string Text(this OrderStatus status) => status switch
    {
        OrderStatus.Live => "LIVE",
        OrderStatus.Matched => "MATCHED",
        _ => "CANCELED",
    };

    public static string Text(this OrderType type) => type switch
    {
        OrderType.Gtc => "GTC",
        OrderType.Gtd => "GTD",
        OrderType.Fok => "FOK",
        _ => "FAK",
    };
}
