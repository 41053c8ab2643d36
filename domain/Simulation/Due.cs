using PolyArb.Domain.Orders;

namespace PolyArb.Domain.Simulation;

/// <summary>What happens at the simulated venue by itself.</summary>
internal abstract record Due
{
    private Due()
    {
    }

    /// <param name="Trade">Its index among all trades.</param>
    public sealed record Mines(SimulatedOrder Order, int Trade) : Due;

    public sealed record Fails(SimulatedOrder Order, int Trade) : Due;

    public sealed record Confirms(int Trade) : Due;

    /// <summary>As it was recorded.</summary>
    public sealed record Fills(SimulatedOrder Order, Fill Recorded) : Due;

    public sealed record Expires(SimulatedOrder Order) : Due;
}
