using System.Diagnostics.Metrics;
using PolyArb.Config;
using PolyArb.Domain;
using PolyArb.Domain.Journal;
using PolyArb.Domain.Orders;
using PolyArb.Domain.Ports;
using PolyArb.Domain.Risk;
using PolyArb.Grains;
using PolyArb.Silo.Metrics;
using PolyArb.Tests.Domain;
using PolyArb.Tests.Grains;
using Xunit;

namespace PolyArb.Tests.Silo;

public sealed class MetersTests : IDisposable
{
    private readonly TradingMeters _meters = new();

    public void Dispose() => _meters.Dispose();

    [Fact]
    public void A_latency_sample_allocates_nothing_though_somebody_listens()
    {
        using var listening = Telemetry.Listen(PolyArbOptions.Defaults.Metrics);
        var book = new LatencyBook(_meters.Latency);
        void Sample(int count)
        {
            for (var micros = 0; micros < count; micros++) book.Record(LatencySeries.RecvToDecision, Given.Noon, Given.Noon + TimeSpan.FromMicroseconds(micros));
        }

        Sample(1_000); // What is made once is made.
        var before = GC.GetAllocatedBytesForCurrentThread();
        Sample(10_000);

        Assert.Equal(0, GC.GetAllocatedBytesForCurrentThread() - before);
    }

    [Fact]
    public void A_latency_is_told_in_seconds_under_the_name_of_its_series()
    {
        List<(double Value, string? Series)> heard = [];
        using var listener = Listener<double>("polyarb.latency", (value, tags) => heard.Add((value, Value(tags, "series"))));
        var book = new LatencyBook(_meters.Latency);

        book.Record(LatencySeries.SendToAck, Given.Noon, Given.Noon + TimeSpan.FromMilliseconds(80));

        Assert.Equal([(0.08, "send_to_ack")], heard);
    }

    [Fact]
    public async Task A_fact_is_counted_once_it_is_durable_and_a_failure_as_one()
    {
        List<string?> facts = [];
        var (failures, errors) = (0L, 0L);
        using var kinds = Listener<long>("polyarb.facts", (_, tags) => facts.Add(Value(tags, "kind")));
        using var failing = Listener<long>("polyarb.journal.failures", (value, _) => failures += value);
        using var noted = Listener<long>("polyarb.errors", (value, _) => errors += value);
        var inner = new ScriptedJournal { Fails = fact => fact is Fact.ErrorNoted { What: "lost" } };
        var journal = new MeteredJournal(inner, _meters, TimeProvider.System);
        var fence = await journal.RaiseFence();

        await journal.Append([new Fact.ErrorNoted(Given.Noon, "here", "kept"), new Fact.OperatorActed(Given.Noon, "me", "looked")], fence);
        await Assert.ThrowsAnyAsync<Exception>(() => journal.Append([new Fact.ErrorNoted(Given.Noon, "here", "lost")], fence));

        Assert.Equal(["ErrorNoted", "OperatorActed"], facts);
        Assert.Equal((1, 1), (failures, errors));
    }

    [Fact]
    public async Task An_order_that_never_went_out_is_no_rejection()
    {
        List<string?> news = [];
        using var listener = Listener<long>("polyarb.orders.news", (_, tags) => news.Add(Value(tags, "news")));
        var journal = new MeteredJournal(new ScriptedJournal(), _meters, TimeProvider.System);
        var order = new OrderId("o");

        await journal.Append(
            [
                new Fact.OrderChanged(Given.Noon, new OrderEvent.Rejected(order, "stopped", RejectCode.NotSent)),
                new Fact.OrderChanged(Given.Noon, new OrderEvent.Rejected(order, "not enough balance", RejectCode.NotEnoughBalance)),
            ],
            await journal.RaiseFence());

        Assert.Equal(["not_sent", "rejected"], news);
    }

    [Fact]
    public void What_a_desk_counted_before_it_began_anew_stays_counted()
    {
        var counts = new SteadyCounts();
        counts.Take([("a", "events", 100), ("b", "events", 7)]);
        counts.Take([("a", "events", 3), ("b", "events", 9)]); // a began anew.
        counts.Take([("b", "events", 9)]); // And is not there any more.

        Assert.Equal(112, counts.Sums["events"]);
    }

    /// <summary>Thousands of markets come and go in a month.</summary>
    [Fact]
    public void A_market_that_is_gone_for_a_day_is_forgotten_and_its_counts_stay()
    {
        var counts = new SteadyCounts();
        counts.Take([("gone", "events", 100), ("here", "events", 1)]);
        for (var round = 0; round < SteadyCounts.RoundsKept / 2; round++) counts.Take([("here", "events", 1)]);
        Assert.Equal(2, counts.Owners);

        for (var round = 0; round < SteadyCounts.RoundsKept; round++) counts.Take([("here", "events", 1)]);

        Assert.Equal((1, 101), (counts.Owners, counts.Sums["events"]));
    }

    [Fact]
    public void Every_refusal_is_counted_under_its_own_reason()
    {
        var counts = new ProposalCounts();
        counts.Count(null);
        counts.Count(Refusal.Stale);
        counts.Count(Refusal.Stale);

        Assert.Equal((1, 2, 0), (counts.Passed, counts.Refused(Refusal.Stale), counts.Refused(Refusal.Recovering)));
    }

    private MeterListener Listener<T>(string name, Action<T, ReadOnlySpan<KeyValuePair<string, object?>>> heard)
        where T : struct
    {
        var listener = new MeterListener
        {
            InstrumentPublished = (instrument, self) =>
            {
                if (instrument.Meter == _meters.Meter && instrument.Name == name) self.EnableMeasurementEvents(instrument);
            },
        };
        listener.SetMeasurementEventCallback<T>((_, value, tags, _) => heard(value, tags));
        listener.Start();
        return listener;
    }

    private static string? Value(ReadOnlySpan<KeyValuePair<string, object?>> tags, string name)
    {
        foreach (var tag in tags)
        {
            if (tag.Key == name) return (string?)tag.Value;
        }

        return null;
    }
}
