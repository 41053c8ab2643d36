using PolyArb.Domain;
using PolyArb.Domain.Ports;

namespace PolyArb.Silo.Hosting;

/// <summary>One market that is read often: what it was last found to be, and when to read it again.</summary>
internal sealed class WatchedMarket
{
    /// <summary>Nobody pushes that a market stops taking orders, ends or charges another fee (protocol sheet 2.2).</summary>
    public static readonly TimeSpan ReadPeriod = TimeSpan.FromSeconds(30);

    private static readonly TimeSpan RestMin = TimeSpan.FromSeconds(2);
    private static readonly TimeSpan RestMax = TimeSpan.FromSeconds(60);

    /// <summary>What could not be read for so long is not traded any more.</summary>
    private static readonly TimeSpan ConfirmWithin = TimeSpan.FromMinutes(10);

    private readonly HashSet<ConditionId> _conditions = []; // Of the first reading.
    private DateTimeOffset _readAt;
    private TimeSpan _rest = RestMin;

    /// <summary>At once, to begin with.</summary>
    public DateTimeOffset DueAt { get; private set; }

    public ListedMarket? Latest { get; private set; }

    /// <summary>
    /// A question that came to the event since: whoever vouched for its completeness did not know it, so the event is not whole any more.
    /// </summary>
    public ConditionId? Newcomer { get; private set; }

    /// <summary>The venue answers, and does not name it.</summary>
    public bool IsMissing { get; private set; }

    /// <param name="found">Null when the answer does not hold it.</param>
    /// <param name="isWhole">The answer is about everything that was asked for.</param>
    public void Take(ListedMarket? found, bool isWhole, DateTimeOffset now)
    {
        if (found is not null)
        {
            (Latest, IsMissing, _readAt, _rest, DueAt) = (WithoutNewcomers(found), false, now, RestMin, now + ReadPeriod);
            return;
        }

        IsMissing = isWhole;
        DueAt = now + (isWhole ? ReadPeriod : _rest);
        _rest = isWhole ? RestMin : 2 * _rest < RestMax ? 2 * _rest : RestMax;
        if (isWhole) Close("the catalogue names it no more");
        else if (now - _readAt > ConfirmWithin) Close("the catalogue could not be asked about it for ten minutes");
    }

    private ListedMarket WithoutNewcomers(ListedMarket found)
    {
        ConditionId[] conditions = [.. found.Market.Conditions.Select(condition => condition.Id).Union(found.NotTraded.Select(refused => refused.Condition))];
        if (_conditions.Count == 0) _conditions.UnionWith(conditions);
        foreach (var condition in conditions)
        {
            if (!_conditions.Contains(condition)) Newcomer ??= condition;
        }

        return Newcomer is null ? found : found with { Market = found.Market with { IsWhole = false } };
    }

    private void Close(string reason)
    {
        if (Latest is not { Market: var market }) return;

        Latest = new ListedMarket(
            market with { Conditions = [.. market.Conditions.Select(condition => condition with { IsTradable = false })] },
            [.. market.Conditions.Select(condition => new NotTraded(condition.Id, reason))]);
    }
}
