using PolyArb.Domain;
using PolyArb.Domain.Books;
using PolyArb.Domain.Orders;

namespace PolyArb.Silo.Paper;

/// <summary>One condition's book as a dry run sees it: what our fills took stays taken until the venue says something new of that level.</summary>
internal sealed class PaperBook(Condition condition)
{
    private readonly ConditionBook _book = new(condition, BookFormat.Of(condition));
    private readonly Dictionary<(bool IsBid, Price Price), Size> _taken = []; // In YES terms.

    public void Apply(in BookUpdate update, Instant receivedAt)
    {
        switch (update.Kind)
        {
            case BookUpdateKind.Snapshot when !_book.IsLate(update):
                _taken.Clear();
                break;
            case BookUpdateKind.Changes:
                foreach (ref readonly var entry in update.Entries.Span)
                {
                    if (condition.OutcomeOf(entry.Token) is { } outcome) _taken.Remove(KeyOf(outcome, entry.Side, entry.Level.Price));
                }

                break;
        }

        _book.Apply(update, receivedAt);
    }

    public void Lose(string cause)
    {
        _taken.Clear();
        _book.Lose(cause);
    }

    /// <summary>Fills a FAK order at the makers' prices: a BUY spends its dollars, a SELL its shares.</summary>
    public (Size Shares, Usd Amount, Usd Fee, Price Price) Take(LegOrder order)
    {
        var outcome = condition.OutcomeOf(order.Token) ?? throw new InvalidOperationException($"{order.Token} is no token of {condition.Id}");
        var buys = order.Side is Side.Buy;
        var view = _book.Book.Of(outcome);
        var levels = buys ? view.Asks : view.Bids;
        var against = buys ? Side.Sell : Side.Buy;
        var left = order.MakerAmount;
        var (shares, amount, last) = (Size.Zero, Usd.Zero, order.Limit);
        List<Level> fills = [];
        for (var n = 0; n < levels.Count && left > 0; n++)
        {
            var (price, size) = levels.FromTop(n);
            if (buys ? price > order.Limit : price < order.Limit) break;

            var key = KeyOf(outcome, against, price);
            var there = Size.Max(Size.Zero, size - _taken.GetValueOrDefault(key));
            var wanted = buys ? new Size((long)((Int128)left * Price.TicksPerDollar / price.Ticks)) : new Size(left);
            var taken = Size.Min(there, wanted);
            if (taken == Size.Zero) continue;

            fills.Add(new Level(price, taken));
            _taken[key] = _taken.GetValueOrDefault(key) + taken;
            shares += taken;
            amount += Usd.Proceeds(price, taken);
            left -= buys ? Usd.Proceeds(price, taken).Micros : taken.Micros;
            last = price;
            if (wanted <= there) break; // The rest is dust below a millionth of a share.
        }

        var fee = condition.Fee?.Charge(System.Runtime.InteropServices.CollectionsMarshal.AsSpan(fills)) ?? Usd.Zero;
        return (shares, amount, fee, last);
    }

    private static (bool IsBid, Price Price) KeyOf(Outcome outcome, Side side, Price price) => outcome is Outcome.Yes
        ? (side is Side.Buy, price)
        : (side is Side.Sell, price.Complement);
}
