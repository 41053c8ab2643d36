using System.Globalization;
using PolyArb.Domain.Books;
using PolyArb.Domain.Edges;
using PolyArb.Grains.Interfaces;

namespace PolyArb.Client.Books;

/// <summary>What is to be said of a book or an edge, for people.</summary>
internal static class BookWords
{
    /// <summary>Whether it may be believed, and why not.</summary>
    public static string State(BookLadder book) => book switch
    {
        { Life: not BookLife.Synced } => $"{Output.Word(book.Life)}{(book.Cause.Length > 0 ? $": {book.Cause}" : "")}",
        { IsCrossed: true } => $"CROSSED, {Output.Word(book.Proof)}",
        { IsTrusted: true } => "PROVEN",
        _ => Output.Word(book.Proof),
    };

    public static string Facts(BookLadder book) =>
        $"last trade {book.LastTrade ?? "unknown"}, tick {book.Tick}, {book.Levels} levels, proofs {book.Proofs.Ok} ok {book.Proofs.Failed} failed {book.Proofs.Unknown} unknown, "
        + $"touched {book.UpdatedAt.ToDateTimeOffset().ToString("HH:mm:ss.fff", CultureInfo.InvariantCulture)}";

    /// <summary>Term by term, as the design has it.</summary>
    public static string Terms(EdgeTerms terms)
    {
        var (gets, gives) = terms.Side is Domain.Side.Buy ? (terms.Payout, terms.Best) : (terms.Best, terms.Payout);
        return $"{terms.Executable} = {gets} - {gives} - {terms.Fees} fees - {terms.Slippage} slippage - {terms.Buffer} buffer - {terms.Capital} capital";
    }

    public static string Edge(EdgeLook? edge) => edge is null
        ? "no complete set is offered"
        : $"{edge.Kind} of {edge.Legs.Length} legs: {Terms(edge.Terms)}; {(edge.Clears ? "CLEARS" : "below")} the threshold {edge.Threshold}{(edge.IsTrusted ? "" : "; not all of it is proven")}";
}
