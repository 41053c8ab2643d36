using System.Buffers.Text;
using System.Text;
using PolyArb.Simulator.Engine;

namespace PolyArb.Simulator.Feed;

/// <summary>
/// UTF-8 text in a buffer that is used again and again, one a thread: frames and hashes are built thousands of times a second.
/// Numbers are written the way the wire has them, without trailing zeros (protocol 3).
/// </summary>
internal sealed class Utf8Buffer
{
    [ThreadStatic]
    private static Utf8Buffer? _mine;

    private byte[] _bytes = new byte[16 * 1024];
    private int _length;

    public ReadOnlySpan<byte> Written => _bytes.AsSpan(0, _length);

    /// <summary>The calling thread's buffer, emptied. What it held before is gone: use it up before asking again.</summary>
    public static Utf8Buffer Empty()
    {
        var buffer = _mine ??= new Utf8Buffer();
        buffer._length = 0;
        return buffer;
    }

    public Utf8Buffer Add(ReadOnlySpan<byte> text)
    {
        text.CopyTo(Room(text.Length));
        _length += text.Length;
        return this;
    }

    public Utf8Buffer Add(string text)
    {
        _length += Encoding.UTF8.GetBytes(text, Room(3 * text.Length));
        return this;
    }

    public Utf8Buffer Number(long value)
    {
        Utf8Formatter.TryFormat(value, Room(20), out var written);
        _length += written;
        return this;
    }

    /// <summary>A price in 1/10,000: 9000 is 0.9.</summary>
    public Utf8Buffer Price(int price) => Fixed(price, Units.PriceOne);

    /// <summary>Millionths: 21040000 is 21.04.</summary>
    public Utf8Buffer Micros(long micros) => Fixed(micros, (int)Units.MicrosOne);

    /// <summary>A copy with a space after every comma; the real venue writes later frames so (protocol 4.3).</summary>
    public byte[] Spaced()
    {
        var compact = Written;
        var frame = new byte[_length + compact.Count((byte)',')];
        var rest = frame.AsSpan();
        for (var comma = compact.IndexOf((byte)','); comma >= 0; comma = compact.IndexOf((byte)','))
        {
            compact[..(comma + 1)].CopyTo(rest);
            rest[comma + 1] = (byte)' ';
            rest = rest[(comma + 2)..];
            compact = compact[(comma + 1)..];
        }

        compact.CopyTo(rest);
        return frame;
    }

    public override string ToString() => Encoding.UTF8.GetString(Written);

    private Utf8Buffer Fixed(long value, int one)
    {
        if (value < 0) Add("-"u8);
        var (whole, fraction) = long.DivRem(Math.Abs(value), one);
        Number(whole);
        if (fraction == 0) return this;

        Add("."u8);
        while (fraction > 0)
        {
            one /= 10;
            var digit = (byte)(fraction / one);
            fraction %= one;
            Room(1)[0] = (byte)('0' + digit);
            _length++;
        }

        return this;
    }

    private Span<byte> Room(int count)
    {
        if (_bytes.Length - _length < count) Array.Resize(ref _bytes, Math.Max(2 * _bytes.Length, _length + count));
        return _bytes.AsSpan(_length);
    }
}
