using Microsoft.Extensions.DependencyInjection;
using Orleans.Providers;
using Orleans.Serialization.Configuration;

namespace PolyArb.Grains;

/// <summary>Parts of a silo that the others reach by a control command.</summary>
public static class Controllables
{
    /// <param name="name">Under which they reach it.</param>
    public static IServiceCollection AddControllable<T>(this IServiceCollection services, string name)
        where T : class, IControllable
    {
        services.AddSingleton<T>();
        services.Configure<TypeManifestOptions>(manifest => manifest.AddAllowedType(typeof(T))); // Its name travels with the command.
        return services.AddKeyedSingleton<IControllable>(name, (provider, _) => provider.GetRequiredService<T>());
    }
}
