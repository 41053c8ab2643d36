using System.Collections.Immutable;
using PolyArb.Domain.Journal;

namespace PolyArb.Domain.Risk;

/// <summary>What all was worth at a moment.</summary>
/// <param name="Profit">Equity without what came from outside.</param>
public sealed record EquityPoint(Instant At, Usd Equity, Usd Profit);

/// <summary>A trail as a gateway announces it.</summary>
/// <param name="Credited">Shares that came from outside since the last point; what they were worth then is no profit.</param>
public sealed record EquityHistory(
    long Baseline, bool IsStopped, Usd Outside, long Credits, ImmutableDictionary<TokenId, Size> Credited, Usd? Peak, ImmutableArray<EquityPoint> Points);

/// <summary>
/// Profit over time, of a day back, with its highest since the baseline. Made from facts, so that a restart agrees. To resume after a
/// stop begins a new baseline: the loss that stopped us would stop us again at once.
/// </summary>
public sealed class EquityTrail
{
    private static readonly TimeSpan Day = TimeSpan.FromHours(24);
    private const int PointsMax = 4_000; // Whatever a clock does that jumps.

    private readonly Queue<EquityPoint> _points = new();
    private ImmutableDictionary<TokenId, Size> _credited = ImmutableDictionary<TokenId, Size>.Empty;
    private bool _isStopped;

    /// <summary>The epoch in which it began; another one is another baseline.</summary>
    public long Baseline { get; private set; }

    /// <summary>Dollars that came from outside: the opening balance and every credit.</summary>
    public Usd Outside { get; private set; }

    /// <summary>Credits ever.</summary>
    public long Credits { get; private set; }

    public IReadOnlyDictionary<TokenId, Size> Credited => _credited;

    public Usd? Peak { get; private set; }

    public EquityPoint? Last { get; private set; }

    public void Apply(Fact fact)
    {
        switch (fact)
        {
            case Fact.OpeningBalanceTaken opening:
                Outside = opening.Cash;
                break;

            case Fact.ExternalCredited credit:
                Outside += credit.Cash;
                Came(credit.Shares);
                Credits++;
                break;

            case Fact.LedgerAccepted accepted:
                Outside += accepted.Cash;
                Came(accepted.Came);
                Came(accepted.Left.ToImmutableDictionary(left => left.Key, left => Size.Zero - left.Value));
                Credits++;
                break;

            case Fact.EquitySampled sample:
                Outside = sample.Equity - sample.Profit;
                _credited = _credited.Clear();
                Add(new EquityPoint(sample.At, sample.Equity, sample.Profit));
                break;

            case Fact.StateChanged moved:
                Moved(moved.To, moved.Epoch);
                break;
        }
    }

    private void Came(ImmutableDictionary<TokenId, Size> shares)
    {
        foreach (var (token, more) in shares) _credited = _credited.SetItem(token, _credited.GetValueOrDefault(token) + more);
    }

    public void Moved(TradingState to, long epoch)
    {
        if (to is TradingState.Safe or TradingState.Flattening) _isStopped = true;
        if (to is not TradingState.Running || !_isStopped) return; // A pause is no stop.

        _points.Clear();
        (_isStopped, Peak, Last, Baseline) = (false, null, null, epoch);
    }

    public void Add(EquityPoint point)
    {
        _points.Enqueue(point);
        Last = point;
        Reach(point.Profit);
        while (_points.Count > PointsMax || (_points.Count > 1 && point.At - _points.ElementAt(1).At >= Day)) _points.Dequeue();
    }

    public void Reach(Usd profit) => Peak = Peak > profit ? Peak : profit;

    /// <summary>Profit made in a window that ends now, or since the baseline where that is shorter; null before the first point.</summary>
    public Usd? Over(TimeSpan window, Usd profit, Instant now)
    {
        if (!_points.TryPeek(out var begin)) return null;

        foreach (var point in _points)
        {
            if (now - point.At < window) break;

            begin = point;
        }

        return profit - begin.Profit;
    }

    public EquityHistory ToHistory() => new(Baseline, _isStopped, Outside, Credits, _credited, Peak, [.. _points]);

    /// <summary>Of one baseline we know more than the journal, which has a point a minute.</summary>
    public void Accept(EquityHistory history)
    {
        var isSame = history.Baseline == Baseline && Last is not null;
        (Baseline, _isStopped, Outside, Credits, _credited) = (history.Baseline, history.IsStopped, history.Outside, history.Credits, history.Credited);
        if (isSame) return;

        _points.Clear();
        (Peak, Last) = (null, null);
        foreach (var point in history.Points) Add(point);
        if (history.Peak is { } peak) Reach(peak);
    }

    /// <summary>Shares that came from outside were worth this when they came.</summary>
    public void Credit(Usd worth) => Outside += worth;
}
