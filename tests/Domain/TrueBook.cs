using PolyArb.Domain;
using PolyArb.Domain.Simulation;
using Size = PolyArb.Domain.Size;

namespace PolyArb.Tests.Domain;

/// <summary>
/// The venue as it really was, order by order, without ours in it: what the tape does not say. Orders of a level stand in the order in
/// which they came, and who comes first is filled first.
/// </summary>
internal sealed class TrueBook
{
    private readonly Dictionary<BookPlace, List<Standing>> _levels = [];
    private int _number;

    /// <summary>What every level has newly shown in all: its first orders and whoever joined later.</summary>
    public Dictionary<BookPlace, Size> Joined { get; } = [];

    public IEnumerable<BookPlace> Places => _levels.Where(level => level.Value.Count > 0).Select(level => level.Key);

    public Size Shown(BookPlace place) => new(At(place).Sum(order => order.Left.Micros));

    /// <summary>The orders that stand at a level now.</summary>
    public HashSet<int> Orders(BookPlace place) => [.. At(place).Select(order => order.Number)];

    public void Join(BookPlace place, Size size)
    {
        if (size == Size.Zero) return;

        At(place).Add(new Standing(_number++, size));
        Joined[place] = Joined.GetValueOrDefault(place) + size;
    }

    /// <summary>A cancel of one order, or of a part of it.</summary>
    public void Leave(BookPlace place, int which, Size size)
    {
        var orders = At(place);
        var order = orders[which % orders.Count];
        order.Left -= Size.Min(order.Left, size);
        orders.RemoveAll(left => left.Left == Size.Zero);
    }

    /// <summary>Matches at one level; who gave how much, in turn.</summary>
    public List<(int Number, Size Size)> Match(BookPlace place, Size size)
    {
        List<(int Number, Size Size)> makers = [];
        foreach (var order in At(place))
        {
            var taken = Size.Min(order.Left, size);
            if (taken == Size.Zero) break;

            order.Left -= taken;
            size -= taken;
            makers.Add((order.Number, taken));
        }

        At(place).RemoveAll(left => left.Left == Size.Zero);
        return makers;
    }

    /// <summary>The best level of a side; null where there is none.</summary>
    public BookPlace? Best(bool isBid)
    {
        var side = Places.Where(place => place.IsBid == isBid).ToArray();
        return side.Length == 0 ? null : isBid ? side.MaxBy(place => place.Price) : side.MinBy(place => place.Price);
    }

    private List<Standing> At(BookPlace place)
    {
        if (!_levels.TryGetValue(place, out var orders)) _levels[place] = orders = [];
        return orders;
    }

    private sealed class Standing(int number, Size left)
    {
        public int Number => number;

        public Size Left { get; set; } = left;
    }
}
