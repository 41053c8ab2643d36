using System.Text.Json;

namespace PolyArb.Polymarket.MarketFeed;

/// <summary>The events of a frame as texts of their own.</summary>
internal static class FrameParts
{
    /// <summary>Where each event of an array stands; the whole of anything else, and of what is no JSON.</summary>
    public static List<Range> Of(ReadOnlySpan<byte> frame)
    {
        try
        {
            List<Range> parts = [];
            var reader = new Utf8JsonReader(frame);
            if (!reader.Read() || reader.TokenType is not JsonTokenType.StartArray) return [Range.All];

            while (reader.Read() && reader.TokenType is JsonTokenType.StartObject)
            {
                var start = (int)reader.TokenStartIndex;
                reader.Skip();
                parts.Add(start..(int)reader.BytesConsumed);
            }

            return reader.TokenType is JsonTokenType.EndArray && !reader.Read() && parts.Count > 0 ? parts : [Range.All];
        }
        catch (JsonException)
        {
            return [Range.All]; // PONG and the like, or unreadable: its reader will say.
        }
    }
}
