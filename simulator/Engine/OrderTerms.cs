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

    /// <summary>Accepted, waiting to be carried out.</summary>
    Delayed,

    /// <summary>Taken back by the venue: its wallet does not cover it any more, or a check after the delay failed.</summary>
    Invalid,

    /// <summary>Canceled because its market closed.</summary>
    MarketResolved,
}

/// <summary>The venue's words for closed choices.</summary>
internal static class Wire
{
    public static string Text(this Side side) => side is Side.Buy ? "BUY" : "SELL";

    public static string Text(this OrderStatus status) => status switch
    {
        OrderStatus.Live => "LIVE",
        OrderStatus.Matched => "MATCHED",
        OrderStatus.Delayed => "DELAYED",
        OrderStatus.Invalid => "INVALID",
        OrderStatus.MarketResolved => "CANCELED_MARKET_RESOLVED",
        _ => "CANCELED",
    };

    /// <summary>The status of a user event: CANCELED_MARKET_RESOLVED is a word of REST only (protocol 5.1).</summary>
    public static string EventText(this OrderStatus status) => status is OrderStatus.MarketResolved ? "CANCELED" : status.Text();

    public static string Text(this OrderType type) => type switch
    {
        OrderType.Gtc => "GTC",
        OrderType.Gtd => "GTD",
        OrderType.Fok => "FOK",
        _ => "FAK",
    };
}
