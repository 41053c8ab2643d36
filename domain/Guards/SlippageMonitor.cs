using PolyArb.Domain.Orders;

namespace PolyArb.Domain.Guards;

/// <summary>How far our takers' fills were from the price expected of them, in micros a share; the p95 of the last ones.</summary>
public sealed class SlippageMonitor(int window)
{
    private readonly Queue<long> _differences = new();

    /// <summary>Micros a share, oldest first.</summary>
    public IReadOnlyCollection<long> Differences => _differences;

    /// <summary>Dollars a share; zero before the first fill.</summary>
    public Usd P95 { get; private set; }

    /// <summary>An order of which nothing more can match.</summary>
    public void Observe(LegNews order)
    {
        if (order.Order.Expected <= Size.Zero || order.Matched <= Size.Zero) return;

        var got = Amount(order);
        var expected = (long)((Int128)order.Order.ExpectedAmount.Micros * order.Matched.Micros / order.Order.Expected.Micros);
        Observe((long)((Int128)Math.Abs(got - expected) * 1_000_000 / order.Matched.Micros));
    }

    /// <param name="difference">Micros a share.</param>
    public void Observe(long difference)
    {
        _differences.Enqueue(difference);
        if (_differences.Count > window) _differences.Dequeue();

        var sorted = _differences.Order().ToArray();
        P95 = new Usd(sorted[(sorted.Length * 95 + 99) / 100 - 1]);
    }

    /// <summary>Before fees, as the expectation is.</summary>
    private static long Amount(LegNews order) => order.Side is Side.Buy ? (order.Money - order.Fees).Micros : (order.Money + order.Fees).Micros;
}
