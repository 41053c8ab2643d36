using System.Text;

namespace PolyArb.Polymarket.MarketFeed;

/// <summary>The last trade price exactly as written ("0.550"): it enters the book hash (protocol sheet 3).</summary>
internal static class LastTradeText
{
    private const int LengthMax = 40;

    public static string Of(ReadOnlySpan<byte> text) => text.Length <= LengthMax && Ascii.IsValid(text)
        ? Encoding.ASCII.GetString(text)
        : throw new FormatException("not a last trade price");
}
