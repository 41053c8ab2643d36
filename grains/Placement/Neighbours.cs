using Microsoft.Extensions.DependencyInjection;
using Orleans.Runtime;
using Orleans.Runtime.MembershipService.SiloMetadata;

namespace PolyArb.Grains;

/// <summary>The cluster as this silo sees it: who is there, who holds the private key, and which markets belong here.</summary>
/// <param name="holdsKey">Of this silo itself.</param>
public sealed class Neighbours(ILocalSiloDetails local, ISiloStatusOracle oracle, ISiloMetadataCache metadata, bool holdsKey)
{
    /// <summary>The name under which a silo tells whether it holds the key.</summary>
    public const string Key = "polyarb.key";

    /// <summary>What it says when it does.</summary>
    public const string Yes = "yes";

    public SiloAddress Self => local.SiloAddress;

    /// <summary>Active silos, this one among them whatever the others think of it.</summary>
    public IReadOnlyCollection<SiloAddress> Active
    {
        get
        {
            var active = oracle.GetApproximateSiloStatuses(onlyActive: true).Keys.ToHashSet();
            active.Add(Self);
            return active;
        }
    }

    public bool HasOthers => Active.Count > 1;

    /// <summary>Somebody else can be the gateway's silo.</summary>
    public bool HasOtherKeyHolder => Active.Any(silo => !silo.Equals(Self) && HoldsKey(silo));

    /// <summary>False also where a silo has just come and has not been asked yet.</summary>
    public bool HoldsKey(SiloAddress silo) =>
        silo.Equals(Self) ? holdsKey : metadata.GetSiloMetadata(silo).Metadata.GetValueOrDefault(Key) == Yes;

    public bool IsHome(GrainId market) => Homes.Of(market, Active).Equals(Self);
}

public static class Placements
{
    /// <summary>Where the grains of this assembly live; the silo must tell its <see cref="Neighbours.Key"/> in its metadata.</summary>
    public static ISiloBuilder AddPlacements(this ISiloBuilder silo, bool holdsKey)
    {
        silo.Services.AddSingleton(provider => ActivatorUtilities.CreateInstance<Neighbours>(provider, holdsKey));
        silo.Services.AddPlacementDirector<HomePlacement, HomeDirector>();
        silo.Services.AddPlacementDirector<KeyHolderPlacement, KeyHolderDirector>();
        return silo;
    }
}
