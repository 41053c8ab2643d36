namespace PolyArb.Simulator.Crypto;

/// <summary>0x-prefixed hex of a known byte count, as addresses, ids and signatures travel.</summary>
internal static class Hex
{
    public static string Text(ReadOnlySpan<byte> bytes) => "0x" + Convert.ToHexStringLower(bytes);

    public static bool TryBytes(string? text, int count, out byte[] bytes)
    {
        bytes = [];
        if (text is null || text.Length != 2 + 2 * count || !text.StartsWith("0x", StringComparison.Ordinal)) return false;

        var parsed = new byte[count];
        if (Convert.FromHexString(text.AsSpan(2), parsed, out _, out var written) != System.Buffers.OperationStatus.Done) return false;

        bytes = parsed;
        return written == count;
    }

    public static bool IsAddress(string? text) => TryBytes(text, 20, out _);
}
