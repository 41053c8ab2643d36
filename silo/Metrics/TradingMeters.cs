using System.Collections.Immutable;
using System.Diagnostics.Metrics;
using PolyArb.Domain.Edges;
using PolyArb.Domain.Journal;
using PolyArb.Domain.Orders;
using PolyArb.Grains;

namespace PolyArb.Silo.Metrics;

/// <summary>
/// What is counted when it happens: latencies on the way of an order, and facts once they are durable. While nobody listens each is a
/// look at a flag; with somebody, no sample allocates.
/// </summary>
internal sealed class TradingMeters : IDisposable
{
    public const string Name = "PolyArb";

    private static readonly InstrumentAdvice<double> Seconds = new()
    {
        HistogramBucketBoundaries = [0.000_025, 0.000_05, 0.000_1, 0.000_25, 0.000_5, 0.001, 0.002_5, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10],
    };

    private static readonly KeyValuePair<string, object?>[] Series = Tags<LatencySeries>("series");
    private static readonly KeyValuePair<string, object?>[] Ends = Tags<BasketEnd>("end");
    private static readonly KeyValuePair<string, object?>[] Trades = Tags<TradeStatus>("status");

    private static readonly KeyValuePair<string, object?>[] Styles = Tags<BasketStyle>("style");
    private static readonly string[] NewsWords = ["unanswered", "not_sent", "rejected", "delayed", "placed", "matched", "canceled", "absent"];

    private readonly Histogram<double> _latency;
    private readonly Histogram<double> _append;
    private readonly Counter<long> _failures;
    private readonly Counter<long> _facts;
    private readonly Counter<long> _opened;
    private readonly Counter<long> _closed;
    private readonly Counter<long> _placed;
    private readonly Counter<long> _news;
    private readonly Counter<long> _trades;
    private readonly Counter<long> _errors;

    public TradingMeters()
    {
        _latency = Meter.CreateHistogram("polyarb.latency", "s", "The latencies of an order: received, decided, sent, answered, filled.", tags: null, Seconds);
        _append = Meter.CreateHistogram("polyarb.journal.append", "s", "From handing facts to the journal until they are durable.", tags: null, Seconds);
        _failures = Meter.CreateCounter<long>("polyarb.journal.failures", null, "Appends that the journal did not take.");
        _facts = Meter.CreateCounter<long>("polyarb.facts", null, "Facts written, by kind.");
        _opened = Meter.CreateCounter<long>("polyarb.baskets.opened", null, "Baskets opened, by style.");
        _closed = Meter.CreateCounter<long>("polyarb.baskets.closed", null, "Baskets closed, by how they ended.");
        _placed = Meter.CreateCounter<long>("polyarb.orders.placed", null, "Orders written down to be sent.");
        _news = Meter.CreateCounter<long>("polyarb.orders.news", null, "News about orders that changed something, by what it was.");
        _trades = Meter.CreateCounter<long>("polyarb.trades", null, "News about trades of ours, by status: a trade is told once for each.");
        _errors = Meter.CreateCounter<long>("polyarb.errors", null, "Errors written to the journal, for a person to look at.");
    }

    public Meter Meter { get; } = new(Name);

    public void Dispose() => Meter.Dispose();

    /// <summary>Once somebody listens: what has not happened yet stands at zero, so that the first time is seen as a rise.</summary>
    public void Begin()
    {
        foreach (var counter in (Counter<long>[])[_failures, _placed, _errors]) counter.Add(0);
        foreach (var end in Ends) _closed.Add(0, end);
        foreach (var status in Trades) _trades.Add(0, status);
        foreach (var news in NewsWords) _news.Add(0, new KeyValuePair<string, object?>("news", news));
        foreach (var style in Styles) _opened.Add(0, style);
    }

    public void Latency(LatencySeries series, long micros) => _latency.Record(micros / 1e6, Series[(int)series]);

    public void JournalFailed() => _failures.Add(1);

    public void Journaled(ImmutableArray<Fact> facts, TimeSpan took)
    {
        _append.Record(took.TotalSeconds);
        foreach (var fact in facts)
        {
            _facts.Add(1, new KeyValuePair<string, object?>("kind", fact.GetType().Name));
            Count(fact);
        }
    }

    private void Count(Fact fact)
    {
        switch (fact)
        {
            case Fact.BasketOpened opened:
                _opened.Add(1, Styles[(int)opened.Basket.Style]);
                _placed.Add(opened.Orders.Length);
                break;
            case Fact.ClosingOrderPlaced:
                _placed.Add(1);
                break;
            case Fact.BasketClosed closed:
                _closed.Add(1, Ends[(int)closed.Result.End]);
                break;
            case Fact.OrderChanged { News: OrderEvent.Filled filled }:
                _trades.Add(1, Trades[(int)filled.Fill.Status]);
                break;
            case Fact.OrderChanged changed:
                _news.Add(1, new KeyValuePair<string, object?>("news", Word(changed.News)));
                break;
            case Fact.ErrorNoted:
                _errors.Add(1);
                break;
        }
    }

    private static string Word(OrderEvent news) => news switch
    {
        OrderEvent.Unanswered => "unanswered",
        OrderEvent.Rejected { Code: RejectCode.NotSent } => "not_sent",
        OrderEvent.Rejected => "rejected",
        OrderEvent.Delayed => "delayed",
        OrderEvent.Placed => "placed",
        OrderEvent.Matched => "matched",
        OrderEvent.Canceled => "canceled",
        OrderEvent.Absent => "absent",
        _ => throw new System.Diagnostics.UnreachableException(),
    };

    private static KeyValuePair<string, object?>[] Tags<T>(string name) where T : struct, Enum =>
        [.. Words.Snakes<T>().Select(word => new KeyValuePair<string, object?>(name, word))];
}
