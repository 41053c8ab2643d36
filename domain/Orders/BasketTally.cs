using PolyArb.Domain.Edges;

namespace PolyArb.Domain.Orders;

/// <summary>What the orders of a basket came to, leg by leg: shares, money, and what its ladder has cost so far.</summary>
public sealed class BasketTally
{
    private readonly Basket _basket;
    private readonly Usd _dropLoss;
    private readonly long[] _planned; // Dollars a share, in micros.
    private readonly Size[] _taken; // On the basket's side.
    private readonly Usd[] _money; // Of those, fees included.
    private readonly Size[] _net;

    /// <param name="dropBps">What letting missing legs go may lose, as a share of what the basket was to earn.</param>
    public BasketTally(OpenBasket open, int dropBps = 0)
    {
        _basket = open.Basket;
        _planned = [.. _basket.Legs.Select(leg => PlannedOf(leg))];
        foreach (var quote in open.Orders.Where(order => order.Order.PostOnly)) _planned[quote.Leg] = quote.Order.Limit.Ticks * 100L; // The last one stands.
        var legs = _basket.Legs.Length;
        (_taken, _money, _net) = (new Size[legs], new Usd[legs], new Size[legs]);
        foreach (var order in open.Orders)
        {
            var money = order.MoneyAtWorst;
            if (order.Side == _basket.Side)
            {
                (_taken[order.Leg], _money[order.Leg]) = (_taken[order.Leg] + order.Matched, _money[order.Leg] + money);
                _net[order.Leg] += order.Matched;
                if (order.Purpose is Purpose.Complete) Completed += CostOf(order.Leg, order.Matched, money);
            }
            else
            {
                _net[order.Leg] -= order.Matched;
                Unwound += LossOf(order.Leg, order.Matched, money);
                HasUnwound |= order.Matched > Size.Zero;
            }

            Spent += order.Side is Side.Buy ? money : -money;
        }

        _dropLoss = Share(dropBps);
        Longest = Largest(except: -1);
        Second = Largest(except: Longest);
    }

    /// <summary>Shares held of each leg when buying, given up when selling.</summary>
    public IReadOnlyList<Size> Net => _net;

    /// <summary>Dollars paid less dollars received, fees included; at the worst where a trade has yet to be told.</summary>
    public Usd Spent { get; }

    /// <summary>What completing has cost beyond the plan.</summary>
    public Usd Completed { get; }

    /// <summary>What unwinding has lost.</summary>
    public Usd Unwound { get; }

    public bool HasUnwound { get; }

    /// <summary>The leg with the most shares.</summary>
    public int Longest { get; }

    /// <summary>The one with the most after that.</summary>
    public int Second { get; }

    public Size Most => _net[Longest];

    public Size Least => new(_net.Min(size => size.Micros));

    /// <summary>Dollars certain (buying) or owed at the most (selling).</summary>
    public Usd Worth => LegBalance.Worth(_basket.Kind, _net, _basket.Side);

    /// <summary>What the basket has earned for certain as it is, the rest of its shares counted as nothing.</summary>
    public Usd Earned => _basket.Side is Side.Buy ? Worth - Spent : -Spent - Worth;

    /// <summary>Legs may be missing: NOs of any conditions pay all but one, and of any YES at most one pays.</summary>
    public bool AnySubset => (_basket.Kind, _basket.Side) is (BasketKind.No, Side.Buy) or (BasketKind.AllYes, Side.Sell);

    /// <summary>Legs that are missing can be let go: what there is earns something without them, or loses no more than it may.</summary>
    public bool CanDrop => AnySubset && Earned >= -_dropLoss && _net[Second] > Size.Zero;

    /// <summary>Complete baskets: of the legs that are not let go, those with half of what the second has at least.</summary>
    public Size Quantity => CanDrop ? new Size(_net.Where(size => size.Micros * 2 >= _net[Second].Micros).Min(size => size.Micros)) : Least;

    /// <summary>Shares of the largest leg that the others do not answer.</summary>
    public Size Excess => CanDrop ? Most - _net[Second] : Most - Least;

    /// <summary>Dollars a share that the plan is to pay (buying) or get (selling) on this leg, in micros; of a quote the price it last rested at.</summary>
    public long Planned(int leg) => _planned[leg];

    /// <summary>So many basis points of what the part of the basket that was dealt in was to earn.</summary>
    public Usd Share(int bps)
    {
        var dealt = Math.Min(_taken.Max(size => size.Micros), _basket.Quantity.Micros);
        return new Usd((long)((Int128)Math.Max(0, _basket.Profit.Micros) * dealt / Math.Max(1, _basket.Quantity.Micros) * bps / 10_000));
    }

    /// <summary>Dollars a share that were paid (buying) or received (selling) on this leg, in micros.</summary>
    public long Paid(int leg) => (long)((Int128)_money[leg].Micros * 1_000_000 / Math.Max(1, _taken[leg].Micros));

    /// <summary>What these shares cost beyond the plan; negative when they were better.</summary>
    public Usd CostOf(int leg, Size shares, Usd money)
    {
        var planned = new Usd((long)((Int128)Planned(leg) * shares.Micros / 1_000_000));
        return _basket.Side is Side.Buy ? money - planned : planned - money;
    }

    /// <summary>What giving these shares back loses.</summary>
    public Usd LossOf(int leg, Size shares, Usd money)
    {
        var paid = new Usd((long)((Int128)Paid(leg) * shares.Micros / 1_000_000));
        return _basket.Side is Side.Buy ? paid - money : money - paid;
    }

    private static long PlannedOf(LegOrder order)
    {
        var (shares, amount) = order.Expected > Size.Zero
            ? (order.Expected, order.ExpectedAmount)
            : (order.Shares, new Usd(order.Side is Side.Buy ? order.MakerAmount : order.TakerAmount));
        var money = order.Side is Side.Buy ? amount + order.WorstFee : amount - order.WorstFee;
        return (long)((Int128)money.Micros * 1_000_000 / Math.Max(1, shares.Micros));
    }

    private int Largest(int except)
    {
        var at = except == 0 ? 1 : 0;
        for (var leg = at + 1; leg < _net.Length; leg++)
        {
            if (leg != except && _net[leg] > _net[at]) at = leg;
        }

        return at;
    }
}
