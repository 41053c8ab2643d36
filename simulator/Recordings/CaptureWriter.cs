using System.Buffers.Text;
using PolyArb.Simulator.Engine;
using PolyArb.Simulator.Feed;
using PolyArb.Simulator.World;

namespace PolyArb.Simulator.Recordings;

/// <summary>
/// Writes frames as lines of a capture, up to a given number of them; later frames are dropped. Times are the agenda's, in microseconds.
/// </summary>
internal sealed class CaptureWriter(Stream stream, Agenda agenda, long framesMax) : IFrameSink
{
    private const int FlushAt = 1 << 20;

    private byte[] _lines = new byte[FlushAt + (1 << 16)];
    private int _length;
    private long _frames;

    public bool Custom => true;

    public bool Full => _frames == framesMax;

    /// <summary>The first line: what a reader must know of the markets beside the frames.</summary>
    public void Header(IReadOnlyList<Condition> conditions)
    {
        var line = JsonText.Object(json =>
        {
            json.WriteNumber("polyarb_capture", 1);
            json.WriteStartArray("markets");
            foreach (var condition in conditions)
            {
                json.WriteStartObject();
                json.WriteString("condition", condition.Id);
                json.WriteString("question", condition.Question);
                json.WriteString("event", condition.Event.Title);
                if (condition.NegRisk) json.WriteString("negRiskMarketId", condition.NegRiskMarketId);
                else json.WriteNull("negRiskMarketId");
                if (condition.NegRisk) json.WriteNumber("questionIndex", Convert.ToByte(condition.QuestionId[^2..], 16));
                else json.WriteNull("questionIndex");
                json.WriteStrings("tokens", condition.Tokens);
                json.WriteString("tick", Units.Price(condition.Tick));
                json.WriteString("minOrderSize", Units.Micros(condition.MinSize));
                json.WriteBoolean("negRisk", condition.NegRisk);
                WriteFee(json, condition.Fee);
                json.WriteString("lastTrade", ""); // Nobody has traded before the first frame.
                json.WriteEndObject();
            }

            json.WriteEndArray();
        });
        Add(line);
        Add("\n"u8);
    }

    public void Send(byte[] frame)
    {
        if (Full) return;

        Add("{\"n\":"u8);
        Add(++_frames);
        Add(",\"t\":"u8);
        Add(agenda.Now * 1000);
        Add(",\"c\":\"0\",\"s\":\"market\",\"m\":\""u8);
        Escape(frame);
        Add("\"}\n"u8);
        if (_length >= FlushAt) Flush();
    }

    public void Flush()
    {
        stream.Write(_lines, 0, _length);
        _length = 0;
    }

    private static void WriteFee(System.Text.Json.Utf8JsonWriter json, FeeSchedule? fee)
    {
        if (fee is null)
        {
            json.WriteNull("fee");
            return;
        }

        json.WriteStartObject("fee");
        json.WriteString("rate", Units.Price(fee.Rate));
        json.WriteNumber("exponent", fee.Exponent);
        json.WriteEndObject();
    }

    /// <summary>JSON's escapes; frames are full of quotes and hold no control character but the line end of a dump.</summary>
    private void Escape(ReadOnlySpan<byte> text)
    {
        for (var special = text.IndexOfAny("\"\\\n"u8); special >= 0; special = text.IndexOfAny("\"\\\n"u8))
        {
            Add(text[..special]);
            Add(text[special] switch
            {
                (byte)'"' => "\\\""u8,
                (byte)'\\' => "\\\\"u8,
                _ => "\\n"u8,
            });
            text = text[(special + 1)..];
        }

        Add(text);
    }

    private void Add(long number)
    {
        Span<byte> digits = stackalloc byte[20];
        Utf8Formatter.TryFormat(number, digits, out var written);
        Add(digits[..written]);
    }

    private void Add(ReadOnlySpan<byte> text)
    {
        if (_lines.Length - _length < text.Length) Array.Resize(ref _lines, Math.Max(2 * _lines.Length, _length + text.Length));
        text.CopyTo(_lines.AsSpan(_length));
        _length += text.Length;
    }
}
