using PolyArb.Simulator.Engine;
using PolyArb.Simulator.World;

namespace PolyArb.Simulator.Flow;

/// <summary>
/// The crowd. Its choices come from the seed; when they fall depends on the clock and on what outsiders do. Without a rate all
/// conditions of the default scenario together change about 150 times a second.
/// </summary>
internal sealed class MarketFlow(Exchange exchange, ulong seed, int speedPercent, FlowSettings? settings = null)
{
    private readonly SeededRandom _random = new(seed ^ 0xF10F);
    private readonly FlowSettings _settings = settings ?? new FlowSettings();
    private readonly List<Quoter> _quoters = [];
    private House _house = null!;

    /// <summary>Puts the opening books up and, unless it is to be quiet, schedules everything else.</summary>
    public void Start(bool quiet)
    {
        lock (exchange.Gate)
        {
            _house = new House(exchange, _settings.Makers);
            foreach (var condition in exchange.World.Conditions) Open(condition);
            if (quiet || !_settings.Moves) return;

            if (_settings.ChangesPerSecond is { } rate) new Pace(exchange, _quoters, _settings.Burst, rate, speedPercent, _random.Next()).Start();
            else foreach (var quoter in _quoters) Later(1, 300, () => Walk(quoter));

            foreach (var conditions in exchange.World.Events) Start([.. conditions.Select(c => _quoters.First(q => q.Condition == c))]);
            if (_settings.ChangesPerSecond is not null) Later(100, 300, WanderAll);
            if (_settings.InformedPerMinute > 0) Later(1, 120_000 / _settings.InformedPerMinute, Inform);
        }
    }

    /// <summary>Quotes a condition that was listed later. It moves only in a flow with a rate.</summary>
    public void Join(Condition condition)
    {
        _house.Fund(condition);
        Open(condition);
    }

    /// <summary>Stops quoting a condition and says what its first token was worth in the end.</summary>
    public int Leave(Condition condition)
    {
        if (_quoters.Find(q => q.Condition.Id == condition.Id) is not { } quoter) return Units.PriceOne / 2; // Closed by somebody else.

        _quoters.Remove(quoter);
        quoter.Leave();
        return quoter.Fair;
    }

    /// <summary>Takes from the best price of a token before an outsider does. Call with the lock held.</summary>
    public void Overtake(Condition condition, int token, Side side, long shares)
    {
        var (bid, ask) = exchange.MarketOf(condition).Top(token);
        if ((side is Side.Buy ? ask : bid) is { } touch && shares > 0) _house.Take(condition, token, side, shares, touch);
    }

    private void Open(Condition condition)
    {
        var quoter = new Quoter(exchange, _house, condition, new SeededRandom(_random.Next()), _settings.NoisePerThousand);
        _quoters.Add(quoter);
        for (var tries = 0; quoter.Urgent && tries < 100; tries++) quoter.Act();
    }

    private void Start(IReadOnlyList<Quoter> quoters)
    {
        var market = new EventFlow(quoters, new SeededRandom(_random.Next()));
        Later(300, 900, () => Drift(market));
        if (_settings.Mispricing) Later(1_500, 6_000, () => Misprice(market));
    }

    private void Walk(Quoter quoter)
    {
        if (quoter.IsOver) return;

        if (!exchange.Halted)
        {
            quoter.Act();
            if (!quoter.Condition.NegRisk && _random.Chance(80)) Wander(quoter);
        }

        if (quoter.Urgent && !exchange.Halted) Later(4, 12, () => Walk(quoter));
        else Later(160, 460, () => Walk(quoter));
    }

    /// <summary>With a rate, how far values go does not depend on how many orders there are.</summary>
    private void WanderAll()
    {
        _quoters.RemoveAll(q => q.IsOver);
        foreach (var quoter in _quoters) if (!exchange.Halted && !quoter.Condition.NegRisk && _random.Chance(50)) Wander(quoter);

        Later(100, 300, WanderAll);
    }

    private void Wander(Quoter quoter)
    {
        var by = _random.Chance(500) ? quoter.Step : -quoter.Step;
        if (quoter.CanDrift(by)) quoter.Drift(by);
    }

    /// <summary>Trades against quotes whose makers learn of it only a while later; in an event another outcome gives what this one gains.</summary>
    private void Inform()
    {
        if (!exchange.Halted && _quoters.Count > 0)
        {
            var quoter = _quoters[_random.Between(0, _quoters.Count - 1)];
            var by = _random.Between(2, 5) * (_random.Chance(500) ? quoter.Step : -quoter.Step);
            var other = quoter.Condition.NegRisk ? Sibling(quoter) : null;
            if (quoter.Bias == 0 && quoter.CanDrift(by) && (other is null || other.CanDrift(-by)))
            {
                quoter.TakeAhead(by);
                other?.TakeAhead(-by);
                Later(200, 1_000, () => Learn(quoter, other, by));
            }
        }

        Later(1, 120_000 / _settings.InformedPerMinute, Inform);
    }

    private static void Learn(Quoter quoter, Quoter? other, int by)
    {
        if (!quoter.CanDrift(by) || other?.CanDrift(-by) == false) return; // It drifted there meanwhile.

        quoter.Drift(by);
        other?.Drift(-by);
    }

    private Quoter Sibling(Quoter quoter)
    {
        var others = _quoters.Where(q => q != quoter && q.Condition.NegRiskMarketId == quoter.Condition.NegRiskMarketId).ToArray();
        return others.Length == 0 ? quoter : others[_random.Between(0, others.Length - 1)];
    }

    private void Drift(EventFlow market)
    {
        if (!exchange.Halted && !market.Mispriced) market.Drift();
        Later(300, 900, () => Drift(market));
    }

    private void Misprice(EventFlow market)
    {
        if (!exchange.Halted) market.Misprice();
        var ends = exchange.Agenda.Now + Scaled(_random.Between(1_000, 4_000));
        Later(50, 50, () => Watch(market, ends));
    }

    /// <summary>The quotes go back to fair when their time is over, or a while after somebody took from them.</summary>
    private void Watch(EventFlow market, long ends)
    {
        if (exchange.Agenda.Now < ends && !market.Taken)
        {
            Later(50, 50, () => Watch(market, ends));
            return;
        }

        Later(market.Taken ? 300 : 1, market.Taken ? 800 : 1, () =>
        {
            market.Restore();
            Later(2_500, 7_000, () => Misprice(market));
        });
    }

    private void Later(int lowMs, int highMs, Action action) => exchange.Agenda.In(Scaled(_random.Between(lowMs, highMs)), action);

    private int Scaled(int milliseconds) => Math.Max(1, milliseconds * 100 / speedPercent);
}
