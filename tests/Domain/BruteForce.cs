using PolyArb.Domain;
using PolyArb.Domain.Edges;
using Size = PolyArb.Domain.Size;

namespace PolyArb.Tests.Domain;

/// <summary>The most a candidate with all its legs can earn, by trying everything. In decimal, sharing nothing with the sizer but the books.</summary>
internal sealed class BruteForce(Candidate candidate, EdgePolicy policy)
{
    private readonly (decimal Price, decimal Size)[][] _levels =
    [
        .. candidate.Legs.Select(leg => Levels(leg, candidate.Side)),
    ];

    /// <summary>Below this an edge is too close to call by another rounding.</summary>
    private const decimal Close = 0.000005m;

    /// <summary>Micro-dollars, or null when nothing clears.</summary>
    public long? Best()
    {
        var most = Largest();
        return candidate.Side is Side.Buy && policy.TakerType is not OrderType.Gtc ? Cents(most) : Hundredths(most);
    }

    /// <summary>The smallest cumulated size at which the next basket does not clear, or a leg ends.</summary>
    private decimal Largest()
    {
        var quantity = 0m;
        var stock = candidate.Legs.Min(leg => leg.Stock.Micros) / 1_000_000m;
        foreach (var end in _levels.SelectMany(Cumulated).Order())
        {
            if (_levels.Any(levels => levels.Sum(level => level.Size) <= quantity)) break;

            var at = _levels.Select(levels => At(levels, quantity).Price).ToArray();
            var fees = at.Select((price, leg) => Math.Ceiling(Fee(leg, price, 1) * 1_000_000) / 1_000_000).Sum();
            var edge = Sign * (1 - at.Sum()) - fees - policy.FailureBuffer.Micros / 1_000_000m;
            if (edge <= policy.MinEdge.Micros / 1_000_000m) break;
            quantity = end;
        }

        return candidate.Side is Side.Sell ? Math.Min(quantity, stock) : quantity;
    }

    private decimal Sign => candidate.Side is Side.Buy ? 1 : -1;

    /// <summary>Every fill of every leg's whole cents; each leg then spends the least that fills it.</summary>
    private long? Cents(decimal most)
    {
        if (most == 0) return null;

        var fills = _levels.Select((levels, leg) => Fills(leg, levels, most)).ToArray();
        long? best = null;
        foreach (var m in fills.SelectMany(fill => fill.Skip(100)).Where(m => m >= 5).Distinct())
        {
            var cents = fills.Select(fill => Array.BinarySearch(fill, m) is var at && at < 0 ? ~at : at).Select(at => Math.Max(at, 100)).ToArray();
            if (cents.Where((at, leg) => at >= fills[leg].Length).Any()) continue;

            var excess = cents.Select((at, leg) => fills[leg][at]).Max() - m;
            if (excess > policy.MaxLegMismatch.Micros / 1_000_000m) continue;

            var fee = cents.Select((at, leg) => Charged(leg, at / 100m, fills[leg][at])).Sum();
            Consider(ref best, m, m - cents.Sum() / 100m - fee);
        }

        return best;
    }

    private long? Hundredths(decimal most)
    {
        long? best = null;
        for (var shares = Math.Floor(most * 100) / 100; shares >= 5; shares -= 0.01m)
        {
            var money = _levels.Select(levels => Walk(levels, shares).Sum(part => part.Price * part.Size)).ToArray();
            if (candidate.Side is Side.Buy && _levels.Any(levels => Walk(levels, shares)[^1].Price * shares < 1)) continue;

            var fee = _levels.Select((levels, leg) => Up(Walk(levels, shares).Sum(part => Fee(leg, part.Price, part.Size)))).Sum();
            Consider(ref best, shares, Sign * (shares - money.Sum()) - fee);
        }

        return best;
    }

    private void Consider(ref long? best, decimal quantity, decimal profit)
    {
        var needed = (policy.MinEdge + policy.FailureBuffer).Micros / 1_000_000m + Close;
        if (profit <= needed * quantity) return;

        var micros = (long)Math.Floor(profit * 1_000_000);
        if (best is null || micros > best) best = micros;
    }

    /// <summary>Shares by cents, as long as the levels suffice that the largest quantity reaches into.</summary>
    private static decimal[] Fills(int leg, (decimal Price, decimal Size)[] levels, decimal most)
    {
        _ = leg;
        var fills = new List<decimal>();
        for (var cents = 0; ; cents++)
        {
            var (left, shares, below) = (cents / 100m, 0m, 0m);
            foreach (var (price, size) in levels)
            {
                if (below >= most) break;

                var cost = Math.Ceiling(price * size * 1_000_000) / 1_000_000;
                shares += left >= cost ? size : Math.Min(size, Math.Floor(left / price * 1_000_000) / 1_000_000);
                left -= Math.Min(left, cost);
                below += size;
            }

            if (left > 0) return [.. fills];
            fills.Add(shares);
        }
    }

    /// <summary>The fee of spent dollars, or of all of them at the last price where that is more.</summary>
    private decimal Charged(int leg, decimal dollars, decimal shares)
    {
        var parts = Walk(_levels[leg], shares);
        var limit = parts[^1].Price;
        return Math.Max(
            Up(parts.Sum(part => Fee(leg, part.Price, part.Size))), Up(Fee(leg, limit, Math.Floor(dollars / limit * 1_000_000) / 1_000_000)));
    }

    private decimal Fee(int leg, decimal price, decimal size)
    {
        var curve = candidate.Legs[leg].Fee;
        var fee = size * curve.RateMicros / 1_000_000m;
        for (var i = 0; i < curve.Exponent; i++) fee *= price * (1 - price);
        return fee;
    }

    private static decimal Up(decimal fee) => Math.Ceiling(fee * 100_000) / 100_000;

    private static (decimal Price, decimal Size) At((decimal Price, decimal Size)[] levels, decimal quantity)
    {
        var below = 0m;
        return levels.First(level => (below += level.Size) > quantity);
    }

    private static (decimal Price, decimal Size)[] Walk((decimal Price, decimal Size)[] levels, decimal shares)
    {
        var parts = new List<(decimal, decimal)>();
        foreach (var (price, size) in levels)
        {
            if (shares <= 0) break;

            parts.Add((price, Math.Min(size, shares)));
            shares -= size;
        }

        return [.. parts];
    }

    private static IEnumerable<decimal> Cumulated((decimal Price, decimal Size)[] levels)
    {
        var sum = 0m;
        foreach (var level in levels) yield return sum += level.Size;
    }

    private static (decimal Price, decimal Size)[] Levels(CandidateLeg leg, Side side)
    {
        var levels = side is Side.Buy ? leg.Asks : leg.Bids;
        var copy = new (decimal, decimal)[levels.Count];
        for (var n = 0; n < copy.Length; n++) copy[n] = (levels.FromTop(n).Price.Ticks / 10_000m, levels.FromTop(n).Size.Micros / 1_000_000m);
        return copy;
    }
}
