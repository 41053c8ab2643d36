using System.Collections.Immutable;
using PolyArb.Client.Books;
using PolyArb.Domain;
using PolyArb.Domain.Edges;
using PolyArb.Grains.Interfaces;

namespace PolyArb.Client.Commands;

/// <summary>`book MARKET`: the books of a market, or of one of its conditions, and the nearest edge in them.</summary>
internal static class BookCommand
{
    public static async Task<int> Run(SiloConnection silo, Output output, string name, int levels)
    {
        var hit = await MarketLookup.One(silo, name);
        var market = await silo.Market(hit.Market.Id).Books(levels);
        if (market.Books.IsEmpty)
            throw new CommandException($"nobody follows {hit.Market.Id} ({hit.Market.Title}): it is {(hit.Market.IsEnabled ? "about to be opened" : $"off, {hit.Market.Why}")}", ExitCode.Failed);

        var books = market.Books.Where(book => hit.Condition is not { } condition || book.Condition == condition).ToImmutableArray();
        if (output.IsJson) output.Document(Describe(market, hit.Market.Title, books));
        else Show(output, market, hit.Market.Title, books, levels);
        return ExitCode.Ok;
    }

    private static void Show(Output output, MarketBooks market, string title, ImmutableArray<BookLadder> books, int levels)
    {
        output.Field("market", $"{title} ({market.Id})");
        output.Field("edge", BookWords.Edge(market.Edge));
        if (market.Found is { } found) output.Field("basket", $"{found.Kind}, {found.Quantity} baskets for {found.Outlay}, to earn {found.Profit}");
        foreach (var book in books)
        {
            output.Line("");
            output.Field("question", $"{book.Question} ({book.Condition})");
            output.Field("proof", BookWords.State(book));
            output.Field("book", BookWords.Facts(book));
            output.Write(LadderTable.Of(book, levels));
        }
    }

    public static object Describe(MarketBooks market, string title, ImmutableArray<BookLadder> books) => new
    {
        market = market.Id,
        title,
        negRisk = market.NegRisk,
        time = market.At.Millis,
        edge = market.Edge is { } edge ? Describe(edge) : null,
        found = market.Found is { } found
            ? new { kind = Output.Word(found.Kind), qty = found.Quantity, outlay = found.Outlay, profit = found.Profit, terms = Describe(found.Edge) }
            : null,
        books = books.Select(book => new
        {
            condition = book.Condition,
            question = book.Question,
            state = Output.Word(book.Life),
            cause = book.Cause,
            proof = Output.Word(book.Proof),
            trusted = book.IsTrusted,
            crossed = book.IsCrossed,
            proofs = new { ok = book.Proofs.Ok, failed = book.Proofs.Failed, unknown = book.Proofs.Unknown },
            tick = book.Tick,
            lastTrade = book.LastTrade,
            updatedAt = book.UpdatedAt.Millis,
            levels = book.Levels,
            yes = Describe(book.Yes, book.Of(Outcome.Yes)),
            no = Describe(book.No, book.Of(Outcome.No)),
        }),
    };

    private static object Describe(EdgeLook edge) => new
    {
        kind = Output.Word(edge.Kind),
        legs = edge.Legs.Length,
        threshold = edge.Threshold,
        clears = edge.Clears,
        trusted = edge.IsTrusted,
        terms = Describe(edge.Terms),
    };

    private static object Describe(EdgeTerms terms) => new
    {
        payout = terms.Payout,
        best = terms.Best,
        fees = terms.Fees,
        slippage = terms.Slippage,
        buffer = terms.Buffer,
        capital = terms.Capital,
        executable = terms.Executable,
    };

    private static object Describe(TokenId token, (ImmutableArray<Level> Bids, ImmutableArray<Level> Asks) book) => new
    {
        token,
        bids = book.Bids.Select(level => new { price = level.Price, size = level.Size }),
        asks = book.Asks.Select(level => new { price = level.Price, size = level.Size }),
    };
}
