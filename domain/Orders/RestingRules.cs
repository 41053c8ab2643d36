namespace PolyArb.Domain.Orders;

/// <summary>How orders that wait to be taken live.</summary>
/// <param name="Ttl">One that is older is cancelled.</param>
/// <param name="MinLifetime">One that is younger is not, except for risk's sake.</param>
/// <param name="CancelsPerSecond">Of one condition, in any second, except for risk's sake.</param>
public sealed record RestingRules(TimeSpan Ttl, TimeSpan MinLifetime, int CancelsPerSecond)
{
    /// <summary>The venue takes a GTD order a minute before its expiration, and wants at least three minutes (protocol sheet 10.4).</summary>
    private static readonly TimeSpan VenueEarly = TimeSpan.FromSeconds(60);
    private static readonly TimeSpan VenueMin = TimeSpan.FromSeconds(180);
    private static readonly TimeSpan ClockSkew = TimeSpan.FromSeconds(10);

    /// <summary>Seconds of Unix time after which the venue itself ends it, should nobody be left to cancel it; 0 for what does not expire.</summary>
    public long ExpirationOf(OrderType type, Instant now)
    {
        if (type is not OrderType.Gtd) return 0;

        var wanted = Ttl + VenueEarly > VenueMin ? Ttl + VenueEarly : VenueMin;
        return (now + wanted + ClockSkew).Micros / 1_000_000;
    }
}
