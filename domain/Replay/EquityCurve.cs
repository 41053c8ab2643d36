using System.Collections.Immutable;

namespace PolyArb.Domain.Replay;

/// <summary>
/// Equity over time in bounded memory: of each stretch of time the lowest, the highest and the last value are kept. When there are too
/// many stretches they become twice as long. The drawdown is that of every value added, not of the points kept.
/// </summary>
public sealed class EquityCurve(int stretchesMax = 600)
{
    private readonly List<Stretch> _stretches = [];
    private Instant? _begin;
    private long _width = 1_000_000; // Microseconds.
    private long _added;
    private Usd _peak;

    /// <summary>The farthest that equity ever fell below its highest before, zero or more.</summary>
    public Usd MaxDrawdown { get; private set; }

    /// <summary>Oldest first, at most three a stretch.</summary>
    public ImmutableArray<CurvePoint> Points => [.. _stretches.SelectMany(stretch => stretch.InOrder())];

    /// <param name="at">Not before the one before; a clock that steps back stays in the stretch it was in.</param>
    public void Add(Instant at, Usd equity)
    {
        _peak = _begin is null || equity > _peak ? equity : _peak;
        MaxDrawdown = _peak - equity > MaxDrawdown ? _peak - equity : MaxDrawdown;
        _begin ??= at;

        var seen = new Seen(_added++, new CurvePoint(at, equity));
        var number = (at.Micros - _begin.Value.Micros) / _width;
        if (_stretches.Count > 0 && number <= _stretches[^1].Number)
        {
            _stretches[^1] = _stretches[^1].With(seen);
            return;
        }

        _stretches.Add(new Stretch(number, seen, seen, seen));
        while (_stretches.Count > stretchesMax) Widen();
    }

    private void Widen()
    {
        _width *= 2;
        var kept = 0;
        foreach (var stretch in _stretches.ToArray())
        {
            var wider = stretch with { Number = stretch.Number / 2 };
            if (kept > 0 && _stretches[kept - 1].Number == wider.Number) _stretches[kept - 1] = _stretches[kept - 1].With(wider.Low).With(wider.High).With(wider.Last);
            else _stretches[kept++] = wider;
        }

        _stretches.RemoveRange(kept, _stretches.Count - kept);
    }

    /// <param name="Order">Several values may have one time.</param>
    private readonly record struct Seen(long Order, CurvePoint Point);

    private readonly record struct Stretch(long Number, Seen Low, Seen High, Seen Last)
    {
        public Stretch With(Seen seen) => this with
        {
            Low = seen.Point.Equity < Low.Point.Equity ? seen : Low,
            High = seen.Point.Equity > High.Point.Equity ? seen : High,
            Last = seen.Order > Last.Order ? seen : Last,
        };

        public IEnumerable<CurvePoint> InOrder() =>
            new[] { Low, High, Last }.DistinctBy(seen => seen.Order).OrderBy(seen => seen.Order).Select(seen => seen.Point);
    }
}
