namespace PolyArb.Simulator.Engine;

/// <summary>The venue's answer to an order.</summary>
internal abstract record PlaceResult
{
    private PlaceResult()
    {
    }

    /// <summary>On the book, or matched at least in part: then the trade says what moved.</summary>
    internal sealed record Accepted(BookOrder Order, TradeRecord? Trade) : PlaceResult;

    internal sealed record Refused(int Status, string Text) : PlaceResult;
}
