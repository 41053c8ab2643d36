namespace PolyArb.Simulator.Engine;

/// <summary>The venue's answer to an order.</summary>
internal abstract record PlaceResult
{
    private PlaceResult()
    {
    }

    /// <summary>On the book, or matched at least in part: then the trade says what moved.</summary>
    internal sealed record Accepted(BookOrder Order, TradeRecord? Trade) : PlaceResult;

    /// <summary>Taken, to be carried out later; what becomes of it only the user channel and the reads say (protocol 10.5).</summary>
    internal sealed record Delayed(BookOrder Order) : PlaceResult;

    internal sealed record Refused(int Status, string Text) : PlaceResult
    {
        /// <summary>A symbol beside the text, where the venue has one.</summary>
        public string? Code { get; init; }

        public long? RetryAfterSeconds { get; init; }
    }
}
