using System.Text.Json;
using PolyArb.Simulator.Crypto;
using PolyArb.Simulator.Engine;
using PolyArb.Simulator.World;

namespace PolyArb.Simulator.Recordings;

/// <summary>A condition of a recording and its first book.</summary>
/// <param name="Proven">The first book's hash verifies with what we know of the condition.</param>
internal sealed record RecordedMarket(Condition Condition, RecordedEvent.Book Opening, int? LastTrade, bool Proven)
{
    /// <summary>The conditions that have a book, in the order of the recording. Header is our own format's first line, if there is one.</summary>
    public static IReadOnlyList<RecordedMarket> Of(IReadOnlyList<RecordedEvent> events, JsonElement? header)
    {
        var said = header?.GetProperty("markets").EnumerateArray().ToDictionary(m => m.GetProperty("condition").GetString()!) ?? [];
        var tokens = events.GroupBy(e => e.Condition).ToDictionary(g => g.Key, Tokens);
        List<RecordedMarket> markets = [];
        foreach (var book in events.OfType<RecordedEvent.Book>().DistinctBy(b => b.Condition))
        {
            markets.Add(said.TryGetValue(book.Condition, out var entry)
                ? Described(book, entry, markets.Count)
                : Undescribed(book, tokens[book.Condition], markets.Count));
        }

        return markets;
    }

    private static string[] Tokens(IEnumerable<RecordedEvent> events) => [.. events.SelectMany(e => e switch
    {
        RecordedEvent.Changes changes => changes.Levels.Select(l => l.Token),
        _ => [e.Token],
    }).Distinct().Take(2)];

    private static RecordedMarket Described(RecordedEvent.Book book, JsonElement entry, int number)
    {
        string? Text(string name) => entry.TryGetProperty(name, out var value) && value.ValueKind is JsonValueKind.String ? value.GetString() : null;

        var facts = BookFacts.Find(
            book, Fixed.Price(Text("tick")!), Text("minOrderSize") is { } least ? Fixed.Micros(least) : null, entry.GetProperty("negRisk").GetBoolean());
        FeeSchedule? fee = null;
        if (entry.TryGetProperty("fee", out var given) && given.ValueKind is JsonValueKind.Object)
        {
            fee = new FeeSchedule(Fixed.Price(given.GetProperty("rate").GetString()!), given.GetProperty("exponent").GetInt32());
        }

        var index = entry.TryGetProperty("questionIndex", out var place) && place.ValueKind is JsonValueKind.Number && place.TryGetByte(out var at) ? at : (byte)0;
        var pair = entry.GetProperty("tokens").EnumerateArray().Select(t => t.GetString()!).ToArray();
        var names = (Question: Text("question") ?? "", Event: Text("event") ?? "");
        facts ??= new BookFacts(
            Fixed.Price(Text("tick")!), Fixed.Micros(Text("minOrderSize") ?? "5"), entry.GetProperty("negRisk").GetBoolean(), book.LastTrade ?? "");
        return Build(book, facts, pair, names, Text("negRiskMarketId"), index, fee, number);
    }

    private static RecordedMarket Undescribed(RecordedEvent.Book book, string[] tokens, int number)
    {
        var tick = book.Tick is { } text ? Fixed.Price(text) : (int?)null;
        var facts = BookFacts.Find(book, tick, null, null) ?? new BookFacts(tick ?? 100, 5 * Units.MicrosOne, false, book.LastTrade ?? "");
        var sibling = tokens.FirstOrDefault(t => t != book.Token) ?? WorldBuilder.Token(Keccak256.Hash(book.Condition), 2);
        string[] pair = IsNo(book, facts) ? [sibling, book.Token] : [book.Token, sibling];
        return Build(book, facts, pair, ($"Recorded market {book.Condition[..10]}", ""), null, 0, null, number);
    }

    /// <summary>A last trade is in YES terms on both books (design 2.2), so beside a NO book it stands far from the middle.</summary>
    private static bool IsNo(RecordedEvent.Book book, BookFacts facts)
    {
        var bid = book.Levels.Where(l => l.IsBid).Select(l => l.Price).DefaultIfEmpty(0).Max();
        var ask = book.Levels.Where(l => !l.IsBid).Select(l => l.Price).DefaultIfEmpty(Units.PriceOne).Min();
        return Last(facts) is { } last && Math.Abs(2 * last - bid - ask) > Math.Abs(2 * (Units.PriceOne - last) - bid - ask);
    }

    private static int? Last(BookFacts facts) => facts.LastTrade.Length > 0 ? Fixed.Price(facts.LastTrade) : null;

    private static RecordedMarket Build(
        RecordedEvent.Book book, BookFacts facts, string[] tokens, (string Question, string Event) names, string? marketId, byte index, FeeSchedule? fee,
        int number)
    {
        // A recording does not say which conditions belong together: unless the header does, each is an event of its own.
        var market = facts.NegRisk ? marketId ?? Hex.Text(Keccak256.Hash("market of " + book.Condition))[..^2] + "00" : "";
        var question = facts.NegRisk ? market[..^2] + Convert.ToHexStringLower([index]) : Hex.Text(Keccak256.Hash("question of " + book.Condition));
        var title = names.Event.Length > 0 ? names.Event : names.Question;
        var listed = new ListedEvent(WorldBuilder.EventId(number), WorldBuilder.Slug(title), title);
        var condition = new Condition(
            book.Condition, question, names.Question, WorldBuilder.Slug(names.Question), market, tokens, ["Yes", "No"], facts.Tick, facts.MinSize, fee,
            OpeningPrice: Units.PriceOne / 2, listed);
        var proven = BookFacts.Find(book with { LastTrade = facts.LastTrade }, facts.Tick, facts.MinSize, facts.NegRisk) is not null;
        return new RecordedMarket(condition, book, Last(facts), proven);
    }
}
