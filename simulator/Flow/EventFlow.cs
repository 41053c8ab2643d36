using PolyArb.Simulator.Engine;
using PolyArb.Simulator.World;

namespace PolyArb.Simulator.Flow;

/// <summary>
/// Drifts the conditions of a neg-risk event against each other, so that their fair values keep adding up to one, and now and then
/// misprices the event for one to four seconds: YES bids that add up to more than one, or asks to less, by 2 to 6 cents after taker fees.
/// </summary>
internal sealed class EventFlow(IReadOnlyList<Quoter> quoters, SeededRandom random)
{
    public bool Mispriced => quoters.Any(q => q.Bias != 0);

    public bool Taken => quoters.Any(q => q.Taken);

    public void Drift()
    {
        var (up, down) = (quoters[random.Between(0, quoters.Count - 1)], quoters[random.Between(0, quoters.Count - 1)]);
        if (up == down || !up.CanDrift(up.Step) || !down.CanDrift(-down.Step)) return;

        up.Drift(up.Step);
        down.Drift(-down.Step);
    }

    public void Misprice()
    {
        var rich = random.Chance(600);
        var margin = random.Between(220, 450);
        Shift(rich, margin, fees: Fees(rich, 0));
        Shift(rich, margin, fees: Fees(rich, quoters[0].Bias)); // Again, with the fees at the shifted prices.
    }

    public void Restore()
    {
        foreach (var quoter in quoters) quoter.Bias = 0;
    }

    /// <summary>Spreads over the conditions, in whole ticks, what the best prices must move together.</summary>
    private void Shift(bool rich, int margin, int fees)
    {
        var tick = quoters.Max(q => q.Tick);
        var total = (quoters.Sum(q => q.Step) + fees + margin + tick - 1) / tick;
        for (var i = 0; i < quoters.Count; i++)
        {
            var ticks = total / quoters.Count + (i < total % quoters.Count ? 1 : 0);
            quoters[i].Bias = (rich ? ticks : -ticks) * tick;
        }
    }

    /// <summary>The taker fees of one share of each condition, in 1/10,000, rounded up.</summary>
    private int Fees(bool rich, int shift)
    {
        long micros = 0;
        foreach (var quoter in quoters)
        {
            var price = Math.Clamp(quoter.Fair + shift + (rich ? -quoter.Step : quoter.Step), 1, Units.PriceOne - 1);
            micros += quoter.Condition.Fee?.Charge([(Units.MicrosOne, price)]) ?? 0;
        }

        return (int)((micros + 99) / 100);
    }
}
