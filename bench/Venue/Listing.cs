using System.Collections.Immutable;
using System.Globalization;
using System.Numerics;
using System.Security.Cryptography;
using System.Text;
using PolyArb.Domain;
using PolyArb.Domain.Edges;

namespace PolyArb.Bench.Venue;

/// <summary>What the bench's venue lists: questions that stand alone and neg-risk events, always the same ones for a number of each.</summary>
internal static class Listing
{
    /// <summary>One question.</summary>
    public static Market Question(int number)
    {
        var condition = Condition(Hash($"question {number}"), $"Question {number}?", Price.Cents(1), isNegRisk: false, index: null);
        return new Market { Id = new MarketId(condition.Id.Text), Title = condition.Question, NegRisk = false, Conditions = [condition] };
    }

    /// <summary>A neg-risk event of so many questions.</summary>
    public static Market Event(int number, int questions, Price tick)
    {
        var id = Hash($"event of {questions} {number}");
        id[31] = 0;
        return new Market
        {
            Id = new MarketId(Hex(id)),
            Title = $"Event {number} of {questions}",
            NegRisk = true,
            Conditions = [.. Enumerable.Range(0, questions).Select(index => Condition(
                Hash($"event of {questions} {number} question {index}"), $"Event {number} of {questions}, outcome {index}?", tick, isNegRisk: true, index))],
        };
    }

    private static Condition Condition(byte[] id, string question, Price tick, bool isNegRisk, int? index) => new()
    {
        Id = new ConditionId(Hex(id)),
        Question = question,
        Yes = Token(id, 1),
        No = Token(id, 2),
        Tick = tick,
        MinOrderSize = Size.Shares(5),
        NegRisk = isNegRisk,
        Fee = FeeCurve.Free,
        QuestionIndex = index,
        IsTradable = true,
        LastTrade = "0.500",
    };

    /// <summary>77 digits that are no position id of Protocol V2.</summary>
    private static TokenId Token(byte[] id, byte outcome)
    {
        var hash = SHA256.HashData([.. id, outcome]);
        hash[0] = (byte)(0x40 | (hash[0] & 0x3F));
        return new TokenId(new BigInteger(hash, isUnsigned: true, isBigEndian: true).ToString(CultureInfo.InvariantCulture));
    }

    private static byte[] Hash(string text) => SHA256.HashData(Encoding.UTF8.GetBytes(text));

    private static string Hex(byte[] bytes) => "0x" + Convert.ToHexStringLower(bytes);
}

/// <summary>The same in the words of the catalogue and of the order book (protocol sheet 2.2, 2.3).</summary>
internal sealed class ListingJson
{
    private readonly ImmutableArray<(Market Market, Condition Condition, string Row)> _rows;
    private readonly Dictionary<string, string> _byCondition;
    private readonly Dictionary<string, string> _terms;
    private readonly Dictionary<string, string> _events;

    public ListingJson(ImmutableArray<Market> markets)
    {
        _rows = [.. markets.SelectMany((market, number) => market.Conditions.Select(condition => (market, condition, Row(market, number, condition))))];
        _byCondition = _rows.ToDictionary(row => row.Condition.Id.Text, row => row.Row);
        _terms = _rows.ToDictionary(row => row.Condition.Id.Text, row => Terms(row.Condition));
        _events = markets.Select((market, number) => (market, number)).Where(one => one.market.NegRisk).ToDictionary(
            one => EventId(one.number),
            one => $$"""{{{EventWords(one.market, one.number)}},"markets":[{{string.Join(',', one.market.Conditions.Select(condition => _byCondition[condition.Id.Text]))}}]}""");
    }

    /// <summary>A page of everything open; the cursor is the number of its first row.</summary>
    public string Page(int limit, string cursor)
    {
        var first = cursor.Length == 0 ? 0 : int.Parse(cursor, CultureInfo.InvariantCulture);
        var next = first + limit < _rows.Length ? (first + limit).ToString(CultureInfo.InvariantCulture) : "";
        return $$"""{"markets":[{{string.Join(',', _rows.Skip(first).Take(limit).Select(row => row.Row))}}],"next_cursor":"{{next}}"}""";
    }

    public string Conditions(IEnumerable<string> ids) => $$"""{"markets":[{{string.Join(',', ids.Where(_byCondition.ContainsKey).Select(id => _byCondition[id]))}}]}""";

    public string Events(IEnumerable<string> ids) => $$"""{"events":[{{string.Join(',', ids.Where(_events.ContainsKey).Select(id => _events[id]))}}]}""";

    public string? TermsOf(string condition) => _terms.GetValueOrDefault(condition);

    private static string Row(Market market, int number, Condition condition) =>
        $$"""{"id":"{{condition.Id.Text[2..12]}}","question":"{{condition.Question}}","conditionId":"{{condition.Id}}","questionID":"{{QuestionId(market, condition)}}","slug":"{{condition.Id.Text[2..12]}}","outcomes":"[\"Yes\", \"No\"]","outcomePrices":"[\"0.5\", \"0.5\"]","clobTokenIds":"[\"{{condition.Yes}}\", \"{{condition.No}}\"]","version":"v1","active":true,"closed":false,"archived":false,"acceptingOrders":true,"enableOrderBook":true,"orderPriceMinTickSize":{{condition.Tick}},"orderMinSize":{{condition.MinOrderSize}},"negRisk":{{Flag(condition.NegRisk)}},"negRiskMarketID":"{{(condition.NegRisk ? market.Id.Text : "")}}","negRiskOther":false,"endDate":"2027-12-31T00:00:00Z","secondsDelay":0,"feesEnabled":false,"feeType":"","events":[{{{EventWords(market, number)}}}]}""";

    private static string EventWords(Market market, int number) =>
        $$""" "id":"{{EventId(number)}}","slug":"event-{{number}}","title":"{{market.Title}}","negRisk":{{Flag(market.NegRisk)}},"negRiskMarketID":"{{(market.NegRisk ? market.Id.Text : "")}}","negRiskAugmented":false,"closed":false""";

    private static string Terms(Condition condition) =>
        $$"""{"c":"{{condition.Id}}","t":[{"t":"{{condition.Yes}}","o":"Yes"},{"t":"{{condition.No}}","o":"No"}],"mts":{{condition.Tick}},"mos":{{condition.MinOrderSize}},"mbf":0,"tbf":0,"nr":{{Flag(condition.NegRisk)}},"ao":true}""";

    private static string EventId(int number) => (20_000 + number).ToString(CultureInfo.InvariantCulture);

    /// <summary>Of an event: the market's id with the question's number in its last byte.</summary>
    private static string QuestionId(Market market, Condition condition) => condition.QuestionIndex is { } index
        ? market.Id.Text[..64] + index.ToString("x2", CultureInfo.InvariantCulture)
        : condition.Id.Text;

    private static string Flag(bool value) => value ? "true" : "false";
}
