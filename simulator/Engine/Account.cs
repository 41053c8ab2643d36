namespace PolyArb.Simulator.Engine;

/// <summary>
/// One wallet: pUSD micros, micro-shares by token id, and what its resting orders have set aside of each.
/// A house account makes the flow; its orders and trades are not kept.
/// </summary>
internal sealed class Account(string address, bool house)
{
    private readonly Dictionary<string, long> _tokens = new(StringComparer.Ordinal);
    private readonly Dictionary<string, long> _reservedTokens = new(StringComparer.Ordinal);
    private readonly Dictionary<string, (long Arriving, long Leaving)> _unsettled = new(StringComparer.Ordinal);

    public string Address { get; } = address;
    public bool House { get; } = house;

    /// <summary>
    /// Counts every match at once, settled or not. A trade that fails after its proceeds were used leaves a debt, a negative balance:
    /// the account can place nothing that draws on it until it is made good.
    /// </summary>
    public long Cash { get; private set; }

    public long ReservedCash { get; private set; }
    public IReadOnlyDictionary<string, long> Tokens => _tokens;
    public List<BookOrder> Orders { get; } = [];
    public List<TradeRecord> Trades { get; } = [];

    public long TokenBalance(string token) => _tokens.GetValueOrDefault(token);

    public long ReservedTokens(string token) => _reservedTokens.GetValueOrDefault(token);

    /// <summary>The balance of pUSD ("") or a token.</summary>
    public long Balance(string asset) => asset == Movement.Cash ? Cash : TokenBalance(asset);

    public long Reserved(string asset) => asset == Movement.Cash ? ReservedCash : ReservedTokens(asset);

    /// <summary>What matched trades that are not mined bring in; counted in the balance already.</summary>
    public long Arriving(string asset) => _unsettled.GetValueOrDefault(asset).Arriving;

    /// <summary>What matched trades that are not mined take out; gone from the balance already.</summary>
    public long Leaving(string asset) => _unsettled.GetValueOrDefault(asset).Leaving;

    public void Pay(long micros) => Cash = checked(Cash + micros);

    public void Give(string token, long shares) => _tokens[token] = checked(TokenBalance(token) + shares);

    public void Move(string asset, long change)
    {
        if (asset == Movement.Cash) Pay(change);
        else Give(asset, change);
    }

    /// <summary>Notes that a movement waits for the chain, or with <paramref name="waits"/> false that it does no longer.</summary>
    public void Await(string asset, long change, bool waits)
    {
        var (arriving, leaving) = _unsettled.GetValueOrDefault(asset);
        var step = waits ? Math.Abs(change) : -Math.Abs(change);
        _unsettled[asset] = change > 0 ? (arriving + step, leaving) : (arriving, leaving + step);
    }

    /// <summary>Sets aside what the rest of an order may need; call again after each change of it.</summary>
    public void Reserve(BookOrder order)
    {
        var rest = order.Place is null ? 0 : order.Remaining;
        var needed = order.Side is Side.Buy ? Units.NotionalUp(rest, order.Price) : rest;
        var change = checked(needed - order.Reserved);
        order.Reserved = needed;
        if (order.Side is Side.Buy) ReservedCash = checked(ReservedCash + change);
        else _reservedTokens[order.TokenId] = checked(ReservedTokens(order.TokenId) + change);
    }
}
