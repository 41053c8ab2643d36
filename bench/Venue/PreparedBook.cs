using System.Globalization;
using System.Text;
using PolyArb.Domain;
using PolyArb.Domain.Books;

namespace PolyArb.Bench.Venue;

/// <summary>
/// A condition whose frames are made before the clock runs: a book of 20 levels a side, a round of changes near the touch that ends where it
/// began, and where there is one a bid that makes a basket worth its money and the frame that takes it back. Every hash is right.
/// </summary>
internal sealed class PreparedBook
{
    public const int LevelsASide = 20;

    private const long FirstMs = 1_782_753_357_000;

    private readonly BookText _text = new();
    private readonly BookFormat _format;
    private readonly Book _book = new();
    private long _ms = FirstMs;
    private int _next;

    private PreparedBook(Condition condition) => (Condition, _format) = (condition, BookFormat.Of(condition));

    public Condition Condition { get; }

    /// <summary>Websocket frames, each from the state the one before left.</summary>
    public byte[][] Changes { get; private set; } = [];

    /// <summary>From the first state to one that is worth a basket; empty where there is none.</summary>
    public byte[] Hit { get; private set; } = [];

    public byte[] TakeBack { get; private set; } = [];

    /// <summary>Book messages of the first state.</summary>
    public string YesBook { get; private set; } = "";

    public string NoBook { get; private set; } = "";

    /// <summary>Where its frames go; null while nobody has subscribed.</summary>
    public MarketChannel? Channel { get; set; }

    /// <param name="bid">The best YES bid, from which levels go down tick by tick.</param>
    /// <param name="ask">The best YES ask, two ticks or more above.</param>
    /// <param name="hit">The bid that makes the basket; below the ask.</param>
    public static PreparedBook Of(Condition condition, Price bid, Price ask, Price? hit = null)
    {
        var prepared = new PreparedBook(condition);
        var tick = condition.Tick.Ticks;
        Level[] bids = [.. Enumerable.Range(0, LevelsASide).Reverse().Select(n => new Level(new Price(bid.Ticks - n * tick), SizeOf(n)))];
        Level[] asks = [.. Enumerable.Range(0, LevelsASide).Reverse().Select(n => new Level(new Price(ask.Ticks + n * tick), SizeOf(n)))];
        prepared._book.Fill(Outcome.Yes, bids, asks);
        (prepared.YesBook, prepared.NoBook) = (prepared.BookFrame(Outcome.Yes), prepared.BookFrame(Outcome.No));
        var inside = new Price(bid.Ticks + tick);
        prepared.Changes =
        [
            prepared.Change(Side.Buy, bid, SizeOf(3)),
            prepared.Change(Side.Sell, new Price(ask.Ticks + tick), SizeOf(5)),
            prepared.Change(Side.Buy, inside, Size.Shares(60)),
            prepared.Change(Side.Buy, new Price(bid.Ticks - 2 * tick), SizeOf(7)),
            prepared.Change(Side.Buy, inside, Size.Zero),
            prepared.Change(Side.Sell, new Price(ask.Ticks + tick), SizeOf(1)),
            prepared.Change(Side.Buy, new Price(bid.Ticks - 2 * tick), SizeOf(2)),
            prepared.Change(Side.Buy, bid, SizeOf(0)),
        ];
        if (hit is { } price) (prepared.Hit, prepared.TakeBack) = (prepared.Change(Side.Buy, price, Size.Shares(200)), prepared.Change(Side.Buy, price, Size.Zero));
        return prepared;
    }

    /// <summary>The frame whose turn it is.</summary>
    public byte[] Next() => Changes[_next++ % Changes.Length];

    /// <summary>A new subscriber begins with the first state.</summary>
    public void Restart() => _next = 0;

    /// <summary>An unmasked websocket frame of one text.</summary>
    public static byte[] Frame(string text)
    {
        var bytes = Encoding.UTF8.GetBytes(text);
        var length = bytes.Length;
        return length switch
        {
            < 126 => [0x81, (byte)length, .. bytes],
            <= ushort.MaxValue => [0x81, 126, (byte)(length >> 8), (byte)(length & 0xFF), .. bytes],
            _ => [0x81, 127, 0, 0, 0, 0, (byte)(length >> 24), (byte)((length >> 16) & 0xFF), (byte)((length >> 8) & 0xFF), (byte)(length & 0xFF), .. bytes],
        };
    }

    /// <summary>Whole hundreds and amounts with cents, as recorded books have them.</summary>
    private static Size SizeOf(int level) => new((level % 3 == 0 ? 300 + 100L * level : 713L * (level + 1) % 900 + 150) * 1_000_000 + level % 3 * 370_000);

    private byte[] Change(Side side, Price price, Size size)
    {
        _book.Set(Outcome.Yes, side, new Level(price, size));
        _ms++;
        var (bid, ask) = _book.Tops;
        return Frame(
            $$"""{"market":"{{Condition.Id}}","price_changes":[{{Entry(Outcome.Yes, side, price, size, new Price(bid), new Price(ask))}},{{Entry(Outcome.No, Other(side), price.Complement, size, new Price(ask).Complement, new Price(bid).Complement)}}],"timestamp":"{{Ms}}","event_type":"price_change"}""");
    }

    private string Entry(Outcome outcome, Side side, Price price, Size size, Price bid, Price ask) =>
        $$"""{"asset_id":"{{Condition.Token(outcome)}}","price":"{{price}}","size":"{{size}}","side":"{{(side is Side.Buy ? "BUY" : "SELL")}}","hash":"{{Hash(outcome)}}","best_bid":"{{bid}}","best_ask":"{{ask}}"}""";

    /// <summary>The hashed text is the message but for its hash and its type.</summary>
    private string BookFrame(Outcome outcome)
    {
        var text = _text.Text(Condition.Id, Condition.Token(outcome), _ms, _book.Of(outcome), _format, Condition.LastTrade!);
        return text.Replace("\"hash\":\"\"", $"\"hash\":\"{Hash(outcome)}\"", StringComparison.Ordinal)[..^1] + ",\"event_type\":\"book\"}";
    }

    private string Hash(Outcome outcome) =>
        _text.Hash(Condition.Id, Condition.Token(outcome), _ms, _book.Of(outcome), _format, Condition.LastTrade!).ToString();

    private string Ms => _ms.ToString(CultureInfo.InvariantCulture);

    private static Side Other(Side side) => side is Side.Buy ? Side.Sell : Side.Buy;
}
