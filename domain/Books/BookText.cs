using System.Security.Cryptography;
using System.Text;

namespace PolyArb.Domain.Books;

/// <summary>The parts of a book's hashed text that are not in its levels, as the venue writes them.</summary>
/// <param name="Version">Of the protocol, as Protocol V2 books say it (protocol sheet 0); null where the text has none.</param>
public sealed record BookFormat(string MinOrderSize, string Tick, bool NegRisk, string? Version = null)
{
    public const string V2 = "v2";

    public static BookFormat Of(Condition condition) => new(
        condition.MinOrderSize.ToString(), condition.Tick.ToString(), condition.NegRisk, condition.Protocol is ProtocolVersion.V2 ? V2 : null);
}

/// <summary>
/// The text whose SHA-1 is a book's hash: compact JSON with the keys in the venue's order, the hash left empty
/// (protocol sheet 3, vectors 12.5). Reuses one buffer; not for two threads at once.
/// </summary>
public sealed class BookText
{
    private const int NumberMax = 32;
    private const int LevelMax = 2 * NumberMax + 32; // Its two numbers and what stands around them.

    private byte[] _text = new byte[2 * 1024]; // There is one for each condition, and most books are short.
    private int _length;

    public BookHash Hash(ConditionId condition, TokenId token, long venueMs, BookView book, BookFormat format, string lastTrade)
    {
        Write(condition, token, venueMs, book, format, lastTrade);
        Span<byte> sha1 = stackalloc byte[SHA1.HashSizeInBytes];
        SHA1.HashData(_text.AsSpan(0, _length), sha1);
        return BookHash.FromBytes(sha1);
    }

    /// <summary>The text itself, for a person who compares.</summary>
    public string Text(ConditionId condition, TokenId token, long venueMs, BookView book, BookFormat format, string lastTrade)
    {
        Write(condition, token, venueMs, book, format, lastTrade);
        return Encoding.UTF8.GetString(_text, 0, _length);
    }

    private void Write(ConditionId condition, TokenId token, long venueMs, BookView book, BookFormat format, string lastTrade)
    {
        _length = 0;
        Add("{\"market\":\""u8);
        Add(condition.Text);
        Add("\",\"asset_id\":\""u8);
        Add(token.Text);
        Add("\",\"timestamp\":\""u8);
        Add(venueMs);
        Add("\",\"hash\":\"\",\"bids\":["u8);
        Add(book.Bids);
        Add("],\"asks\":["u8);
        Add(book.Asks);
        Add("],\"min_order_size\":\""u8);
        Add(format.MinOrderSize);
        Add("\",\"tick_size\":\""u8);
        Add(format.Tick);
        Add(format.NegRisk ? "\",\"neg_risk\":true,\"last_trade_price\":\""u8 : "\",\"neg_risk\":false,\"last_trade_price\":\""u8);
        Add(lastTrade);
        if (format.Version is { } version)
        {
            Add("\",\"version\":\""u8);
            Add(version);
        }

        Add("\"}"u8);
    }

    private void Add(BookSide side)
    {
        Reserve(side.Count * LevelMax);
        var text = _text.AsSpan(_length);
        var at = 0;
        for (var i = 0; i < side.Count; i++)
        {
            var (price, size) = side[i];
            "{\"price\":\""u8.CopyTo(text[at..]);
            at += 10;
            at += PriceText.Write(price, text[at..]);
            "\",\"size\":\""u8.CopyTo(text[at..]);
            at += 10;
            at += FixedPoint.Format(size.Micros, Size.Decimals, text[at..]);
            "\"},"u8.CopyTo(text[at..]);
            at += 3;
        }

        _length += at == 0 ? 0 : at - 1; // No comma after the last.
    }

    private void Add(long number)
    {
        Reserve(NumberMax);
        _length += FixedPoint.Format(number, decimals: 0, _text.AsSpan(_length));
    }

    private void Add(string text)
    {
        Reserve(text.Length * 3);
        _length += Encoding.UTF8.GetBytes(text, _text.AsSpan(_length));
    }

    private void Add(ReadOnlySpan<byte> text)
    {
        Reserve(text.Length);
        text.CopyTo(_text.AsSpan(_length));
        _length += text.Length;
    }

    private void Reserve(int more)
    {
        if (_length + more > _text.Length) Array.Resize(ref _text, Math.Max(_text.Length * 2, _length + more));
    }
}
