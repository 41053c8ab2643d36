using PolyArb.Polymarket.Json;

namespace PolyArb.Polymarket.MarketFeed;

/// <summary>The last trade price exactly as written ("0.550"): it enters the book hash (protocol sheet 3).</summary>
internal static class LastTradeText
{
    private static readonly TextTable Known = new(slots: 1_024, lengthMax: 40);

    public static string Of(ReadOnlySpan<byte> text) => Known.Of(text);
}
