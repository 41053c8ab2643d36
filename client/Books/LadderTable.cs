using System.Collections.Immutable;
using PolyArb.Domain;
using PolyArb.Grains.Interfaces;
using Spectre.Console;

namespace PolyArb.Client.Books;

/// <summary>One condition's book as a ladder for each of its tokens: asks above, bids below, the best prices in the middle.</summary>
internal static class LadderTable
{
    private const int BarWidth = 8;

    private static readonly Style Bid = new(Color.Green);
    private static readonly Style Ask = new(Color.Red);

    /// <param name="levels">Shown a side, at most.</param>
    /// <param name="hasBars">Each size beside its number: takes twice the room.</param>
    public static Table Of(BookLadder book, int levels, bool hasBars = true)
    {
        var table = new Table().Border(TableBorder.None);
        foreach (var outcome in Enum.GetValues<Outcome>())
        {
            table.AddColumn(Column("bid size", Justify.Right));
            table.AddColumn(Column(Output.Word(outcome), Justify.Right));
            table.AddColumn(Column("ask size", Justify.Right));
            if (hasBars) table.AddColumn(Column("", Justify.Left));
        }

        var (yes, no) = (Rungs(book.Of(Outcome.Yes), levels), Rungs(book.Of(Outcome.No), levels));
        var (above, below) = (Math.Max(yes.Asks.Length, no.Asks.Length), Math.Max(yes.Bids.Length, no.Bids.Length));
        for (var rung = above; rung > 0; rung--) table.AddRow([.. Cells(yes.Asks, rung - 1, false, hasBars), .. Cells(no.Asks, rung - 1, false, hasBars)]);
        for (var rung = 0; rung < below; rung++) table.AddRow([.. Cells(yes.Bids, rung, true, hasBars), .. Cells(no.Bids, rung, true, hasBars)]);
        return table;
    }

    private static TableColumn Column(string name, Justify side) => new(new Text(name, Palette.Quiet)) { NoWrap = true, Alignment = side };

    private static (ImmutableArray<Rung> Bids, ImmutableArray<Rung> Asks) Rungs((ImmutableArray<Level> Bids, ImmutableArray<Level> Asks) book, int levels)
    {
        var most = book.Bids.Take(levels).Concat(book.Asks.Take(levels)).Select(level => level.Size.Micros).DefaultIfEmpty(1).Max();
        return (Of(book.Bids), Of(book.Asks));

        ImmutableArray<Rung> Of(ImmutableArray<Level> side) => [.. side.Take(levels).Select(level => new Rung(level, Bar(level.Size.Micros, most)))];
    }

    private static string Bar(long size, long most) => new('■', Math.Max(1, (int)((Int128)size * BarWidth / Math.Max(1, most))));

    private static Text[] Cells(ImmutableArray<Rung> side, int at, bool isBid, bool hasBars)
    {
        if (at >= side.Length) return [.. Enumerable.Repeat(new Text(""), hasBars ? 4 : 3)];

        var (level, bar) = side[at];
        var (style, size) = (isBid ? Bid : Ask, new Text(level.Size.ToString()));
        Text[] cells = [isBid ? size : new Text(""), new Text(level.Price.ToString(), style), isBid ? new Text("") : size];
        return hasBars ? [.. cells, new Text(bar, style)] : cells;
    }

    private readonly record struct Rung(Level Level, string Bar);
}
