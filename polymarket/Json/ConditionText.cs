using PolyArb.Domain;

namespace PolyArb.Polymarket.Json;

/// <summary>
/// Condition ids as they come: 32 bytes in hex, or the 31 of a Protocol V2 condition, which are padded on the right
/// (protocol sheet 0). Everything behind this boundary has 64 lower digits.
/// </summary>
internal static class ConditionText
{
    private const int Digits = 64;

    public static bool TryRead(string text, out ConditionId id)
    {
        id = default;
        if (!text.StartsWith("0x", StringComparison.OrdinalIgnoreCase) || text.Length is not (2 + Digits or Digits)) return false;
        if (!text.AsSpan(2).ContainsOnlyHex()) return false;

        id = new ConditionId("0x" + text[2..].ToLowerInvariant().PadRight(Digits, '0'));
        return true;
    }

    private static bool ContainsOnlyHex(this ReadOnlySpan<char> text)
    {
        foreach (var digit in text)
        {
            if (!char.IsAsciiHexDigit(digit)) return false;
        }

        return true;
    }
}
