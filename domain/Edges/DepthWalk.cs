namespace PolyArb.Domain.Edges;

/// <summary>How far legs can be taken together.</summary>
/// <param name="Profit">What that earns before anything is rounded to an order.</param>
/// <param name="Marginal">What the last basket earns, micros: none before it earns less.</param>
/// <param name="Hinders">The leg without which there may be more to earn; -1 when there is none.</param>
internal readonly record struct Depth(Size Quantity, Usd Profit, long Marginal, int Hinders);

/// <summary>Walks all legs down their books together while the marginal basket clears the threshold and the caps.</summary>
internal ref struct DepthWalk
{
    private readonly ReadOnlySpan<CandidateLeg> _legs;
    private readonly EdgeRule _rule;
    private readonly EdgePolicy _policy;
    private readonly Span<Place> _at;
    private long _prices;
    private long _fees;
    private long _quantity;
    private long _marginal;
    private Int128 _earned; // Micros x micro-shares, as the next two.
    private Int128 _spent;
    private Int128 _slipped;

    private DepthWalk(ReadOnlySpan<CandidateLeg> legs, EdgeRule rule, EdgePolicy policy, Span<Place> at)
    {
        _legs = legs;
        _at = at;
        (_rule, _policy) = (rule, policy);
        for (var leg = 0; leg < legs.Length; leg++) Enter(leg, 0);
    }

    /// <summary>Where the walk stands in one leg's book.</summary>
    /// <param name="Left">Micro-shares of the level.</param>
    /// <param name="Price">Micros a share, as the fee.</param>
    private record struct Place(int Level, long Left, long Price, long Fee);

    public static Depth Down(ReadOnlySpan<CandidateLeg> legs, EdgeRule rule, EdgePolicy policy) =>
        new DepthWalk(legs, rule, policy, stackalloc Place[legs.Length]).Run();

    private Depth Run()
    {
        while (true)
        {
            if (_rule.At(new Usd(_prices), new Usd(_fees)).Executable <= _policy.MinEdge) return End(Costliest());

            var (step, hinders) = Shortest();
            if (Affordable() is var affordable && affordable < step) (step, hinders) = (affordable, _legs.Length - 1);
            if (Slippable() is var slippable && slippable < step) (step, hinders) = (slippable, MostSlipped());
            Take(step);
            for (var leg = 0; leg < _legs.Length; leg++)
            {
                if (_at[leg].Left == 0 && _at[leg].Level + 1 < _legs[leg].Levels(_rule.Side).Count) Enter(leg, _at[leg].Level + 1);
            }

            if (_at[hinders].Left == 0 || step == affordable || step == slippable || IsSoldOut(hinders)) return End(hinders);
        }
    }

    private void Enter(int leg, int level)
    {
        var (price, size) = _legs[leg].Levels(_rule.Side).FromTop(level);
        ref var at = ref _at[leg];
        _prices -= at.Price;
        _fees -= at.Fee;
        at = new Place(level, size.Micros, price.Ticks * 100L, _legs[leg].Fee.PerShare(price));
        _prices += at.Price;
        _fees += at.Fee;
    }

    /// <summary>Up to the end of the nearest level, or of the stock.</summary>
    private readonly (long Step, int Leg) Shortest()
    {
        var (step, shortest) = (long.MaxValue, 0);
        for (var leg = 0; leg < _legs.Length; leg++)
        {
            var left = _rule.Side is Side.Sell ? Math.Min(_at[leg].Left, _legs[leg].Stock.Micros - _quantity) : _at[leg].Left;
            if (left < step) (step, shortest) = (left, leg);
        }

        return (step, shortest);
    }

    private readonly bool IsSoldOut(int leg) => _rule.Side is Side.Sell && _legs[leg].Stock.Micros == _quantity;

    private readonly long Affordable()
    {
        if (_rule.Side is Side.Sell) return long.MaxValue;

        var left = (Math.BigMul(_policy.MaxBasketOutlay.Micros, 1_000_000) - _spent) / (_prices + _fees);
        return left > long.MaxValue ? long.MaxValue : (long)left;
    }

    /// <summary>Until the average over all has slipped as far as it may.</summary>
    private readonly long Slippable()
    {
        var allowed = _rule.Best.Micros * _policy.MaxSlippageBps;
        var slips = Math.Abs(_prices - _rule.Best.Micros) * 10_000;
        if (slips <= allowed) return long.MaxValue;

        var room = (Math.BigMul(allowed, _quantity) - _slipped * 10_000) / (slips - allowed);
        return room > long.MaxValue ? long.MaxValue : (long)room;
    }

    private void Take(long step)
    {
        if (step == 0) return;

        _marginal = _rule.Earned(_prices, _fees);
        _earned += Math.BigMul(_marginal, step);
        _spent += Math.BigMul(_prices + _fees, step);
        _slipped += Math.BigMul(Math.Abs(_prices - _rule.Best.Micros), step);
        _quantity += step;
        for (var leg = 0; leg < _legs.Length; leg++) _at[leg].Left -= step;
    }

    /// <summary>A leg that by now costs more than it can add; -1 when all add something, so that fewer would earn less.</summary>
    private readonly int Costliest()
    {
        for (var leg = 0; leg < _legs.Length; leg++)
        {
            if (_rule.Side is Side.Buy ? _at[leg].Price + _at[leg].Fee > 1_000_000 : _at[leg].Fee > _at[leg].Price) return leg;
        }

        return -1;
    }

    private readonly int MostSlipped()
    {
        var (most, which) = (-1L, 0);
        for (var leg = 0; leg < _legs.Length; leg++)
        {
            var slipped = Math.Abs(_at[leg].Price - _legs[leg].Levels(_rule.Side).FromTop(0).Price.Ticks * 100L);
            if (slipped > most) (most, which) = (slipped, leg);
        }

        return which;
    }

    private readonly Depth End(int hinders) => new(new Size(_quantity), new Usd((long)(_earned / 1_000_000)), _marginal, hinders);
}
