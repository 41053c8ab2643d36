namespace PolyArb.Domain.Replay;

/// <summary>What a simulated day must show before real money follows it. docs/backtest.md says why each figure.</summary>
public sealed record VerdictRules
{
    /// <summary>Recorded time: a day, so that every hour of a day is in it.</summary>
    public TimeSpan LengthMin { get; init; } = TimeSpan.FromHours(24);

    /// <summary>Baskets that traded and have ended.</summary>
    public int BasketsMin { get; init; } = 30;

    /// <summary>Of the recorded time, that in which books were whole; see <see cref="Coverage.Whole"/>.</summary>
    public Share CoverageMin { get; init; } = Share.Percent(90);

    /// <summary>Realized as a share of predicted, both as a running bot judges: the ratio below which it switches a market off.</summary>
    public Share KeptMin { get; init; } = Share.Percent(50);

    /// <summary>Of the initial capital.</summary>
    public Share DrawdownMax { get; init; } = new(15_000);

    /// <summary>Of the taker baskets that have ended, those of which something was filled.</summary>
    public Share FilledMin { get; init; } = Share.Percent(50);

    /// <summary>Of the baskets that traded, those that ended complete.</summary>
    public Share CompletedMin { get; init; } = Share.Percent(80);

    /// <summary>Of the orders placed; above it a running bot stops.</summary>
    public Share RejectedMax { get; init; } = Share.Percent(25);

    /// <summary>However late the bot acts up to this, it must still earn <see cref="LateMin"/>; slower than this a running bot stops.</summary>
    public int DelayMsMax { get; init; } = 500;

    /// <summary>Of what acting at once would have earned with baskets of the same size.</summary>
    public Share LateMin { get; init; } = Share.Percent(25);
}
