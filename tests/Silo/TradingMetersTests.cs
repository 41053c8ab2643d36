using System.Collections.Immutable;
using System.Diagnostics.Metrics;
using PolyArb.Config;
using PolyArb.Domain;
using PolyArb.Domain.Edges;
using PolyArb.Domain.Journal;
using PolyArb.Domain.Orders;
using PolyArb.Domain.Ports;
using PolyArb.Silo.Metrics;
using PolyArb.Tests.Domain;
using Xunit;

namespace PolyArb.Tests.Silo;

/// <summary>What is counted of durable facts, beside <see cref="MetersTests"/>.</summary>
public sealed class TradingMetersTests : IDisposable
{
    private readonly TradingMeters _meters = new();
    private readonly List<string> _heard = [];
    private readonly MeterListener _listener;

    public TradingMetersTests()
    {
        _listener = new MeterListener
        {
            InstrumentPublished = (instrument, self) =>
            {
                if (instrument.Meter == _meters.Meter && instrument.Name is not "polyarb.facts") self.EnableMeasurementEvents(instrument);
            },
        };
        _listener.SetMeasurementEventCallback<long>((instrument, value, tags, _) =>
            _heard.Add(string.Join(' ', [instrument.Name["polyarb.".Length..], .. tags.ToArray().Select(tag => tag.Value), $"+{value}"])));
        _listener.Start();
    }

    public void Dispose()
    {
        _listener.Dispose();
        _meters.Dispose();
    }

    public static TheoryData<Fact, string[]> Facts => new()
    {
        { Given.Opened(Given.Basket(legs: 3)), ["baskets.opened taker +1", "orders.placed +3"] },
        { new Fact.ClosingOrderPlaced(Given.Noon, new ReservationId(1, 2), Given.Placed("o2")), ["orders.placed +1"] },
        { new Fact.BasketClosed(Given.Noon, new BasketId("b"), Given.Event, new(BasketEnd.Held, Size.Zero, Usd.Zero, Usd.Zero, "")), ["baskets.closed held +1"] },
        { new Fact.OrderChanged(Given.Noon, new OrderEvent.Filled(Given.Fill(status: TradeStatus.Confirmed))), ["trades confirmed +1"] },
        { new Fact.OrderChanged(Given.Noon, new OrderEvent.Canceled(new OrderId("o"), "late")), ["orders.news canceled +1"] },
        { new Fact.ErrorNoted(Given.Noon, "here", "that"), ["errors +1"] },
        { new Fact.OperatorActed(Given.Noon, "ann", "looked"), [] },
    };

    [Theory]
    [MemberData(nameof(Facts), DisableDiscoveryEnumeration = true)]
    public void A_fact_is_counted_as_what_it_is(Fact fact, string[] expected)
    {
        _meters.Journaled([fact], TimeSpan.FromMilliseconds(1));

        Assert.Equal(expected, _heard);
    }

    [Fact]
    public void What_has_not_happened_yet_stands_at_zero()
    {
        _meters.Begin();

        foreach (var what in (string[])["baskets.closed held", "baskets.opened taker", "trades failed", "orders.news rejected", "orders.news absent", "errors", "journal.failures"])
        {
            Assert.Contains($"{what} +0", _heard);
        }

        Assert.All(_heard, line => Assert.EndsWith(" +0", line, StringComparison.Ordinal));
    }

    /// <summary>A newer gateway has the journal: that is no failure of the disk, and nobody is to be woken.</summary>
    [Fact]
    public async Task A_journal_that_belongs_to_another_is_no_failure()
    {
        var journal = new MeteredJournal(new FencedJournal(), _meters, TimeProvider.System);

        await Assert.ThrowsAsync<FencedException>(() => journal.Append([new Fact.ErrorNoted(Given.Noon, "here", "late")], fence: 1));

        Assert.Empty(_heard);
    }

    [Theory]
    [InlineData(true, true, null, true)]
    [InlineData(true, false, null, false)]
    [InlineData(false, true, null, false)]
    [InlineData(false, false, "http://127.0.0.1:4317", true)]
    public void Somebody_listens_where_there_is_a_page_or_a_collector(bool isEnabled, bool hasPages, string? collector, bool expected)
    {
        var options = PolyArbOptions.Defaults.Metrics with { Enabled = isEnabled, OtlpEndpoint = collector is null ? null : new Uri(collector) };

        Assert.Equal(expected, Telemetry.IsWanted(options, hasPages));
    }

    private sealed class FencedJournal : IJournal
    {
        public Task Append(ImmutableArray<Fact> facts, long fence) => throw new FencedException(fence, fence + 1);

        public IAsyncEnumerable<Fact> ReadAll(CancellationToken cancellation) => throw new NotSupportedException();

        public Task<long> RaiseFence() => throw new NotSupportedException();
    }
}
