using System.Buffers;
using System.Globalization;
using System.Text.Encodings.Web;
using System.Text.Json;

namespace PolyArb.Simulator.Feed;

/// <summary>Compact JSON as UTF-8, with apostrophes left alone.</summary>
internal static class JsonText
{
    private static readonly JsonWriterOptions Options = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    public static byte[] Object(Action<Utf8JsonWriter> fields) => Build(json =>
    {
        json.WriteStartObject();
        fields(json);
        json.WriteEndObject();
    });

    public static byte[] Build(Action<Utf8JsonWriter> content)
    {
        var buffer = new ArrayBufferWriter<byte>(512);
        using (var json = new Utf8JsonWriter(buffer, Options)) content(json);
        return buffer.WrittenSpan.ToArray();
    }

    /// <summary>The same with a space after every comma outside strings, as later frames of the market channel have it (protocol 4.3).</summary>
    public static byte[] Spaced(byte[] compact)
    {
        List<byte> spaced = [];
        var (isText, isEscaped) = (false, false);
        foreach (var letter in compact)
        {
            spaced.Add(letter);
            if (letter == ',' && !isText) spaced.Add((byte)' ');
            if (letter == '"' && !isEscaped) isText = !isText;
            isEscaped = letter == '\\' && !isEscaped;
        }

        return [.. spaced];
    }

    /// <summary>Unix milliseconds as ISO text in UTC.</summary>
    public static string Time(long milliseconds) =>
        DateTimeOffset.FromUnixTimeMilliseconds(milliseconds).UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss.fff'Z'", CultureInfo.InvariantCulture);

    public static string Number(long value) => value.ToString(CultureInfo.InvariantCulture);
}
