using Orleans.Placement;
using Orleans.Runtime;
using Orleans.Runtime.Placement;

namespace PolyArb.Grains;

/// <summary>On a silo that holds the private key: whoever asks from such a one gets his own.</summary>
[GenerateSerializer, Immutable, Alias("PolyArb.KeyHolderPlacement")]
public sealed class KeyHolderPlacement : PlacementStrategy;

[AttributeUsage(AttributeTargets.Class)]
public sealed class KeyHolderPlacementAttribute() : PlacementAttribute(new KeyHolderPlacement());

internal sealed class KeyHolderDirector(Neighbours neighbours) : IPlacementDirector
{
    /// <summary>Throws <see cref="OrleansException"/> where nobody holds it.</summary>
    public Task<SiloAddress> OnAddActivation(PlacementStrategy strategy, PlacementTarget target, IPlacementContext context)
    {
        var holders = context.GetCompatibleSilos(target).Where(neighbours.HoldsKey).Order().ToArray();
        return holders.Length > 0
            ? Task.FromResult(holders.Contains(neighbours.Self) ? neighbours.Self : holders[0])
            : throw new OrleansException("no silo of this cluster holds PRIVATE_KEY, so nobody can trade or stop orders: start one that does, or `kill --direct`");
    }
}
