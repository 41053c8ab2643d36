using System.Reflection;
using Orleans.Concurrency;
using Orleans.Placement;
using PolyArb.Domain.Ports;
using PolyArb.Grains;
using PolyArb.Grains.Interfaces;
using Xunit;

namespace PolyArb.Tests.Architecture;

/// <summary>Which grain calls which, read from the compiled code.</summary>
public class CallGraphTests
{
    private static readonly Type[] Grains = [.. typeof(MarketGrain).Assembly.GetTypes().Where(type => type.IsSubclassOf(typeof(Grain)) && !type.IsAbstract)];

    private static readonly Type[] Parts = [.. typeof(MarketGrain).Assembly.GetTypes().Where(type =>
        type.Namespace == typeof(MarketGrain).Namespace && !type.IsNested && !type.IsGenericType && !Grains.Contains(type))];

    [Fact]
    public void Grains_call_downhill_only()
    {
        string[] expected =
        [
            "ClusterGrain -> RegistryGrain.Enabled",
            "MarketGrain -> MarketGrain.Apply", // Not a call: what the feed is told to deliver to. So are the gateway's own two.
            "MarketGrain -> OrderGatewayGrain.CloseBasket", "MarketGrain -> OrderGatewayGrain.Lock", "MarketGrain -> OrderGatewayGrain.News",
            "MarketGrain -> OrderGatewayGrain.Pull", "MarketGrain -> OrderGatewayGrain.Submit", "MarketGrain -> PortfolioGrain.Mark", "MarketGrain -> PortfolioGrain.Reserve",
            "MarketGrain -> RegistryGrain.Switch",
            "OrderGatewayGrain -> MarketGrain.Nudge", // The one way up: no payload, may be lost.
            "OrderGatewayGrain -> OrderGatewayGrain.CatchUp", "OrderGatewayGrain -> OrderGatewayGrain.Observe",
            "OrderGatewayGrain -> PortfolioGrain.Announce", "OrderGatewayGrain -> PortfolioGrain.Check", "OrderGatewayGrain -> PortfolioGrain.Consume",
            "OrderGatewayGrain -> PortfolioGrain.FreeSlot", "OrderGatewayGrain -> PortfolioGrain.Move", "OrderGatewayGrain -> PortfolioGrain.Release",
            "OrderGatewayGrain -> PortfolioGrain.SetAside", "OrderGatewayGrain -> PortfolioGrain.Settle", "OrderGatewayGrain -> PortfolioGrain.TakeSlots", "OrderGatewayGrain -> PortfolioGrain.Trip",
            "OrderGatewayGrain -> PortfolioGrain.View",
            "OrderGatewayGrain -> RegistryGrain.Switch",
        ];

        Assert.Equal(expected, Grains.SelectMany(CallsOf).Distinct().Order(StringComparer.Ordinal));
    }

    [Fact]
    public void The_only_call_uphill_waits_for_nothing() =>
        Assert.NotNull(typeof(IMarketGrain).GetMethod(nameof(IMarketGrain.Nudge))!.GetCustomAttribute<OneWayAttribute>());

    [Fact]
    public void Only_the_gateway_is_reentrant() =>
        Assert.Equal([typeof(OrderGatewayGrain)], Grains.Where(grain => grain.GetCustomAttribute<ReentrantAttribute>() is not null));

    [Fact]
    public void Every_grain_says_where_it_is_placed() =>
        Assert.All(Grains, grain => Assert.NotNull(grain.GetCustomAttribute<PlacementAttribute>()));

    /// <summary>The storage row's key holds the state's name, not the grain's type: two of the same name would share rows.</summary>
    [Fact]
    public void No_two_grains_share_a_state_name()
    {
        var names = Grains.SelectMany(grain => grain.GetConstructors().Single().GetParameters())
            .Select(parameter => parameter.GetCustomAttribute<PersistentStateAttribute>()?.StateName)
            .OfType<string>()
            .ToArray();

        Assert.Equal(names.Distinct(), names);
        Assert.DoesNotContain(Grains, grain => grain.BaseType!.IsGenericType);
    }

    [Fact]
    public void Only_the_gateway_can_reach_the_venue() => Assert.Equal(
        [typeof(OrderGatewayGrain)],
        Grains.Where(grain => grain.GetConstructors().Single().GetParameters().Any(parameter => parameter.ParameterType == typeof(IVenue))));

    private static IEnumerable<string> CallsOf(Type grain) =>
        from part in grain == typeof(OrderGatewayGrain) ? Parts.Append(grain) : [grain] // The parts that grains are made of are the gateway's.
        from type in part.GetNestedTypes(BindingFlags.NonPublic | BindingFlags.Public).Append(part)
        from method in type.GetMethods(BindingFlags.Instance | BindingFlags.Static | BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.DeclaredOnly)
        from called in Called(method)
        where called.DeclaringType is { IsInterface: true } target && target.Assembly == typeof(IMarketGrain).Assembly
        select $"{grain.Name} -> {Grains.Single(callee => called.DeclaringType!.IsAssignableFrom(callee)).Name}.{called.Name}";

    /// <summary>Every method whose token follows a call, callvirt or ldftn opcode. A false hit cannot resolve to a method of ours.</summary>
    private static IEnumerable<MethodBase> Called(MethodInfo method)
    {
        var code = method.GetMethodBody()?.GetILAsByteArray() ?? [];
        for (var i = 0; i + 4 < code.Length; i++)
        {
            if (code[i] is not (0x28 or 0x6F) && !(code[i] == 0x06 && i > 0 && code[i - 1] == 0xFE) && !(code[i] == 0x07 && i > 0 && code[i - 1] == 0xFE)) continue;

            if (Resolve(method, BitConverter.ToInt32(code, i + 1)) is { } called) yield return called;
        }
    }

    private static MethodBase? Resolve(MethodInfo from, int token)
    {
        try
        {
            return from.Module.ResolveMethod(token, from.DeclaringType!.GetGenericArguments(), from.GetGenericArguments());
        }
        catch (Exception e) when (e is ArgumentException or BadImageFormatException)
        {
            return null; // Four bytes that happened to follow such an opcode's value.
        }
    }
}
