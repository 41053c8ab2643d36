using System.Collections.Immutable;
using PolyArb.Domain;
using PolyArb.Domain.Ports;
using PolyArb.Grains.Interfaces;

namespace PolyArb.Dashboard;

/// <summary>What all was worth; after the first time only what was sampled since is read, and the reading ends at the first sample that is older.</summary>
internal sealed class EquityReading(IHistory history)
{
    private const int SamplesMost = 2_000;

    private ImmutableArray<EquityLine> _samples = [];

    /// <summary>Up to what it is now, as far as that is known. Never two at once.</summary>
    public async Task<Curve> Read(Seen<Status?> now)
    {
        var newest = _samples is [.., var last] ? last.At : (Instant?)null;
        var news = await history.Equity(new HistoryQuery(SamplesMost, Since: newest));
        _samples = [.. _samples.Concat(news.Where(sample => newest is null || sample.At > newest)).TakeLast(SamplesMost)];
        var sampled = _samples.Select(sample => (sample.At, sample.Equity));
        return Curve.Of(now is { Value.Equity: { } equity, At: { } at } ? [.. sampled.Where(sample => sample.At < at), (at, equity)] : [.. sampled]);
    }
}

/// <summary>What became of one basket; after the first time only facts that were written since are read.</summary>
internal sealed class StoryReading(IHistory history, MarketId market, BasketId basket)
{
    /// <summary>Of the market, that are searched for those of the basket.</summary>
    private const int FactsMost = 5_000;

    private ImmutableArray<FactLine> _facts = []; // Of the basket.
    private long _last;

    /// <summary>Never two at once.</summary>
    public async Task<ImmutableArray<StoryLine>> Read()
    {
        var news = await history.Facts(new HistoryQuery(FactsMost, After: _last, Market: market));
        if (news is [.., var newest]) _last = newest.N;
        _facts = [.. _facts, .. news.Where(fact => fact.Basket == basket)];
        return BasketStory.Of(basket, _facts);
    }
}
