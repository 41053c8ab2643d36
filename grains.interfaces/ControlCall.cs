using System.Reflection;
using Orleans.Concurrency;

namespace PolyArb.Grains.Interfaces;

/// <summary>What a call from outside the cluster carries, and what it is for.</summary>
public static class ControlCall
{
    /// <summary>The request context's name for the control token.</summary>
    public const string Token = "polyarb.control-token";

    /// <summary>Whatever does not promise to change nothing.</summary>
    public static bool Steers(MethodInfo method) => method.GetCustomAttribute<ReadOnlyAttribute>() is null;
}
