using System.Collections.Immutable;
using PolyArb.Domain;
using PolyArb.Domain.Books;
using PolyArb.Domain.Orders;

namespace PolyArb.Silo.Paper;

/// <summary>
/// One condition's book as a dry run sees it, and our orders that rest in it. What our fills took stays taken: of a level it is given
/// back only as far as the venue shows less than was taken, for then others have gone too.
/// </summary>
internal sealed class PaperBook(Condition condition)
{
    private readonly ConditionBook _book = new(condition, BookFormat.Of(condition));
    private readonly Dictionary<(bool IsBid, Price Price), Size> _taken = []; // In YES terms.
    private readonly List<PaperOrder> _resting = []; // Oldest first.

    /// <summary>Its terms as the catalogue gave them last: fee and minimum.</summary>
    public Condition Condition { get; set; } = condition;

    /// <summary>Whether it shows the venue's book; orders meet nothing else.</summary>
    public bool IsOpen => _book.Life is BookLife.Synced;

    public Price Tick => _book.Tick;

    /// <summary>Returns what it fills of our resting orders, each at its own price.</summary>
    public ImmutableArray<(PaperOrder Order, Size Shares)> Apply(in BookUpdate update, Instant receivedAt)
    {
        _book.Apply(update, receivedAt);
        if (update.Kind is BookUpdateKind.Trade) return Traded(update);
        if (!IsOpen) return [];

        foreach (var (key, taken) in _taken.ToArray())
        {
            var shown = Shown(key.IsBid, key.Price);
            if (shown == Size.Zero) _taken.Remove(key);
            else if (shown < taken) _taken[key] = shown;
        }

        return _resting.Count == 0 || _book.Book.IsCrossed ? [] : Crossed(); // Crossed with itself: the middle of a match.
    }

    /// <summary>Its resting orders wait for the next books; what was taken is not forgotten.</summary>
    public void Lose(string cause) => _book.Lose(cause);

    /// <summary>What the order would match now; takes nothing.</summary>
    public PaperMatch Match(PaperOrder order)
    {
        var spends = order is { IsImmediate: true, Buys: true };
        var view = _book.Book.Of(order.Outcome);
        var levels = order.Buys ? view.Asks : view.Bids;
        var left = spends ? order.Leg.MakerAmount : order.Leg.Shares.Micros;
        var amount = Usd.Zero;
        var fills = ImmutableArray.CreateBuilder<Level>();
        for (var n = 0; n < levels.Count && left > 0; n++)
        {
            var (price, size) = levels.FromTop(n);
            if (order.Buys ? price > order.Leg.Limit : price < order.Leg.Limit) break;

            var there = size - _taken.GetValueOrDefault(Against(order, price));
            var wanted = spends ? new Size((long)((Int128)left * Price.TicksPerDollar / price.Ticks)) : new Size(left);
            var filled = Size.Min(there, wanted);
            if (filled > Size.Zero)
            {
                var money = order.Buys ? Usd.Cost(price, filled) : Usd.Proceeds(price, filled);
                fills.Add(new Level(price, filled));
                amount += money;
                left -= spends ? money.Micros : filled.Micros;
            }

            if (wanted <= there) return new PaperMatch(fills.ToImmutable(), amount, 0); // What is left is less than a millionth of a share.
        }

        return new PaperMatch(fills.ToImmutable(), amount, left);
    }

    /// <summary>The liquidity is ours from here on.</summary>
    public void Take(PaperOrder order, PaperMatch match)
    {
        foreach (var (price, size) in match.Fills) Take(Against(order, price), size);
    }

    /// <summary>Joins behind what is displayed at its price.</summary>
    public void Rest(PaperOrder order)
    {
        order.Ahead = Shown(order.IsBid, order.Price);
        _resting.Add(order);
    }

    public void Remove(PaperOrder order) => _resting.Remove(order);

    /// <summary>A trade of others. At our price it first uses up who came before us; beyond it nobody was left before us.</summary>
    private ImmutableArray<(PaperOrder Order, Size Shares)> Traded(in BookUpdate trade)
    {
        if (_resting.Count == 0 || Condition.OutcomeOf(trade.Token) is not { } outcome) return [];

        var hitsBids = trade.TakerSide is Side.Sell == outcome is Outcome.Yes;
        var price = outcome is Outcome.Yes ? trade.Level.Price : trade.Level.Price.Complement;
        var left = trade.Level.Size;
        var fills = ImmutableArray.CreateBuilder<(PaperOrder, Size)>();
        foreach (var order in InTurn(isBid: hitsBids).Where(order => hitsBids ? price <= order.Price : price >= order.Price))
        {
            if (price != order.Price) order.Ahead = Size.Zero;
            var before = Size.Min(order.Ahead, left);
            order.Ahead -= before;
            var filled = Size.Min(order.Left, left - before);
            if (filled == Size.Zero) continue;

            left -= filled;
            fills.Add((order, filled));
        }

        return fills.ToImmutable();
    }

    /// <summary>Somebody's new order stands where it would have met ours: whoever was before us is gone.</summary>
    private ImmutableArray<(PaperOrder Order, Size Shares)> Crossed()
    {
        var fills = ImmutableArray.CreateBuilder<(PaperOrder, Size)>();
        foreach (var order in InTurn(isBid: true).Concat(InTurn(isBid: false)))
        {
            var left = order.Left;
            var side = order.IsBid ? _book.Book.Yes.Asks : _book.Book.Yes.Bids;
            for (var n = 0; n < side.Count && left > Size.Zero; n++)
            {
                var (price, size) = side.FromTop(n);
                if (order.IsBid ? price > order.Price : price < order.Price) break;

                var key = (!order.IsBid, price);
                var filled = Size.Min(left, size - _taken.GetValueOrDefault(key));
                if (filled <= Size.Zero) continue;

                Take(key, filled);
                left -= filled;
            }

            if (left < order.Left) fills.Add((order, order.Left - left));
        }

        return fills.ToImmutable();
    }

    /// <summary>The best price first, then the oldest.</summary>
    private PaperOrder[] InTurn(bool isBid) =>
        [.. _resting.Where(order => order.IsBid == isBid).OrderBy(order => isBid ? -order.Price.Ticks : order.Price.Ticks)];

    private Size Shown(bool isBid, Price price) => _book.Book.SizeAt(Outcome.Yes, isBid ? Side.Buy : Side.Sell, price);

    private void Take((bool IsBid, Price Price) key, Size size) => _taken[key] = _taken.GetValueOrDefault(key) + size;

    /// <summary>Where the other side stands whose price of this order's token this is.</summary>
    private static (bool IsBid, Price Price) Against(PaperOrder order, Price price) =>
        (!order.IsBid, order.Outcome is Outcome.Yes ? price : price.Complement);
}
