using PolyArb.Simulator.World;

namespace PolyArb.Simulator.Engine;

/// <summary>How the settlement of a trade goes (protocol 5.2): at once, at the second attempt, or not at all.</summary>
internal enum TradeFate
{
    Settles,
    Retries,
    Fails,
}

/// <summary>The venue's words for how far a trade is.</summary>
internal static class TradeStatus
{
    public const string Matched = "MATCHED";
    public const string Retrying = "RETRYING";
    public const string Mined = "MINED";
    public const string Confirmed = "CONFIRMED";
    public const string Failed = "FAILED";
}

/// <summary>Decides per trade; without being told every trade settles. Call it with the exchange's lock held.</summary>
internal sealed class TradeFates(SeededRandom random)
{
    private readonly Queue<TradeFate> _next = [];

    public int RetriesPerThousand { get; set; }
    public int FailsPerThousand { get; set; }

    /// <summary>The next trade that nothing is decided for yet goes this way.</summary>
    public void Next(TradeFate fate) => _next.Enqueue(fate);

    public TradeFate Draw()
    {
        if (_next.TryDequeue(out var fate)) return fate;
        if (RetriesPerThousand + FailsPerThousand == 0) return TradeFate.Settles;

        var drawn = random.Between(1, 1000);
        if (drawn <= FailsPerThousand) return TradeFate.Fails;
        return drawn <= FailsPerThousand + RetriesPerThousand ? TradeFate.Retries : TradeFate.Settles;
    }
}
