using System.Buffers.Binary;
using System.Globalization;
using System.Numerics;
using System.Text;
using PolyArb.Simulator.Crypto;
using PolyArb.Simulator.Engine;

namespace PolyArb.Simulator.World;

/// <summary>Builds a listing from a scenario and a seed: ids, prices and who belongs to which event.</summary>
internal sealed class WorldBuilder
{
    public const int ConditionsMax = 5_000;

    private const long EventsOfSeries = 1_000_000; // Their ids are decimals like all others, and above them.
    private const string Oracle = "0x6A9D222616C90FcA5754cd1333cFD9b7fb6a4F74"; // Asks standalone questions.

    private readonly ulong _seed;
    private readonly DateTimeOffset _start;
    private readonly SeededRandom _random;
    private readonly List<Condition> _conditions = [];

    private WorldBuilder(ulong seed, DateTimeOffset start) => (_seed, _start, _random) = (seed, start, new SeededRandom(seed));

    /// <summary>The default scenario.</summary>
    public static ExchangeWorld Build(ulong seed) => Build(seed, ScenarioFile.Load("default"), DateTimeOffset.UnixEpoch);

    /// <summary>Game starts count from <paramref name="start"/>.</summary>
    public static ExchangeWorld Build(ulong seed, Scenario scenario, DateTimeOffset start)
    {
        var builder = new WorldBuilder(seed, start);
        foreach (var question in scenario.Questions) builder.Add(question);
        foreach (var listing in scenario.Events) builder.Add(listing);
        for (var i = 0; i < scenario.Series.Count; i++) builder._conditions.Add(OfSeries(seed, scenario.Series[i], 0));
        return new ExchangeWorld(builder._conditions);
    }

    /// <summary>The n-th market of a series, from 0 on; always the same one for a seed.</summary>
    public static Condition OfSeries(ulong seed, SeriesListing series, int number)
    {
        var question = string.Create(CultureInfo.InvariantCulture, $"{series.Asset} Up or Down, round {number + 1}");
        var place = EventsOfSeries + BinaryPrimitives.ReadUInt32BigEndian(Derive(seed, question));
        var listed = new ListedEvent(place.ToString(CultureInfo.InvariantCulture), Slug(question), question);
        var listing = new QuestionListing(question, series.Tick, series.Fee, ["Up", "Down"], series.MinSize) { HoldsTakers = true };
        return Create(Derive(seed, question), listing, OnGrid(5_000, series.Tick), listed) with { HoldsTakers = true };
    }

    /// <summary>A 77-digit id. The real derivation is a curve computation that no client repeats (protocol 1.1).</summary>
    public static string Token(byte[] conditionId, byte indexSet)
    {
        var hash = Keccak256.Hash([.. conditionId, indexSet]);
        hash[0] = (byte)(0x40 | (hash[0] & 0x3F));
        return Decimal(hash);
    }

    public static string EventId(int number) => (20_000 + number).ToString(CultureInfo.InvariantCulture);

    public static string Slug(string question)
    {
        var words = question.ToLowerInvariant().Split([' ', '.', ',', ':', '?', '\'', '(', ')'], StringSplitOptions.RemoveEmptyEntries);
        return string.Join('-', words);
    }

    private void Add(QuestionListing listing)
    {
        var price = OnGrid(_random.Between(20, 80) * 100, listing.Tick);
        var listed = new ListedEvent(EventId(_conditions.Count), Slug(listing.Question), listing.Question);
        _conditions.Add(Create(Derive(_seed, listing.Question), listing, price, listed) with
        {
            SecondsDelay = listing.SecondsDelay,
            HoldsTakers = listing.HoldsTakers,
            GameStart = listing.StartsInSeconds is { } seconds ? _start.AddSeconds(seconds) : null,
            ClearsAtStart = listing.ClearsAtStart,
        });
    }

    private void Add(EventListing listing)
    {
        var marketId = Derive(_seed, listing.Title);
        marketId[31] = 0;
        var prices = Shares(_random, listing.Names.Count);
        var listed = new ListedEvent(EventId(_conditions.Count), Slug(listing.Title), listing.Title, listing.Augmented);
        for (var i = 0; i < listing.Names.Count; i++)
        {
            byte[] questionId = [.. marketId.AsSpan(0, 31), (byte)i];
            var question = new QuestionListing($"{listing.Title} {listing.Names[i]}", listing.Tick, listing.Fee, ["Yes", "No"], listing.MinSize)
            {
                ProtocolV2 = listing.ProtocolV2,
            };
            _conditions.Add(Create(questionId, question, prices[i], listed, Hex.Text(marketId), (ushort)i, (ushort)listing.Names.Count) with
            {
                IsOther = listing.Augmented && i == listing.Names.Count - 1,
            });
        }
    }

    private static Condition Create(
        byte[] questionId, QuestionListing listing, int price, ListedEvent listed, string negRiskMarketId = "", ushort index = 0, ushort conditions = 1)
    {
        var oracle = negRiskMarketId.Length > 0 ? TypedData.NegRiskAdapter : Oracle;
        var id = Keccak256.Hash([.. Convert.FromHexString(oracle.AsSpan(2)), .. questionId, .. new byte[31], 2]);
        if (listing.ProtocolV2) id[31] = 0; // A 31-byte id, right-padded (protocol 0).
        string[] tokens = listing.ProtocolV2
            ? [Position(id, negRiskMarketId, index, conditions, 0), Position(id, negRiskMarketId, index, conditions, 1)]
            : [Token(id, 1), Token(id, 2)];
        return new Condition(
            Hex.Text(id), Hex.Text(questionId), listing.Question, Slug(listing.Question), negRiskMarketId, tokens, listing.Outcomes, listing.Tick,
            listing.MinSize, listing.Fee, price, listed)
        {
            ProtocolV2 = listing.ProtocolV2,
        };
    }

    /// <summary>
    /// A Protocol V2 position id (protocol 0), from the top: module 1 binary or 2 neg-risk, base hash of 128 bits, arity, 64 zero bits,
    /// resolution chain, condition index, outcome index. Arity is undocumented: the number of the module's conditions.
    /// </summary>
    private static string Position(byte[] conditionId, string negRiskMarketId, ushort index, ushort conditions, byte outcome)
    {
        var negRisk = negRiskMarketId.Length > 0;
        var hash = negRisk ? Keccak256.Hash(negRiskMarketId) : conditionId;
        var position = new byte[32];
        position[0] = (byte)(negRisk ? 2 : 1);
        hash.AsSpan(0, 16).CopyTo(position.AsSpan(1));
        BinaryPrimitives.WriteUInt16BigEndian(position.AsSpan(17), conditions);
        BinaryPrimitives.WriteUInt16BigEndian(position.AsSpan(27), 137);
        BinaryPrimitives.WriteUInt16BigEndian(position.AsSpan(29), index);
        position[31] = outcome;
        return Decimal(position);
    }

    /// <summary>Opening prices of an event: whole cents that add up to one pUSD, from 8 up, or from less where many share it.</summary>
    private static int[] Shares(SeededRandom random, int count)
    {
        var least = Math.Min(8, 60 / count);
        var cents = Enumerable.Repeat(least, count).ToArray();
        for (var left = 100 - least * count; left > 0; left--) cents[random.Between(0, count - 1)]++;
        return [.. cents.Select(c => c * 100)];
    }

    private static int OnGrid(int price, int tick) => price - price % tick;

    private static string Decimal(byte[] bytes) => new BigInteger(bytes, isUnsigned: true, isBigEndian: true).ToString(CultureInfo.InvariantCulture);

    private static byte[] Derive(ulong seed, string text)
    {
        Span<byte> prefix = stackalloc byte[8];
        BinaryPrimitives.WriteUInt64BigEndian(prefix, seed);
        return Keccak256.Hash([.. prefix, .. Encoding.UTF8.GetBytes(text)]);
    }
}
