namespace PolyArb.Simulator.Engine;

/// <summary>
/// One wallet: pUSD micros, micro-shares by token id, and what its resting orders have set aside of each.
/// A house account makes the flow; its orders and trades are not kept.
/// </summary>
internal sealed class Account(string address, bool house)
{
    private readonly Dictionary<string, long> _tokens = new(StringComparer.Ordinal);
    private readonly Dictionary<string, long> _reservedTokens = new(StringComparer.Ordinal);

    public string Address { get; } = address;
    public bool House { get; } = house;
    public long Cash { get; private set; }
    public long ReservedCash { get; private set; }
    public IReadOnlyDictionary<string, long> Tokens => _tokens;
    public List<BookOrder> Orders { get; } = [];
    public List<TradeRecord> Trades { get; } = [];

    public long TokenBalance(string token) => _tokens.GetValueOrDefault(token);

    public long ReservedTokens(string token) => _reservedTokens.GetValueOrDefault(token);

    public void Pay(long micros) => Cash = checked(Cash + micros);

    public void Give(string token, long shares) => _tokens[token] = checked(TokenBalance(token) + shares);

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
