namespace PolyArb.Domain;

/// <summary>A complete set of outcomes: the neg-risk market id of an event, or the condition id of a standalone question.</summary>
public readonly record struct MarketId(string Text)
{
    public override string ToString() => Text;
}

/// <summary>One yes/no question, "0x" and 64 lower hex digits.</summary>
public readonly record struct ConditionId(string Text)
{
    public override string ToString() => Text;
}

/// <summary>
/// For the lookups of every update: an id is a hash, so its end is as good as all of it, and what was read from frames is nearly always
/// the very same text.
/// </summary>
public sealed class ConditionIdComparer : IEqualityComparer<ConditionId>
{
    public static readonly ConditionIdComparer Instance = new();

    public bool Equals(ConditionId left, ConditionId right) => string.Equals(left.Text, right.Text);

    public int GetHashCode(ConditionId id)
    {
        var hash = 0;
        foreach (var letter in id.Text.AsSpan(Math.Max(0, id.Text.Length - 8))) hash = unchecked((hash * 31) + letter);
        return hash;
    }
}

/// <summary>One outcome of a condition: a uint256 as decimal text, never a number.</summary>
public readonly record struct TokenId(string Text)
{
    public override string ToString() => Text;
}

public readonly record struct BasketId(string Text)
{
    public override string ToString() => Text;
}

/// <summary>The EIP-712 digest of an order, "0x" and 64 lower hex digits, known before it is sent.</summary>
public readonly record struct OrderId(string Text)
{
    public override string ToString() => Text;
}

/// <summary>The venue's UUID of one taker execution.</summary>
public readonly record struct TradeId(string Text)
{
    public override string ToString() => Text;
}

/// <summary>Money and shares set aside by the portfolio; unique within one generation of it.</summary>
public readonly record struct ReservationId(long Generation, long Number)
{
    public override string ToString() => $"{Generation}-{Number}";
}

public enum Side
{
    Buy,
    Sell,
}

public enum Outcome
{
    Yes,
    No,
}

public enum OrderType
{
    Gtc,
    Gtd,
    Fok,
    Fak,
}
