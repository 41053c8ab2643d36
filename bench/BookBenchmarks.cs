using System.Globalization;
using System.Text;
using BenchmarkDotNet.Attributes;
using PolyArb.Domain;
using PolyArb.Domain.Books;
using PolyArb.Domain.Edges;
using PolyArb.Polymarket.MarketFeed;

namespace PolyArb.Bench;

/// <summary>From a frame's bytes to a proven book. The frames are ours, in the shape and length of recorded ones.</summary>
public class BookBenchmarks
{
    private const string Market = "0xbd31dc8a20211944f6b70f31557f1001557b59905b7738480ca09bd4532f84af";
    private const string Yes = "71321045679252212594626385532706912750332728571942532289631379312455583992563";
    private const string No = "52114319501245915516055106046884209969926127482827954674443846427813813222426";

    private static readonly Condition Condition = new()
    {
        Id = new ConditionId(Market),
        Question = "",
        Yes = new TokenId(Yes),
        No = new TokenId(No),
        Tick = new Price(10),
        MinOrderSize = Size.Shares(5),
        NegRisk = false,
        Fee = FeeCurve.Free,
        IsTradable = true,
        LastTrade = "0.500",
    };

    private readonly UpdateBuffer _updates = new();
    private readonly Book _book = new();
    private readonly byte[] _books = Encoding.UTF8.GetBytes(BookFrame(levels: 100));
    private readonly byte[] _change = Encoding.UTF8.GetBytes(ChangeFrame(new string('a', 40), new string('b', 40)));
    private readonly ConditionBook _proven = new(Condition, BookFormat.Of(Condition));
    private BookUpdate _proof;

    [GlobalSetup]
    public void Fill()
    {
        if (ReadBook() != 100) throw new InvalidOperationException($"{_book.LevelCount} levels instead of 100");

        Read(Encoding.UTF8.GetBytes(BookFrame(levels: 76)));
        _proven.Apply(_updates[0], default);
        _book.Fill(Outcome.Yes, _updates[0].Bids.Span, _updates[0].Asks.Span);
        Read(_change);
        _book.Apply(_updates[0], Condition);
        Read(Encoding.UTF8.GetBytes(ChangeFrame(Hash(Outcome.Yes), Hash(Outcome.No))));
        _proof = _updates[0].Copy();
        _proven.Apply(_proof, default);
        if (_proven.Proof is not ProofState.Proven) throw new InvalidOperationException($"the change is {_proven.Proof}");
    }

    [Benchmark(Description = "read and apply a price_change of two entries")]
    public int ReadChange()
    {
        Read(_change);
        _book.Apply(_updates[0], Condition);
        return _book.LevelCount;
    }

    [Benchmark(Description = "read and apply a book of 100 levels")]
    public int ReadBook()
    {
        Read(_books);
        _book.Fill(Outcome.Yes, _updates[0].Bids.Span, _updates[0].Asks.Span);
        return _book.LevelCount;
    }

    [Benchmark(Description = "apply a change and prove both tokens, 76 levels")]
    public ProofState Prove()
    {
        _proven.Apply(_proof, default);
        return _proven.Proof;
    }

    private void Read(byte[] frame)
    {
        _updates.Clear();
        if (!MarketFrame.TryRead(frame, _updates)) throw new InvalidOperationException("the frame cannot be read");
    }

    private string Hash(Outcome outcome) => new BookText().Hash(
        Condition.Id, Condition.Token(outcome), 1_782_753_357_257, _book.Of(outcome), BookFormat.Of(Condition), "0.500").ToString();

    /// <summary>Half of the levels on each side, half a cent apart, the best last.</summary>
    private static string BookFrame(int levels)
    {
        var bids = Enumerable.Range(1, levels / 2).Select(n => Level(5 * n, n));
        var asks = Enumerable.Range(1, levels / 2).Select(n => Level(1_000 - 5 * n, n + 50));
        return $$"""{"market":"{{Market}}","asset_id":"{{Yes}}","timestamp":"1782753357000","hash":"9b47e90f344140578e34a6a455e396c1f7a36aff","bids":[{{string.Join(',', bids)}}],"asks":[{{string.Join(',', asks)}}],"tick_size":"0.001","event_type":"book","last_trade_price":"0.500"}""";
    }

    private static string ChangeFrame(string yes, string no) =>
        $$"""{"market":"{{Market}}","price_changes":[{"asset_id":"{{Yes}}","price":"0.14","size":"1130.78","side":"BUY","hash":"{{yes}}","best_bid":"0.5","best_ask":"0.51"},{"asset_id":"{{No}}","price":"0.86","size":"1130.78","side":"SELL","hash":"{{no}}","best_bid":"0.49","best_ask":"0.5"}],"timestamp":"1782753357257","event_type":"price_change"}""";

    /// <summary>Sizes as they are recorded: some whole, most with cents.</summary>
    private static string Level(int thousandths, int n) => string.Create(
        CultureInfo.InvariantCulture, $$"""{"price":"{{thousandths / 1_000m}}","size":"{{(n % 4 == 0 ? 1_000 * n : 713 * n % 40_000 + n % 100 / 100m)}}"}""");
}
