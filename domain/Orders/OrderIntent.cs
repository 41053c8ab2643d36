using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;

namespace PolyArb.Domain.Orders;

/// <summary>Why money moves; decides in which kill-switch states it may.</summary>
public enum Purpose
{
    /// <summary>The legs of a new basket.</summary>
    Open,

    /// <summary>More of a leg that filled short.</summary>
    Complete,

    /// <summary>Sells what a basket has too much of.</summary>
    Unwind,

    /// <summary>Reduces a position because trading stops.</summary>
    Flatten,

    /// <summary>A quote of an open pair put out again: new risk, like Open.</summary>
    Quote,
}

/// <summary>One order as a desk wants it, before the gateway gives it a time. Amounts are signed to the integer.</summary>
public sealed record LegOrder
{
    /// <summary>Index into the basket's legs.</summary>
    public required int Leg { get; init; }

    /// <summary>0 for the opening order, then one more for each closing order of that leg.</summary>
    public required int Attempt { get; init; }

    public required ConditionId Condition { get; init; }

    public required TokenId Token { get; init; }

    public required Outcome Outcome { get; init; }

    public required bool NegRisk { get; init; }

    public ProtocolVersion Protocol { get; init; }

    public required Side Side { get; init; }

    public required OrderType Type { get; init; }

    /// <summary>The worst price accepted, on the tick.</summary>
    public required Price Limit { get; init; }

    /// <summary>Most we give, in micros: dollars for a BUY, shares for a SELL.</summary>
    public required long MakerAmount { get; init; }

    /// <summary>Least we get, in micros: shares for a BUY, dollars for a SELL.</summary>
    public required long TakerAmount { get; init; }

    /// <summary>
    /// The highest fee the venue may add (BUY) or deduct (SELL) between the prices that were seen and the limit. A BUY of so many dollars that fills at less
    /// than anybody asked gets more shares, and pays a fee on each: that may come to more.
    /// </summary>
    public required Usd WorstFee { get; init; }

    /// <summary>Shares it was expected to fill when it was made; zero where nothing was expected (a resting order).</summary>
    public Size Expected { get; init; }

    /// <summary>Dollars those were expected to cost (BUY) or bring (SELL), before the fee.</summary>
    public Usd ExpectedAmount { get; init; }

    /// <summary>Refused rather than filled on arrival; with GTC and GTD only. Not signed.</summary>
    public bool PostOnly { get; init; }

    /// <summary>Shares asked for: at least this for a collateral-targeted BUY, exactly this for a SELL.</summary>
    public Size Shares => new(Side is Side.Buy ? TakerAmount : MakerAmount);

    /// <summary>Money to set aside: nothing for a SELL, which is covered by its shares.</summary>
    public Usd Outlay => Side is Side.Buy ? new Usd(MakerAmount) + WorstFee : Usd.Zero;
}

/// <summary>A leg order with everything that is signed, so that a retry has the same id.</summary>
public sealed record OrderIntent
{
    public required BasketId Basket { get; init; }

    public required MarketId Market { get; init; }

    public required Purpose Purpose { get; init; }

    public required LegOrder Order { get; init; }

    /// <summary>Derived from basket, leg and attempt; below 2^53 because it travels as a JSON number.</summary>
    public required long Salt { get; init; }

    /// <summary>When the gateway made it; signed, in milliseconds of Unix time.</summary>
    public required long TimestampMs { get; init; }

    /// <summary>Seconds of Unix time; 0 unless GTD.</summary>
    public long ExpirationSeconds { get; init; }

    public static long SaltOf(BasketId basket, int leg, int attempt)
    {
        var digest = SHA256.HashData(Encoding.UTF8.GetBytes($"{basket}/{leg}/{attempt}"));
        return (long)(BinaryPrimitives.ReadUInt64BigEndian(digest) & ((1UL << 53) - 1));
    }
}

/// <summary>An order ready for the wire. <see cref="Wire"/> carries a signature: it is sent, never logged or stored.</summary>
public sealed record SignedOrder(OrderId Id, OrderIntent Intent, string Wire)
{
    public override string ToString() => $"SignedOrder {Id}";
}
