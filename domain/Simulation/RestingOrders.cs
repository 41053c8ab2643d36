namespace PolyArb.Domain.Simulation;

/// <summary>Our orders that rest in one book, each side in the order in which they are filled: the best price first, then the oldest.</summary>
internal sealed class RestingOrders
{
    private readonly List<SimulatedOrder> _bids = [];
    private readonly List<SimulatedOrder> _asks = [];

    public bool IsEmpty => _bids.Count == 0 && _asks.Count == 0;

    public List<SimulatedOrder> Of(bool isBid) => isBid ? _bids : _asks;

    public void Add(SimulatedOrder order)
    {
        var side = Of(order.IsBid);
        var at = side.Count;
        while (at > 0 && IsBetter(order, side[at - 1])) at--;
        side.Insert(at, order);
    }

    public void Remove(SimulatedOrder order) => Of(order.IsBid).Remove(order);

    private static bool IsBetter(SimulatedOrder order, SimulatedOrder other) => order.IsBid ? order.Price > other.Price : order.Price < other.Price;
}
