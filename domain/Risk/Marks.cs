using System.Collections.Immutable;

namespace PolyArb.Domain.Risk;

/// <summary>What shares are worth, by the last proven bid of each token.</summary>
public sealed class Marks
{
    private readonly Dictionary<TokenId, Price?> _bids = [];
    private readonly HashSet<TokenId> _over = []; // Decided before we saw a bid.
    private readonly Dictionary<MarketId, int> _exhaustive = [];
    private readonly HashSet<MarketId> _delaying = [];

    public void Take(MarketMark mark)
    {
        if (mark.Exhaustive is { } conditions) _exhaustive[mark.Market] = conditions;
        else _exhaustive.Remove(mark.Market);
        if (mark.DelaysTakers) _delaying.Add(mark.Market);
        else _delaying.Remove(mark.Market);
        foreach (var (token, bid, isOver) in mark.Tokens)
        {
            if (isOver) _over.Add(token);
            else _bids[token] = bid;
        }
    }

    public MarksMemory Memory => new(_bids.ToImmutableDictionary(), [.. _over], _exhaustive.ToImmutableDictionary(), [.. _delaying]);

    /// <summary>As an earlier life left off.</summary>
    public void Remember(MarksMemory memory)
    {
        foreach (var (token, bid) in memory.Bids) _bids[token] = bid;
        foreach (var (market, conditions) in memory.Exhaustive) _exhaustive[market] = conditions;
        _over.UnionWith(memory.Over);
        _delaying.UnionWith(memory.Delaying);
    }

    public bool DelaysTakers(MarketId market) => _delaying.Contains(market);

    /// <summary>
    /// Complete baskets at what they pay, the rest at its bid; without one at what it cost. Not whole when a token of a market that we
    /// follow has no bid yet: what was held before us, and what is decided, waits for none.
    /// </summary>
    public Worth Of(IEnumerable<Position> positions)
    {
        var isWhole = true;
        var equity = Equity.Valued(positions, market => _exhaustive.TryGetValue(market, out var conditions) ? conditions : null, left =>
        {
            if (_bids.TryGetValue(left.Token, out var bid)) return bid is { } price ? Usd.Proceeds(price, left.Shares) : Usd.Zero;

            isWhole &= left.Market is null || _over.Contains(left.Token);
            return left.Cost;
        });
        return new Worth(equity.Total, isWhole);
    }
}

/// <param name="IsWhole">False: something had no bid yet and counts at what it cost.</param>
public readonly record struct Worth(Usd Value, bool IsWhole);
