namespace PolyArb.Domain.Simulation;

/// <summary>
/// Seeded numbers for one kind of question, by SplitMix64 (Steele, Lea, Flood 2014): one stream a question, so that asking more of one
/// kind leaves the answers to the others as they were. Same seed and stream, same numbers on any machine.
/// </summary>
internal sealed class Draws(ulong seed, DrawOf stream)
{
    public const int Million = 1_000_000;

    private ulong _state = Mix(unchecked(seed + (((ulong)stream + 1) * 0x9E3779B97F4A7C15)));

    /// <summary>Evenly from 0 to below.</summary>
    public ulong Below(ulong below) => Math.BigMul(Next(), below, out _);

    /// <summary>True for so many of a million, on the long run.</summary>
    public bool Happens(int perMillion) => perMillion > 0 && Below(Million) < (ulong)perMillion;

    private ulong Next()
    {
        unchecked
        {
            _state += 0x9E3779B97F4A7C15;
            return Mix(_state);
        }
    }

    private static ulong Mix(ulong bits)
    {
        unchecked
        {
            bits = (bits ^ (bits >> 30)) * 0xBF58476D1CE4E5B9;
            bits = (bits ^ (bits >> 27)) * 0x94D049BB133111EB;
            return bits ^ (bits >> 31);
        }
    }
}

/// <summary>What a seeded number decides.</summary>
internal enum DrawOf
{
    OutLatency,
    BackLatency,
    Reject,
    Settlement,
    Queue,
}
