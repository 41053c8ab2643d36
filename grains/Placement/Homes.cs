using Orleans.Runtime;

namespace PolyArb.Grains;

/// <summary>
/// Which silo a market belongs to: the one with the highest number for it, of those there are (rendezvous hashing). Every silo comes to the same
/// answer by itself; a silo that comes takes its share from all others, and one that goes leaves its own to all of them.
/// </summary>
public static class Homes
{
    /// <param name="silos">At least one, in any order.</param>
    public static SiloAddress Of(GrainId grain, IReadOnlyCollection<SiloAddress> silos)
    {
        var hash = grain.GetUniformHashCode();
        var (home, highest) = ((SiloAddress?)null, 0UL);
        foreach (var silo in silos)
        {
            var number = Mixed(hash, silo);
            if (home is null || number > highest || number == highest && silo.CompareTo(home) < 0) (home, highest) = (silo, number);
        }

        return home ?? throw new ArgumentException("no silo", nameof(silos));
    }

    /// <summary>The finalizer of splitmix64, which is meant to overflow: every bit of both tells in every bit of it.</summary>
    private static ulong Mixed(uint grain, SiloAddress silo)
    {
        unchecked
        {
            var mixed = ((ulong)grain << 32 | (uint)silo.GetConsistentHashCode()) + 0x9E3779B97F4A7C15;
            mixed = (mixed ^ (mixed >> 30)) * 0xBF58476D1CE4E5B9;
            mixed = (mixed ^ (mixed >> 27)) * 0x94D049BB133111EB;
            return mixed ^ (mixed >> 31);
        }
    }
}
