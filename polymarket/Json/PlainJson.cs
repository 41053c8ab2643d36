using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace PolyArb.Polymarket.Json;

/// <summary>
/// The JSON the venue usually sends: printable ASCII without a backslash, spaces or none between its parts, text in quotes,
/// true, false and null. It says no to anything else (numbers, escapes, other alphabets, line breaks), also to what is no
/// JSON at all: then a whole reader decides. It never says yes to what that one reads otherwise.
/// </summary>
internal ref struct PlainJson
{
    /// <summary>A bit for each letter of the text; set where there is a quote.</summary>
    [ThreadStatic]
    private static ulong[]? _quoteBits;

    private readonly ReadOnlySpan<byte> _text;
    private readonly ReadOnlySpan<ulong> _quotes;
    private int _at;

    private PlainJson(ReadOnlySpan<byte> text, ReadOnlySpan<ulong> quotes)
    {
        _text = text;
        _quotes = quotes;
    }

    /// <summary>Nothing but spaces is left.</summary>
    public readonly bool IsAtEnd => AfterSpaces(_text, _at) == _text.Length;

    /// <summary>One at a time in a thread; false for a text with letters that are out of the ordinary.</summary>
    public static bool TryOpen(ReadOnlySpan<byte> text, out PlainJson json)
    {
        var words = text.Length / 64 + 1;
        if (_quoteBits is null || _quoteBits.Length < words) _quoteBits = new ulong[Math.Max(words, 256)];
        var quotes = _quoteBits.AsSpan(0, words);
        var isPlain = TryMark(text, quotes);
        json = new PlainJson(text, quotes);
        return isPlain;
    }

    /// <summary>Goes past the mark if it is the next part.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public bool Take(byte mark)
    {
        if ((uint)_at >= (uint)_text.Length || _text[_at] != mark)
        {
            _at = AfterSpaces(_text, _at);
            if ((uint)_at >= (uint)_text.Length || _text[_at] != mark) return false;
        }

        _at++;
        return true;
    }

    /// <summary>Goes past exactly these letters if they are the next part.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public bool Take(ReadOnlySpan<byte> letters)
    {
        if (!_text[_at..].StartsWith(letters))
        {
            _at = AfterSpaces(_text, _at);
            if (!_text[_at..].StartsWith(letters)) return false;
        }

        _at += letters.Length;
        return true;
    }

    /// <summary>A text in quotes.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public bool TryText(out ReadOnlySpan<byte> text)
    {
        if (Take((byte)'"')) return TryRestOfText(out text);

        text = default;
        return false;
    }

    /// <summary>The rest of a text whose first quote has been taken.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public bool TryRestOfText(out ReadOnlySpan<byte> text)
    {
        var end = NextQuote(_at);
        if (end < 0)
        {
            text = default;
            return false;
        }

        text = _text[_at..end];
        _at = end + 1;
        return true;
    }

    /// <summary>A text and the colon after it.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public bool TryKey(out ReadOnlySpan<byte> key) => TryText(out key) && Take((byte)':');

    /// <summary>A text, or true, false or null: these are no text, null is an empty one.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public bool TryScalar(out ReadOnlySpan<byte> text, out bool isFlag)
    {
        isFlag = false;
        return TryText(out text) || TryWord(out isFlag);
    }

    private static bool TryMark(ReadOnlySpan<byte> text, Span<ulong> quotes)
    {
        var odd = Vector512<byte>.Zero;
        var at = 0;
        for (; at + 64 <= text.Length; at += 64) quotes[at >> 6] = Mark(Vector512.Create(text[at..]), ref odd);

        Span<byte> rest = stackalloc byte[64];
        rest.Fill((byte)' ');
        text[at..].CopyTo(rest);
        quotes[at >> 6] = Mark(Vector512.Create((ReadOnlySpan<byte>)rest), ref odd);
        return odd == Vector512<byte>.Zero;
    }

    private static ulong Mark(Vector512<byte> letters, ref Vector512<byte> odd)
    {
        odd |= Vector512.LessThan(letters, Vector512.Create((byte)' '))
            | Vector512.GreaterThan(letters, Vector512.Create((byte)'~'))
            | Vector512.Equals(letters, Vector512.Create((byte)'\\'));
        return Vector512.Equals(letters, Vector512.Create((byte)'"')).ExtractMostSignificantBits();
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private readonly int NextQuote(int from)
    {
        var word = from >> 6;
        var bits = _quotes[word] >> (from & 63) << (from & 63);
        while (bits == 0)
        {
            if (++word == _quotes.Length) return -1;
            bits = _quotes[word];
        }

        return (word << 6) + BitOperations.TrailingZeroCount(bits);
    }

    private bool TryWord(out bool isFlag)
    {
        var rest = _text[_at..]; // Looking for a text has gone past the spaces.
        isFlag = !rest.StartsWith("null"u8);
        var length = rest.StartsWith("false"u8) ? 5 : !isFlag || rest.StartsWith("true"u8) ? 4 : 0;
        _at += length;
        return length > 0;
    }

    /// <summary>Static, so that a reader can live in registers.</summary>
    [MethodImpl(MethodImplOptions.NoInlining)]
    private static int AfterSpaces(ReadOnlySpan<byte> text, int at)
    {
        while (at < text.Length && text[at] == (byte)' ') at++;
        return at;
    }
}
