using System.Diagnostics.CodeAnalysis;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Orleans.Serialization;
using Orleans.Serialization.Cloning;
using Orleans.Serialization.Configuration;
using PolyArb.Domain.Journal;

namespace PolyArb.Grains.Interfaces;

/// <summary>
/// How values travel between grains. The domain carries no attributes: within a silo its immutable records are passed as
/// they are, between processes they travel in their one JSON form (<see cref="DomainJson"/>).
/// </summary>
public static class Wire
{
    public static IServiceCollection AddPolyArbWire(this IServiceCollection services)
    {
        services.AddSerializer(serializer => serializer.AddJsonSerializer(
            IsOurs, _ => false, options => options.Configure(codec => codec.SerializerOptions = DomainJson.Options)));
        services.Configure<TypeManifestOptions>(manifest =>
        {
            manifest.AddAllowedAssembly(typeof(DomainJson).Assembly); // Read by no codec but ours.
            manifest.AddAllowedAssembly(typeof(Wire).Assembly);
        });
        services.Configure<ExceptionSerializationOptions>(exceptions => exceptions.SupportedNamespacePrefixes.Add("Polly")); // See NoAnswer.
        services.TryAddEnumerable(ServiceDescriptor.Singleton<IGeneralizedCopier, PassAsIs>());
        return services;
    }

    private static bool IsOurs(Type type) =>
        type.Namespace is { } space && (space.StartsWith("PolyArb.Domain", StringComparison.Ordinal) || space == typeof(Wire).Namespace)
        && !typeof(IAddressable).IsAssignableFrom(type);

    [SuppressMessage("Performance", "CA1812", Justification = "Made by the container.")]
    private sealed class PassAsIs : IGeneralizedCopier
    {
        public bool IsSupportedType(Type type) => IsOurs(type);

        public object? DeepCopy(object? input, CopyContext context) => input;
    }
}
