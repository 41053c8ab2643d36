using PolyArb.Domain.Risk;
using PolyArb.Grains.Interfaces;

namespace PolyArb.Grains;

/// <summary>One round's findings.</summary>
internal sealed class ReconcileRound
{
    public List<ReconcileLine> Lines { get; } = [];

    /// <summary>The balances were held against each other, and what was found is booked.</summary>
    public bool IsCompared { get; set; }

    /// <summary>They cannot be now, and it may take long: what is under way keeps its money aside meanwhile.</summary>
    public bool IsUnderWay { get; private set; }

    public string Waits { get; private set; } = "";

    public bool IsSilent { get; set; }

    public bool HasStranger { get; set; }

    public long Moves { get; set; }

    public void NotYet(string why, bool isUnderWay = false)
    {
        (Waits, IsUnderWay) = (why, isUnderWay);
        Lines.Add(new ReconcileLine("not compared", why));
    }

    public ReconcileAnswer Answer(LedgerDifference unexplained) => new(IsCompared && !HasStranger && unexplained.IsNone, [.. Lines]);
}
