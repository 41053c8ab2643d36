using PolyArb.Domain;

namespace PolyArb.Polymarket.MarketFeed;

/// <summary>A market on its socket. Its socket's lock guards it.</summary>
internal sealed class FollowedMarket(MarketPump pump)
{
    public MarketPump Pump { get; } = pump;

    public TokenId[] Tokens { get; } = [.. pump.Market.Tokens];

    /// <summary>The clock's stamp of the last resubscription.</summary>
    public long? Resubscribed { get; set; }

    /// <summary>Runs while a resubscription waits for its turn.</summary>
    public ITimer? Due { get; set; }
}
