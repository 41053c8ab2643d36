using Orleans.Runtime;
using PolyArb.Grains.Interfaces;

namespace PolyArb.Silo.Hosting;

/// <summary>External clients may call the operator's verbs and the views; everything else is between grains of the cluster.</summary>
internal sealed class ControlOnly : IIncomingGrainCallFilter
{
    private static readonly Type[] Open = [typeof(IControl), typeof(IMarketView), typeof(IRegistryControl)];

    public Task Invoke(IIncomingGrainCallContext context) =>
        context.SourceId is { } source && IsExternal(source) && IsOurs(context.InterfaceMethod.DeclaringType)
            && !Open.Contains(context.InterfaceMethod.DeclaringType)
            ? throw new UnauthorizedAccessException($"{context.InterfaceName}.{context.MethodName} is not for clients")
            : context.Invoke();

    private static bool IsExternal(GrainId source) =>
        source.Type.IsClient() && !source.Key.AsSpan().StartsWith("hosted-"u8);

    private static bool IsOurs(Type? type) => type?.Assembly == typeof(IControl).Assembly;
}
