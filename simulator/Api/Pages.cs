using System.Globalization;
using System.Text;
using System.Text.Json;

namespace PolyArb.Simulator.Api;

/// <summary>The cursor envelope: a cursor is base64 of an offset, "LTE=" ("-1") ends it (protocol 2.1).</summary>
internal static class Pages
{
    private const string End = "LTE=";
    private const int EmptyLimit = 500;

    public static Answer Page<T>(IReadOnlyList<T> all, string? cursor, int limit, Action<Utf8JsonWriter, T> write)
    {
        if (!TryOffset(cursor, out var offset)) return Answer.Error(400, "Invalid payload");

        var page = all.Skip(offset).Take(limit).ToArray();
        var next = offset + page.Length;
        return Answer.Object(json =>
        {
            json.WriteNumber("limit", limit);
            json.WriteNumber("count", page.Length);
            json.WriteString("next_cursor", next >= all.Count ? End : Cursor(next));
            json.WriteStartArray("data");
            foreach (var item in page) write(json, item);
            json.WriteEndArray();
        });
    }

    /// <summary>A page of nothing.</summary>
    public static Answer Empty(string? cursor) => Page<string>([], cursor, EmptyLimit, static (json, item) => json.WriteStringValue(item));

    private static string Cursor(int offset) =>
        Convert.ToBase64String(Encoding.ASCII.GetBytes(offset.ToString(CultureInfo.InvariantCulture)));

    private static bool TryOffset(string? cursor, out int offset)
    {
        offset = 0;
        if (string.IsNullOrEmpty(cursor)) return true;
        if (cursor == End)
        {
            offset = int.MaxValue;
            return true;
        }

        Span<byte> bytes = stackalloc byte[16];
        return cursor.Length <= 16 && Convert.TryFromBase64String(cursor, bytes, out var count)
            && int.TryParse(bytes[..count], NumberStyles.None, CultureInfo.InvariantCulture, out offset);
    }
}
