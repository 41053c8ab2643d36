using System.Globalization;
using PolyArb.Client.Books;
using PolyArb.Client.Commands;
using PolyArb.Domain.Books;
using PolyArb.Domain.Journal;
using PolyArb.Grains.Interfaces;
using Spectre.Console;
using Spectre.Console.Rendering;

namespace PolyArb.Client.Watch;

/// <summary>Which book the ladder is of.</summary>
/// <param name="Market">In the order shown.</param>
/// <param name="Question">Of the market's conditions.</param>
internal readonly record struct Choice(int Market, int Question);

/// <summary>Lays out what was seen for a screen of some size; what does not fit is left out, from the least important on.</summary>
internal static class WatchScreen
{
    private const int HeadHeight = 2;
    private const int FootHeight = 1;
    private const int BoxHeightMin = 4; // Two lines within its border.
    private const int LowHeight = 20;
    private const int SmallHeight = 30;
    private const int ErrorsHeightMin = 4;
    private const int MiddleParts = 3;
    private const int LowerParts = 2;
    private const int SmallWidth = 110;
    private const int MoneyHeight = 10;
    private const int LatencyHeight = 7;
    private const int ErrorsHeight = 6;
    private const int TitleWidth = 40;
    private const int CurveWidth = 36;

    /// <param name="problem">Why what is seen is old; null when it is not.</param>
    public static Layout Of(Sight sight, string silo, string? problem, Choice choice, int width, int height)
    {
        var (showsLower, errors) = (height >= LowHeight, height >= SmallHeight ? ErrorsHeight : ErrorsHeightMin);
        var middle = height - HeadHeight - FootHeight - (showsLower ? errors : 0);
        if (showsLower) middle = middle * MiddleParts / (MiddleParts + LowerParts);
        var root = new Layout("root").SplitRows(
            new Layout("head", Head(sight, silo, problem)).Size(HeadHeight),
            new Layout("middle").Size(middle),
            new Layout("lower") { IsVisible = showsLower },
            new Layout("errors", Box("errors", OrNone(Errors(sight)))) { IsVisible = showsLower }.Size(errors),
            new Layout("foot", new Text("q leaves, up and down choose a market, left and right a question", Palette.Quiet)).Size(FootHeight));
        root["middle"].SplitColumns(
            new Layout("markets", Box($"edges of {sight.Markets.Length} of {sight.Enabled} markets", OrNone(Markets(sight, choice)))),
            Side(sight, middle).Size(Math.Min(CurveWidth + 16, width / 2)));
        if (width < SmallWidth) root["lower"].Update(Box("what happened", OrNone(Facts(sight))));
        else root["lower"].SplitColumns(new Layout("facts", Box("what happened", OrNone(Facts(sight)))), new Layout("book", Book(sight, choice)));
        return root;
    }

    /// <summary>Money always; the rest where a box of it has room.</summary>
    private static Layout Side(Sight sight, int height)
    {
        var money = new Layout("money", Box("money", Money(sight)));
        var latency = new Layout("latency", Box("latency, us", OrNone(Latencies(sight))));
        var orders = new Layout("orders", Box("orders", OrNone(Orders(sight))));
        return new Layout("side").SplitRows(height switch
        {
            >= MoneyHeight + LatencyHeight + BoxHeightMin => [money.Size(MoneyHeight), latency.Size(LatencyHeight), orders],
            >= MoneyHeight + BoxHeightMin => [money.Size(MoneyHeight), latency],
            _ => [money],
        });
    }

    private static Table Head(Sight sight, string silo, string? problem)
    {
        var status = sight.Status;
        var state = new Paragraph("PolyArb ", Palette.Quiet)
            .Append(Output.Word(status.State), new Style(Palette.Of(Output.Word(status.State))?.Foreground, decoration: Decoration.Bold))
            .Append($" {silo}, {status.Mode}{(status.DryRun ? ", dry run" : "")}, epoch {status.Epoch}, up {TimeSpan.FromSeconds(status.UptimeSeconds)}, {Output.Time(sight.At)}");
        var (text, style) = problem is null
            ? ($"{(status.Recovering ? "recovering; " : "")}{status.Reason}; market {Brief(status.MarketStream)}; user {Brief(status.UserStream)}", Style.Plain)
            : ($"reconnecting: {problem}", new Style(Color.Red, decoration: Decoration.Bold));
        return Lines([state, new Paragraph(text, style)]);
    }

    private static string Brief(string stream) => Output.Cut(stream, TitleWidth);

    private static Table Markets(Sight sight, Choice choice)
    {
        var table = Plain("market", "books", "proven", "edge", "of", "");
        foreach (var (market, number) in sight.Markets.Select((market, number) => (market, number)))
        {
            table.AddRow(
                new Text(Output.Cut(market.Title, TitleWidth), number == Chosen(sight, choice) ? new Style(decoration: Decoration.Invert) : Style.Plain),
                new Text($"{market.Books.Count(book => book.Life is BookLife.Synced)}/{market.Books.Length}"),
                new Text($"{market.Books.Count(book => book.IsTrusted)}"),
                market.Edge is { } edge ? new Text(edge.Terms.Executable.ToString(), edge.Clears ? new Style(Color.Green) : Style.Plain) : new Text("-", Palette.Quiet),
                new Text(market.Edge is { } look ? $"{look.Kind}, {look.Legs.Length} legs" : ""),
                new Text(market.Found is { } found ? $"{found.Quantity} earn {found.Profit}" : "", new Style(Color.Green)));
        }

        return table;
    }

    private static Table Money(Sight sight)
    {
        var status = sight.Status;
        Paragraph[] lines =
        [
            Line("equity", Output.Known(status.Equity)),
            Line("cash", status.Cash.ToString()),
            Line("exposure", status.Exposure.ToString()),
            Line("realized", status.RealizedPnl.ToString()),
            Line("hour, day", $"{Output.Known(status.HourlyPnl)}, {Output.Known(status.DailyPnl)}"),
            Line("drawdown", Output.Known(status.Drawdown)),
            Line("orders", $"{status.OpenOrders} open, {status.UnresolvedOrders} unresolved"),
        ];
        return Lines(sight.Equity.IsEmpty ? lines : [.. lines, Line("", Sparkline.Of([.. sight.Equity.Select(equity => equity.Micros)], CurveWidth))]);
    }

    private static Table Latencies(Sight sight)
    {
        var table = Plain("", "p50", "p99");
        foreach (var latency in sight.Latencies) table.AddRow(new Text(latency.Series), new Text(Number(latency.P50)), new Text(Number(latency.P99)));
        return table;
    }

    private static Table Orders(Sight sight)
    {
        var table = Plain("", "side", "price", "matched", "of");
        foreach (var order in sight.Orders.Reverse())
        {
            table.AddRow(
                new Text(order.Status, Palette.Of(order.Status)), new Text($"{Output.Word(order.Side)} {Output.Word(order.Type)}"), new Text(order.Price.ToString()),
                new Text(order.Matched.ToString()), new Text(order.Size.ToString()));
        }

        return table;
    }

    private static Table Facts(Sight sight) => Lines(sight.Facts.Reverse().Select(fact => new Paragraph($"{Clock(fact.At)} ", Palette.Quiet)
        .Append($"{fact.Kind} ", Palette.Quiet)
        .Append(FactText.Of(fact).ReplaceLineEndings(" "))));

    private static Table Errors(Sight sight) => Lines(sight.Errors.Reverse().Select(error => new Paragraph($"{Output.Time(error.At)} {Output.Brief(error.Where)} ", Palette.Quiet)
        .Append(error.What.ReplaceLineEndings(" "), new Style(Color.Red))));

    private static Panel Book(Sight sight, Choice choice)
    {
        if (sight.Markets.IsEmpty) return Box("book", new Text("none yet", Palette.Quiet));

        var market = sight.Markets[Chosen(sight, choice)];
        var book = market.Books[Wrap(choice.Question, market.Books.Length)];
        return Box(Output.Cut(book.Question, TitleWidth), new Rows(Line("proof", BookWords.State(book)), LadderTable.Of(book, levels: 4, hasBars: false)));
    }

    /// <summary>The market that is chosen now, whatever was typed.</summary>
    private static int Chosen(Sight sight, Choice choice) => Wrap(choice.Market, sight.Markets.Length);

    private static int Wrap(int number, int count) => count == 0 ? 0 : ((number % count) + count) % count;

    private static Paragraph Line(string name, string text) => new Paragraph(name.PadRight(10), Palette.Quiet).Append(text, Palette.Of(text) ?? Style.Plain);

    private static Table Plain(params string[] columns)
    {
        var table = new Table().Border(TableBorder.None);
        foreach (var column in columns) table.AddColumn(new TableColumn(new Text(column, Palette.Quiet)) { NoWrap = true });
        return table;
    }

    /// <summary>One below the other, each cut off where the room ends.</summary>
    private static Table Lines(IEnumerable<Paragraph> lines)
    {
        var table = new Table().Border(TableBorder.None).HideHeaders();
        table.AddColumn(new TableColumn("") { NoWrap = true, Padding = new Padding(0) });
        foreach (var line in lines) table.AddRow(line);
        return table;
    }

    private static IRenderable OrNone(Table table) => table.Rows.Count > 0 ? table : new Text("none", Palette.Quiet);

    private static Panel Box(string title, IRenderable content) =>
        new(content) { Header = new PanelHeader(Markup.Escape($" {title} ")), Expand = true, Border = BoxBorder.Rounded, BorderStyle = Palette.Quiet, Padding = new Padding(1, 0) };

    private static string Clock(Domain.Instant at) => at.ToDateTimeOffset().ToString("HH:mm:ss", CultureInfo.InvariantCulture);

    private static string Number(long number) => number.ToString("N0", CultureInfo.InvariantCulture);
}
