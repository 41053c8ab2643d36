using PolyArb.Domain;

namespace PolyArb.Polymarket.MarketFeed;

/// <summary>A market on its socket. Its socket's lock guards it and its conditions.</summary>
internal sealed class FollowedMarket
{
    private static readonly TimeSpan RestMin = TimeSpan.FromSeconds(2);
    private static readonly TimeSpan RestMax = TimeSpan.FromSeconds(60);

    private TimeSpan? _asked;
    private TimeSpan _rest = RestMin;

    public FollowedMarket(MarketPump pump, MarketConnection on, TimeSpan now)
    {
        Pump = pump;
        Conditions = [.. pump.Market.Conditions.Select(condition => new FollowedCondition(this, condition, on, now))];
    }

    public MarketPump Pump { get; }

    public FollowedCondition[] Conditions { get; }

    public int Tokens => 2 * Conditions.Length;

    /// <summary>New books are to be asked for as soon as it may be.</summary>
    public bool WantsBooks { get; private set; }

    /// <summary>
    /// True when new books may be asked for now, else once more later: not twice in 2 s, and twice as long each time that it does not
    /// help, for a market whose books never fit their hashes would ask for ever.
    /// </summary>
    public bool TryAsk(TimeSpan now)
    {
        var since = now - _asked;
        WantsBooks = since < _rest;
        if (WantsBooks) return false;

        _rest = since is not { } rested || rested >= 2 * _rest ? RestMin : _rest * 2 < RestMax ? _rest * 2 : RestMax;
        _asked = now;
        return true;
    }

    /// <summary>A new connection asks for everything.</summary>
    public void Reconnected() => (WantsBooks, _asked, _rest) = (false, null, RestMin);
}

/// <summary>A condition of it: the connection whose frames count, the books that are still to come, and its pulse.</summary>
internal sealed class FollowedCondition(FollowedMarket market, Condition condition, MarketConnection on, TimeSpan now)
{
    /// <summary>Doubled so often at most: not every condition that is listed has a book.</summary>
    private const int DoublingsMax = 6;

    private TimeSpan _askedAt = now;
    private int _asks;

    public FollowedMarket Market { get; } = market;

    public Condition Condition { get; } = condition;

    public MarketConnection On { get; set; } = on;

    public Pulse Pulse { get; } = new(now);

    public MissingBooks Missing { get; private set; } = MissingBooks.Both;

    /// <summary>None has come though it was asked for again: the venue seems to have none.</summary>
    public bool IsBookless => Missing is MissingBooks.Both && (_asks > 0 || Condition.IsClosed);

    public IEnumerable<TokenId> Tokens => [Condition.Yes, Condition.No];

    /// <summary>Its books were asked for, all of them.</summary>
    public void Expect(TimeSpan now) => (Missing, _askedAt, _asks) = (MissingBooks.Both, now, 0);

    /// <summary>Some books have come already, over a connection that only now counts.</summary>
    public void Arrive(MarketConnection connection, MissingBooks missing, TimeSpan now) => (On, Missing, _askedAt, _asks) = (connection, missing, now, 0);

    public void HasCome(TokenId token) => Missing = Missing.Without(Condition.OutcomeOf(token));

    /// <summary>True when a book that was asked for is overdue; the next wait is twice as long.</summary>
    public bool TryAskAgain(TimeSpan now, VenueOptions options)
    {
        if (Missing is MissingBooks.None || Condition.IsClosed || now - _askedAt < options.BookWithin * (1 << Math.Min(_asks, DoublingsMax))) return false;

        (_askedAt, _asks) = (now, _asks + 1);
        return true;
    }
}

/// <summary>Which of a condition's two books were asked for and have not come.</summary>
[Flags]
internal enum MissingBooks
{
    None = 0,
    Yes = 1,
    No = 2,
    Both = Yes | No,
}

internal static class MissingBooksExtensions
{
    public static MissingBooks Without(this MissingBooks missing, Outcome? outcome) => outcome switch
    {
        Outcome.Yes => missing & ~MissingBooks.Yes,
        Outcome.No => missing & ~MissingBooks.No,
        _ => missing,
    };

    public static IEnumerable<TokenId> TokensOf(this MissingBooks missing, Condition condition)
    {
        if (missing.HasFlag(MissingBooks.Yes)) yield return condition.Yes;
        if (missing.HasFlag(MissingBooks.No)) yield return condition.No;
    }
}
