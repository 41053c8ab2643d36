using Orleans.Placement;
using Orleans.Runtime;
using Orleans.Runtime.Placement;

namespace PolyArb.Grains;

/// <summary>On the silo that <see cref="Homes"/> names.</summary>
[GenerateSerializer, Immutable, Alias("PolyArb.HomePlacement")]
public sealed class HomePlacement : PlacementStrategy;

[AttributeUsage(AttributeTargets.Class)]
public sealed class HomePlacementAttribute() : PlacementAttribute(new HomePlacement());

internal sealed class HomeDirector : IPlacementDirector
{
    public Task<SiloAddress> OnAddActivation(PlacementStrategy strategy, PlacementTarget target, IPlacementContext context) =>
        Task.FromResult(Homes.Of(target.GrainIdentity, context.GetCompatibleSilos(target)));
}
