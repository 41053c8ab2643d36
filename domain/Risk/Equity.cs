using System.Collections.Immutable;

namespace PolyArb.Domain.Risk;

/// <summary>
/// What positions are worth (design 8). Complete baskets count what they pay whatever happens: pairs first, then NO baskets, then
/// all-YES; what is left over counts at a bid, or nothing where none is given. Without bids it is never more than any outcome pays.
/// </summary>
/// <param name="Complete">Dollars that complete baskets pay for certain.</param>
/// <param name="Rest">What the remaining shares bring at the bids given.</param>
public readonly record struct Equity(Usd Complete, Usd Rest)
{
    public Usd Total => Complete + Rest;

    /// <param name="exhaustive">How many conditions a market has, where one of them must end YES; else null.</param>
    /// <param name="bid">What a share of a token can be sold for; null: not known, so nothing.</param>
    public static Equity Of(IEnumerable<Position> positions, Func<MarketId, int?> exhaustive, Func<TokenId, Price?> bid) =>
        Valued(positions, exhaustive, left => bid(left.Token) is { } price ? Usd.Proceeds(price, left.Shares) : Usd.Zero);

    /// <param name="worth">Of shares that complete no basket; they come with their part of the cost.</param>
    public static Equity Valued(IEnumerable<Position> positions, Func<MarketId, int?> exhaustive, Func<Position, Usd> worth)
    {
        var sum = new Equity(Usd.Zero, Usd.Zero);
        foreach (var (complete, left) in ByMarket(positions, exhaustive))
        {
            var rest = left.Where(position => position.Shares > Size.Zero).Sum(position => worth(position).Micros);
            sum = new Equity(sum.Complete + complete, sum.Rest + new Usd(rest));
        }

        return sum;
    }

    /// <summary>The shares that complete no basket, with their part of the cost: what a stop may sell.</summary>
    public static ImmutableArray<Position> Excess(IEnumerable<Position> positions, Func<MarketId, int?> exhaustive) =>
        [.. ByMarket(positions, exhaustive).SelectMany(market => market.Left).Where(position => position.Shares > Size.Zero)];

    private static IEnumerable<(Usd Complete, IEnumerable<Position> Left)> ByMarket(IEnumerable<Position> positions, Func<MarketId, int?> exhaustive) =>
        positions.Where(position => position.Shares > Size.Zero).GroupBy(position => position.Market)
            .Select(market => market.Key is { } id ? Split([.. market], exhaustive(id)) : (Usd.Zero, market));

    private static (Usd Complete, IEnumerable<Position> Left) Split(ImmutableArray<Position> positions, int? exhaustive)
    {
        var left = positions.ToDictionary(position => position.Token, position => position.Shares);
        var pays = 0L;
        foreach (var pair in positions.Where(position => position.Outcome is not null).GroupBy(position => position.Condition))
        {
            if (pair.Select(position => position.Outcome).Distinct().Count() == 2) pays += Take([.. pair], pair.Min(position => left[position.Token]));
        }

        // At most one of the NOs loses, so all but the largest are certain.
        var noes = Held(Outcome.No).OrderByDescending(position => left[position.Token]).ToArray();
        if (noes.Length > 0)
        {
            pays += noes.Skip(1).Sum(position => left[position.Token].Micros);
            left[noes[0].Token] -= noes.Length > 1 ? left[noes[1].Token] : Size.Zero;
            foreach (var position in noes.Skip(1)) left[position.Token] = Size.Zero;
        }

        var yeses = Held(Outcome.Yes).ToArray();
        if (yeses.Length > 0 && yeses.Length == exhaustive) pays += Take(yeses, yeses.Min(position => left[position.Token]));

        return (new Usd(pays), positions.Select(position => Part(position, left[position.Token])));

        IEnumerable<Position> Held(Outcome outcome) => positions.Where(position => position.Outcome == outcome && left[position.Token] > Size.Zero);

        long Take(Position[] together, Size shares)
        {
            foreach (var position in together) left[position.Token] -= shares;
            return shares.Micros;
        }
    }

    private static Position Part(Position position, Size shares) => position with
    {
        Shares = shares,
        Cost = new Usd((long)((Int128)position.Cost.Micros * shares.Micros / position.Shares.Micros)),
    };
}
