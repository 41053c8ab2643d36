namespace PolyArb.Polymarket.Json;

/// <summary>The venue's ids. The longest is a uint256 in decimal: 78 digits.</summary>
internal static class IdText
{
    /// <summary>Three ids a question: enough for ten thousand of them. A megabyte, of which nothing is touched before it is used.</summary>
    private static readonly TextTable Known = new(slots: 131_072, lengthMax: 80);

    /// <summary>Throws FormatException for what is no id.</summary>
    public static string Of(ReadOnlySpan<byte> utf8) => utf8.IsEmpty ? throw new FormatException("an id is empty") : Known.Of(utf8);
}
