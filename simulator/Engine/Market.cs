using PolyArb.Simulator.Feed;
using PolyArb.Simulator.World;

namespace PolyArb.Simulator.Engine;

/// <summary>
/// A condition's book and the two facts that enter its hash beside the levels: the time of its last change (Unix ms, strictly
/// rising from change to change) and the last trade price, one value in YES terms for both tokens (design 2.2).
/// </summary>
internal sealed class Market(Condition condition)
{
    private readonly string?[] _hashes = new string?[2];

    public Condition Condition { get; } = condition;
    public OrderBook Book { get; } = new();

    /// <summary>The price step now; it can change while the market trades (protocol 10.7).</summary>
    public int Tick { get; set; } = condition.Tick;

    /// <summary>Decimals of a legal price (protocol 1.3); amounts may have two more.</summary>
    public int PriceDecimals => Tick switch
    {
        1000 => 1,
        100 => 2,
        50 or 10 => 3,
        _ => 4,
    };

    public bool AcceptsOrders { get; set; } = true;
    public bool IsClosed { get; set; }

    /// <summary>What a share of each token pays, in micros of a pUSD; null until the market is resolved.</summary>
    public IReadOnlyList<long>? Payouts { get; set; }

    public long Timestamp { get; private set; }
    public int? LastTrade { get; private set; }
    public Side LastSide { get; private set; }
    public int LastToken { get; private set; }

    /// <summary>Closes a change of the book: a new state gets a new millisecond.</summary>
    public long Stamp(long now)
    {
        Timestamp = Math.Max(now, Timestamp + 1);
        _hashes[0] = _hashes[1] = null;
        return Timestamp;
    }

    /// <summary>Closes a change that happened at a time of its own: a recorded one, which may step back (protocol 4.3).</summary>
    public void StampAt(long timestamp)
    {
        Timestamp = timestamp;
        _hashes[0] = _hashes[1] = null;
    }

    public void Print(int token, Side side, int tokenPrice)
    {
        LastTrade = token == 0 ? tokenPrice : Units.PriceOne - tokenPrice;
        (LastToken, LastSide) = (token, side);
    }

    public string Hash(int token) => _hashes[token] ??= BookText.Hash(this, token);

    /// <summary>The best bid and ask of one token; null for an empty side.</summary>
    public (int? Bid, int? Ask) Top(int token) =>
        token == 0 ? (Book.BestBid, Book.BestAsk) : (Units.PriceOne - Book.BestAsk, Units.PriceOne - Book.BestBid);
}
