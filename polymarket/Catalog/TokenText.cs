using PolyArb.Domain;
using PolyArb.Polymarket.Signing;

namespace PolyArb.Polymarket.Catalog;

/// <summary>
/// What a token id tells by itself (protocol sheet 0.2). A Protocol V2 position id has, from the top, 8 bits of module (1 to 3), 128 of a
/// hash, 16 of arity, 64 that are zero, 16 of chain, 16 of condition index, 8 of outcome (0 YES, 1 NO). A CTF token id is a hash.
/// </summary>
internal static class TokenText
{
    /// <summary>Why it is no id of this version and outcome; null when nothing is wrong with it.</summary>
    public static string? Problem(string id, ProtocolVersion version, int outcome)
    {
        if (id.Length == 0) return "token ids are not filled in yet";

        Span<byte> word = stackalloc byte[32];
        if (id[0] == '0' || !Uint256.TryWrite(id, word)) return $"'{Brief(id)}' is not a decimal token id";

        var isPosition = word[0] is >= 1 and <= 3 && !word[19..27].ContainsAnyExcept((byte)0);
        return (version, isPosition) switch
        {
            (ProtocolVersion.V1, true) => $"version v1, but {Brief(id)} is laid out as a position id of v2",
            (ProtocolVersion.V2, false) => $"version v2, but {Brief(id)} is not laid out as a position id",
            (ProtocolVersion.V2, true) when word[31] != outcome => $"position {Brief(id)} says outcome {word[31]} in place {outcome}",
            _ => null,
        };
    }

    private static string Brief(string id) => id.Length <= 16 ? id : $"{id[..8]}...{id[^4..]}";
}
