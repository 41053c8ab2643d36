using PolyArb.Simulator.Engine;
using PolyArb.Simulator.World;

namespace PolyArb.Simulator.Flow;

/// <summary>
/// Keeps a ladder of quotes around a center and takes a random step at a time: drift, replace a quote, trade.
/// Prices are in YES terms, in 1/10,000.
/// </summary>
internal sealed class Quoter
{
    private readonly Exchange _exchange;
    private readonly Market _market;
    private readonly House _house;
    private readonly SeededRandom _random;
    private readonly Dictionary<(bool Bid, int Price), BookOrder> _quotes = [];
    private readonly int _levels;
    private readonly int _noisePerThousand;

    public Quoter(Exchange exchange, House house, Condition condition, SeededRandom random, int noisePerThousand)
    {
        (_exchange, _house, Condition, _random, _noisePerThousand) = (exchange, house, condition, random, noisePerThousand);
        _market = exchange.MarketOf(condition);
        _levels = random.Between(5, 9);
        Fair = condition.OpeningPrice;
    }

    public Condition Condition { get; }

    /// <summary>The market's price step, which can change while it trades.</summary>
    public int Tick => _market.Tick;

    /// <summary>The distance between levels, and from the center to the best one.</summary>
    public int Step => Tick switch
    {
        1 => 10,
        10 => 20,
        var tick => tick,
    };

    /// <summary>Nobody may trade here any more.</summary>
    public bool IsOver => _market.IsClosed;

    /// <summary>What the token is worth; over an event these add up to one pUSD.</summary>
    public int Fair { get; private set; }

    /// <summary>How far the quotes stand off the fair value: not 0 only while an event is mispriced.</summary>
    public int Bias
    {
        get;
        set
        {
            if (field == 0 && value != 0) WithdrawTouched(); // What was matched before does not make it Taken.
            field = value;
        }
    }

    /// <summary>Somebody took from the mispriced quotes; they are not renewed before the event is priced fairly again.</summary>
    public bool Taken => Bias != 0 && _quotes.Values.Any(q => q.Matched > 0);

    /// <summary>True when <see cref="Act"/> has a ladder to repair.</summary>
    public bool Urgent => Generous() is not null || (!Taken && Missing() is not null) || Useless() is not null;

    private int Center => (Fair + Bias) / Tick * Tick;

    /// <summary>A book with a wide tick keeps two levels a side, the others five.</summary>
    public bool CanDrift(int by) => Fair + by >= Math.Min(5 * Step, 2_000) && Fair + by >= 600 && Fair + by <= Math.Min(9_400, Units.PriceOne - 2 * Step);

    public void Drift(int by) => Fair += by;

    /// <summary>One thing: repair the ladder, or else trade or renew a quote.</summary>
    public void Act()
    {
        if (Generous() is { } generous) Withdraw(generous);
        else if (!Taken && Missing() is { } missing) Place(missing.Bid, missing.Price);
        else if (Useless() is { } useless) Withdraw(useless);
        else if (Taken) return;
        else if (Bias == 0 && _random.Chance(_noisePerThousand)) Trade();
        else Renew();
    }

    /// <summary>A quote that gives money away: nearer to the center than the ladder starts.</summary>
    private (bool Bid, int Price)? Generous() => Find((distance, _) => distance < Step);

    /// <summary>A quote beyond the ladder, or one that is filled or gone.</summary>
    private (bool Bid, int Price)? Useless() =>
        Find((distance, quote) => quote.Place is null ? !Taken : distance > Step * (_levels + 2));

    private (bool Bid, int Price)? Find(Func<int, BookOrder, bool> wanted)
    {
        foreach (var (key, quote) in _quotes)
        {
            if (wanted(key.Bid ? Center - key.Price : key.Price - Center, quote)) return key;
        }

        return null;
    }

    private (bool Bid, int Price)? Missing()
    {
        for (var level = 1; level <= _levels; level++)
        {
            foreach (var bid in (ReadOnlySpan<bool>)[true, false])
            {
                var price = bid ? Center - level * Step : Center + level * Step;
                var legal = price >= Tick && price <= Units.PriceOne - Tick;
                if (legal && !(_quotes.TryGetValue((bid, price), out var quote) && quote.Place is not null)) return (bid, price);
            }
        }

        return null;
    }

    private void WithdrawTouched()
    {
        foreach (var key in _quotes.Where(q => q.Value.Matched > 0).Select(q => q.Key).ToArray()) Withdraw(key);
    }

    private void Withdraw((bool Bid, int Price) key)
    {
        if (_quotes.Remove(key, out var quote)) _exchange.Cancel(quote);
    }

    private void Place(bool bid, int price)
    {
        var shares = _random.Between(Bias == 0 ? 2_000 : 6_000, 50_000) * 10_000L; // Hundredths of a share.
        if (_house.Quote(Condition, bid, price, shares, _random) is { } quote) _quotes[(bid, price)] = quote;
    }

    private void Renew()
    {
        if (_quotes.Count == 0) return;

        var key = _quotes.Keys.Order().ElementAt(_random.Between(0, _quotes.Count - 1));
        Withdraw(key);
        Place(key.Bid, key.Price);
    }

    /// <summary>Somebody who knows that the fair value will move takes what stands before the new one.</summary>
    public void TakeAhead(int by)
    {
        var rises = by > 0;
        var shares = _random.Between(100, 1_500) * Units.MicrosOne;
        var limit = Math.Clamp(Center + by, Tick, Units.PriceOne - Tick);
        _house.Take(Condition, 0, rises ? Side.Buy : Side.Sell, shares, limit);
    }

    /// <summary>Takes every quote back.</summary>
    public void Leave()
    {
        foreach (var key in _quotes.Keys.ToArray()) Withdraw(key);
    }

    /// <summary>A taker on either token; one in four is large enough to cross levels.</summary>
    private void Trade()
    {
        var token = _random.Between(0, 1);
        var side = _random.Chance(600) ? Side.Buy : Side.Sell;
        var (bid, ask) = _market.Top(token);
        if ((side is Side.Buy ? ask : bid) is not { } touch) return;

        var shares = _random.Chance(250) ? _random.Between(150, 900) : _random.Between(10, 60);
        var limit = Math.Clamp(touch + (side is Side.Buy ? 3 : -3) * Step, Tick, Units.PriceOne - Tick);
        _house.Take(Condition, token, side, shares * Units.MicrosOne, limit);
    }
}
