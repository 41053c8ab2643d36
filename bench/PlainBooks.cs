using System.Globalization;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace PolyArb.Bench;

/// <summary>
/// The book that most people would write first: System.Text.Json into objects, and a Dictionary of decimals for each side of each token.
/// Keeps no order of levels and proves nothing.
/// </summary>
internal sealed class PlainBooks
{
    private readonly Dictionary<(string Token, string Side), Dictionary<decimal, decimal>> _sides = [];

    public int Sides => _sides.Count;

    public void Apply(ReadOnlySpan<byte> frame)
    {
        foreach (var change in JsonSerializer.Deserialize<PlainFrame>(frame)!.Changes)
        {
            if (!_sides.TryGetValue((change.Token, change.Side), out var levels)) _sides[(change.Token, change.Side)] = levels = [];
            var (price, size) = (decimal.Parse(change.Price, CultureInfo.InvariantCulture), decimal.Parse(change.Size, CultureInfo.InvariantCulture));
            if (size == 0) levels.Remove(price);
            else levels[price] = size;
        }
    }
}

/// <summary>A price_change as its bytes say it.</summary>
internal sealed record PlainFrame([property: JsonPropertyName("market")] string Market, [property: JsonPropertyName("price_changes")] PlainChange[] Changes);

/// <summary>One entry of it.</summary>
internal sealed record PlainChange(
    [property: JsonPropertyName("asset_id")] string Token, [property: JsonPropertyName("price")] string Price, [property: JsonPropertyName("size")] string Size,
    [property: JsonPropertyName("side")] string Side, [property: JsonPropertyName("hash")] string Hash);
