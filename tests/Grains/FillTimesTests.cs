using System.Collections.Immutable;
using PolyArb.Domain;
using PolyArb.Domain.Journal;
using PolyArb.Domain.Orders;
using PolyArb.Grains;
using PolyArb.Tests.Domain;
using Xunit;

namespace PolyArb.Tests.Grains;

public class FillTimesTests
{
    private static readonly OrderId First = new("b-1/0");

    private readonly Blotter _blotter = new();
    private readonly LatencyBook _latencies = new();
    private readonly FillTimes _times;

    public FillTimesTests()
    {
        _times = new FillTimes(_latencies);
        _blotter.Apply(Given.Opened());
    }

    [Fact]
    public void The_first_fill_is_measured_from_the_answer_and_only_the_first()
    {
        Hear(new OrderEvent.Placed(First), 1);
        Hear(Filled("t-1"), 31);
        Hear(Filled("t-2"), 900);
        Assert.Equal([30_000], Measured());
    }

    [Fact]
    public void A_fill_that_overtakes_the_answer_took_no_time()
    {
        Hear(Filled("t-1"), 31);
        Hear(new OrderEvent.Placed(First), 40);
        Hear(Filled("t-2"), 50);
        Assert.Equal([0], Measured());
    }

    [Fact]
    public void An_order_whose_answer_nobody_heard_is_not_measured()
    {
        Hear(new OrderEvent.Unanswered(First, "silence"), 1);
        Hear(Filled("t-1"), 31);
        Assert.Empty(Measured());
    }

    [Fact]
    public void An_order_that_ended_without_a_fill_is_forgotten()
    {
        Hear(new OrderEvent.Placed(First), 1);
        Hear(new OrderEvent.Canceled(First, "gone"), 2);
        Hear(Filled("t-1"), 31);
        Assert.Empty(Measured());
    }

    private void Hear(OrderEvent news, int millis)
    {
        var now = Given.Noon + TimeSpan.FromMilliseconds(millis);
        if (_blotter.Apply(new Fact.OrderChanged(now, news)) is { } change) _times.Hear(change, now);
    }

    private ImmutableArray<long> Measured() => [.. _latencies.Since(LatencySeries.AckToFill, 0).Samples];

    private static OrderEvent.Filled Filled(string trade) => new(Given.Fill(trade, order: First.Text));
}
