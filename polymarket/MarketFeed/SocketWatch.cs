using PolyArb.Domain;
using PolyArb.Domain.Ports;

namespace PolyArb.Polymarket.MarketFeed;

/// <summary>A condition that REST is asked about, as it stood then.</summary>
internal sealed record SilentToken(SocketWatch Watch, FollowedCondition Condition, Outcome Outcome, TimeSpan At)
{
    private readonly string _connection = Condition.On.Name;
    private readonly TimeSpan _heardAt = Condition.Pulse.HeardAt;

    public TokenId Token => Condition.Condition.Token(Outcome);

    public Seen Seen { get; } = Condition.Pulse.Last(Outcome)!.Value;

    public bool IsStillSilent => Condition.On.Name == _connection && Condition.Pulse.HeardAt == _heardAt;
}

/// <summary>What is known of the freshness of a socket's books. Shares its socket's lock.</summary>
internal sealed class SocketWatch(Lock gate, IReadOnlyDictionary<ConditionId, FollowedCondition> conditions, FeedParts parts)
{
    /// <summary>Adds what has been silent long enough to ask REST about it.</summary>
    public void AddDue(List<SilentToken> due, int max)
    {
        lock (gate)
        {
            var now = parts.Now;
            foreach (var condition in conditions.Values)
            {
                if (due.Count >= max) return;
                if (condition.On.IsLive && condition.Pulse.DueFor(now, parts.Options) is { } outcome) due.Add(new SilentToken(this, condition, outcome, now));
            }
        }
    }

    /// <summary>Null where nothing can be said: it has spoken meanwhile, or REST has not.</summary>
    public Verdict? Judge(SilentToken asked, VenueAnswer<Dictionary<TokenId, RestBook>> answer)
    {
        lock (gate)
        {
            var pulse = asked.Condition.Pulse;
            if (!conditions.TryGetValue(asked.Condition.Condition.Id, out var followed) || followed != asked.Condition || !asked.IsStillSilent) return null;
            if (answer is VenueAnswer<Dictionary<TokenId, RestBook>>.Ok(var books))
                return pulse.Judge(asked.Seen, books.GetValueOrDefault(asked.Token), asked.At, parts.Now, parts.Options);

            pulse.LookAgain(parts.Now, parts.Options);
            return null;
        }
    }

    /// <summary>Nothing came over this connection for as long as a single token may be silent: it is not the token that is frozen.</summary>
    public bool IsDeaf(MarketConnection connection) => conditions.Values.All(
        condition => condition.On != connection || parts.Now - condition.Pulse.HeardAt >= Pulse.LookAfter(parts.Options));

    /// <summary>Since when not all is known of these conditions' books; null while one that can be traded has none.</summary>
    public TimeSpan? AgeOf(IEnumerable<FollowedCondition> asked)
    {
        lock (gate)
        {
            var age = TimeSpan.Zero;
            foreach (var condition in asked.Where(condition => condition.Condition.IsTradable))
            {
                if (condition.Missing is MissingBooks.Both) return null;
                if (parts.Now - condition.Pulse.FreshAt is var since && since > age) age = since;
            }

            return age;
        }
    }
}
