using System.Buffers.Binary;
using System.Globalization;
using System.Numerics;
using System.Text;
using PolyArb.Simulator.Crypto;
using PolyArb.Simulator.Engine;

namespace PolyArb.Simulator.World;

/// <summary>Builds the listing from a seed: seven standalone conditions and three neg-risk events of four to six.</summary>
internal static class WorldBuilder
{
    private const string Oracle = "0x6A9D222616C90FcA5754cd1333cFD9b7fb6a4F74"; // Asks standalone questions.

    private static readonly FeeSchedule Four = new(400, 1);
    private static readonly FeeSchedule Five = new(500, 1);

    private static readonly (string Question, int Tick, FeeSchedule? Fee, string[] Outcomes)[] Standalone =
    [
        ("Will the central bank cut rates at its next meeting?", 100, Four, ["Yes", "No"]),
        ("Will the budget pass before the year ends?", 100, Four, ["Yes", "No"]),
        ("Will the capital see snow on New Year's Day?", 100, Five, ["Yes", "No"]),
        ("Harbour FC vs. Northgate: match winner", 10, Five, ["Harbour FC", "Northgate"]),
        ("Will the ceasefire hold until spring?", 100, null, ["Yes", "No"]),
        ("Will the border crossing reopen this month?", 10, null, ["Yes", "No"]),
        ("Will the new album top the charts?", 100, Five, ["Yes", "No"]),
    ];

    private static readonly (string Title, int Tick, FeeSchedule? Fee, string[] Names)[] Events =
    [
        ("Who will win the leadership election?", 100, Four, ["Archer", "Bianchi", "Castellan", "Dubois", "Eriksen"]),
        ("Which country tops the medal table?", 100, null, ["Norway", "Canada", "Japan", "Germany"]),
        ("Which film wins best picture?", 10, Five, ["Aurora", "Blue Hour", "Cartographer", "Driftwood", "Ember", "Farewell"]),
    ];

    public const int ConditionsMax = 5_000;

    /// <summary>The listing, or as many conditions as asked for: whole events as long as they fit, then standalone ones again and again.</summary>
    public static ExchangeWorld Build(ulong seed, int? count = null)
    {
        var random = new SeededRandom(seed);
        List<Condition> conditions = [];
        var events = Fitting(count);
        var standalone = count - events.Sum(e => e.Names.Length) ?? Standalone.Length;
        for (var i = 0; i < standalone; i++)
        {
            var (question, tick, fee, outcomes) = Standalone[i % Standalone.Length];
            var round = i / Standalone.Length;
            conditions.Add(One(seed, round == 0 ? question : Numbered(question, round + 1), tick, fee, outcomes, conditions.Count, random));
        }

        foreach (var (title, tick, fee, names) in events) conditions.AddRange(Event(seed, title, tick, fee, names, conditions.Count, random));
        return new ExchangeWorld(conditions);
    }

    private static (string Title, int Tick, FeeSchedule? Fee, string[] Names)[] Fitting(int? count)
    {
        var left = count ?? int.MaxValue;
        return [.. Events.Where(e =>
        {
            if (e.Names.Length > left) return false;

            left -= e.Names.Length;
            return true;
        })];
    }

    private static Condition One(
        ulong seed, string question, int tick, FeeSchedule? fee, string[] outcomes, int number, SeededRandom random)
    {
        var price = random.Between(20, 80) * 100;
        var listed = new ListedEvent(EventId(number), Slug(question), question);
        return Create(Derive(seed, question), Oracle, question, "", outcomes, tick, fee, price, listed);
    }

    private static List<Condition> Event(
        ulong seed, string title, int tick, FeeSchedule? fee, string[] names, int number, SeededRandom random)
    {
        var marketId = Derive(seed, title);
        marketId[31] = 0;
        var prices = Shares(random, names.Length);
        var listed = new ListedEvent(EventId(number), Slug(title), title);
        List<Condition> conditions = [];
        for (var i = 0; i < names.Length; i++)
        {
            byte[] questionId = [.. marketId.AsSpan(0, 31), (byte)i];
            conditions.Add(Create(
                questionId, TypedData.NegRiskAdapter, $"{title} {names[i]}", Hex.Text(marketId), ["Yes", "No"], tick, fee, prices[i], listed));
        }

        return conditions;
    }

    private static string Numbered(string question, int number) => string.Create(CultureInfo.InvariantCulture, $"{question} ({number})");

    private static Condition Create(
        byte[] questionId, string oracle, string question, string negRiskMarketId, string[] outcomes, int tick, FeeSchedule? fee, int price,
        ListedEvent listed)
    {
        var id = Keccak256.Hash([.. Convert.FromHexString(oracle.AsSpan(2)), .. questionId, .. new byte[31], 2]);
        string[] tokens = [Token(id, 1), Token(id, 2)];
        return new Condition(
            Hex.Text(id), Hex.Text(questionId), question, Slug(question), negRiskMarketId, tokens, outcomes, tick,
            5 * Units.MicrosOne, fee, price, listed);
    }

    /// <summary>A 77-digit id. The real derivation is a curve computation that no client repeats (protocol 1.1).</summary>
    public static string Token(byte[] conditionId, byte indexSet)
    {
        var hash = Keccak256.Hash([.. conditionId, indexSet]);
        hash[0] = (byte)(0x40 | (hash[0] & 0x3F));
        return new BigInteger(hash, isUnsigned: true, isBigEndian: true).ToString(CultureInfo.InvariantCulture);
    }

    /// <summary>Opening prices of an event: whole cents from 8 up that add up to one pUSD.</summary>
    private static int[] Shares(SeededRandom random, int count)
    {
        var cents = Enumerable.Repeat(8, count).ToArray();
        for (var left = 100 - 8 * count; left > 0; left--) cents[random.Between(0, count - 1)]++;
        return [.. cents.Select(c => c * 100)];
    }

    private static byte[] Derive(ulong seed, string text)
    {
        Span<byte> prefix = stackalloc byte[8];
        BinaryPrimitives.WriteUInt64BigEndian(prefix, seed);
        return Keccak256.Hash([.. prefix, .. Encoding.UTF8.GetBytes(text)]);
    }

    public static string EventId(int number) => (20_000 + number).ToString(CultureInfo.InvariantCulture);

    public static string Slug(string question)
    {
        var words = question.ToLowerInvariant().Split([' ', '.', ':', '?', '\''], StringSplitOptions.RemoveEmptyEntries);
        return string.Join('-', words);
    }
}
