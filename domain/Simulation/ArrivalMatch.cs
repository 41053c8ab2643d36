using System.Collections.Immutable;
using System.Runtime.InteropServices;
using PolyArb.Domain.Books;
using PolyArb.Domain.Edges;

namespace PolyArb.Domain.Simulation;

/// <summary>What an order finds in the book when it arrives: makers' levels of its own token, best first.</summary>
/// <param name="Left">What it still wants: dollars in micros of a FAK or FOK BUY, else shares in micros.</param>
internal sealed record ArrivalMatch(ImmutableArray<Level> Fills, Usd Amount, long Left)
{
    public Size Shares => new(Fills.Sum(fill => fill.Size.Micros));

    /// <summary>The worst price paid.</summary>
    public Price Last => Fills[^1].Price;

    public Usd Fee(FeeCurve? fee) => fee?.Charge(ImmutableCollectionsMarshal.AsArray(Fills)) ?? Usd.Zero;

    /// <summary>What it would match now, in a book of which some is taken already; takes nothing.</summary>
    public static ArrivalMatch Of(SimulatedOrder order, Book book, ConsumedLiquidity consumed)
    {
        var spends = order is { IsImmediate: true, Buys: true };
        var view = book.Of(order.Outcome);
        var levels = order.Buys ? view.Asks : view.Bids;
        var left = spends ? order.Leg.MakerAmount : order.Leg.Shares.Micros;
        var amount = Usd.Zero;
        var fills = ImmutableArray.CreateBuilder<Level>();
        for (var n = 0; n < levels.Count && left > 0; n++)
        {
            var (price, size) = levels.FromTop(n);
            if (order.Buys ? price > order.Leg.Limit : price < order.Leg.Limit) break;

            var there = size - consumed.At(Against(order, price));
            var wanted = spends ? new Size((long)((Int128)left * Price.TicksPerDollar / price.Ticks)) : new Size(left);
            var filled = Size.Min(there, wanted);
            if (filled > Size.Zero)
            {
                var money = order.Buys ? Usd.Cost(price, filled) : Usd.Proceeds(price, filled);
                fills.Add(new Level(price, filled));
                amount += money;
                left -= spends ? money.Micros : filled.Micros;
            }

            if (wanted <= there) return new ArrivalMatch(fills.ToImmutable(), amount, 0); // What is left is less than a millionth of a share.
        }

        return new ArrivalMatch(fills.ToImmutable(), amount, left);
    }

    /// <summary>Where the other side stands whose price of this order's token this is.</summary>
    public static BookPlace Against(SimulatedOrder order, Price price) => new(!order.IsBid, order.Outcome is Outcome.Yes ? price : price.Complement);
}
