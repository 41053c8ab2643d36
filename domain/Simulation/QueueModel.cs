namespace PolyArb.Domain.Simulation;

/// <summary>
/// Where a resting order of ours stands among the orders at its price, which public data does not say. In every model it joins behind
/// the size displayed, and a trade at the price uses up who stands before it first; they differ in what a cancel of others means.
/// </summary>
public abstract record QueueModel
{
    private QueueModel()
    {
    }

    /// <summary>Only trades move us up. Whoever cancels stood behind us, even where that cannot be: no fill is too early.</summary>
    public sealed record RiskAverse : QueueModel;

    /// <summary>
    /// A decrease of the level that no trade explains is one order cancelled. It stood before us with a probability of
    /// ahead^power / (ahead^power + behind^power), else behind us, so on the long run cancels are split by that share; what finds no room
    /// on its side is taken from the other one. (The estimate of E. Rigtorp, "Estimating order queue position", as hftbacktest's
    /// power-law queue models have it; there the share is taken off each time, here it is drawn, for a cancel is not divided.)
    /// </summary>
    /// <param name="Power">1 to 4. 1: every share is as likely to go; the higher, the likelier it is one of the larger part.</param>
    public sealed record Probabilistic(int Power) : QueueModel
    {
        /// <summary>Of the base of a power, so that the fourth one of it, a million times, fits 128 bits.</summary>
        private const int BaseBits = 26;

        /// <summary>A decrease waits so long for the print of the trade that explains it: the venue tells of the level first.</summary>
        public TimeSpan PrintsWithin { get; init; } = TimeSpan.FromSeconds(1);

        /// <summary>Of a million cancels, those that come from before us; rounded down.</summary>
        internal int AheadPerMillion(Size ahead, Size behind)
        {
            if (ahead <= Size.Zero) return 0;
            if (behind <= Size.Zero) return Draws.Million;

            var shift = Math.Max(0, 64 - BaseBits - (int)long.LeadingZeroCount(Size.Max(ahead, behind).Micros));
            UInt128 before = 1, after = 1;
            for (var i = 0; i < Power; i++)
            {
                before *= (ulong)ahead.Micros >> shift;
                after *= (ulong)behind.Micros >> shift;
            }

            return (int)(before * Draws.Million / (before + after));
        }

        /// <summary>What stands before us after a cancel.</summary>
        /// <param name="drawn">Evenly from 0 to below a million.</param>
        internal Size After(Size ahead, Size behind, Size cancelled, ulong drawn)
        {
            var gone = drawn < (ulong)AheadPerMillion(ahead, behind) ? cancelled : Size.Max(Size.Zero, cancelled - behind);
            return ahead - Size.Min(ahead, gone);
        }
    }
}
