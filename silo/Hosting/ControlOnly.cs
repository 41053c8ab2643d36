using Orleans.Runtime;
using PolyArb.Grains.Interfaces;

namespace PolyArb.Silo.Hosting;

/// <summary>
/// External clients may call the operator's verbs and the views, with the control token where it is wanted; everything else is between
/// grains of the cluster. Of Orleans itself they get what a client needs to be one: the list of the cluster's grain types.
/// </summary>
internal sealed partial class ControlOnly(ControlDoor door, ILogger<ControlOnly> logger) : IIncomingGrainCallFilter
{
    private static readonly Type[] Open = [typeof(IControl), typeof(IMarketView), typeof(IRegistryControl), typeof(IBacktestGrain), typeof(IHistoryView), typeof(IClusterView)];

    public Task Invoke(IIncomingGrainCallContext context)
    {
        if (context.SourceId is not { } source || !IsExternal(source) || context.TargetId.IsSystemTarget()) return context.Invoke();

        var carried = RequestContext.Get(ControlCall.Token) as string;
        RequestContext.Remove(ControlCall.Token); // It goes no further than here.
        var refusal = Open.Contains(context.InterfaceMethod.DeclaringType)
            ? door.Refuses(carried, ControlCall.Steers(context.InterfaceMethod))
            : $"{context.InterfaceName}.{context.MethodName} is not for clients";
        if (refusal is null) return context.Invoke();

        LogRefused(context.MethodName, source, refusal);
        throw new UnauthorizedAccessException(refusal);
    }

    private static bool IsExternal(GrainId source) =>
        source.Type.IsClient() && !source.Key.AsSpan().StartsWith("hosted-"u8);

    [LoggerMessage(LogLevel.Warning, "{Method} of {Client} is refused: {Why}")]
    private partial void LogRefused(string method, GrainId client, string why);
}
