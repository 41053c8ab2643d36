using System.Reflection;
using PolyArb.Domain.Edges;
using PolyArb.Domain.Orders;
using PolyArb.Domain.Risk;
using PolyArb.Grains;
using Xunit;

namespace PolyArb.Tests.Architecture;

/// <summary>A parameter that may change while the silo runs changes nothing where somebody keeps the old value.</summary>
public class RulesTests
{
    private static readonly Type[] Rules = [.. typeof(TradingRules).GetProperties().Select(property => property.PropertyType)
        .Where(type => type.IsClass && type.Namespace!.StartsWith("PolyArb", StringComparison.Ordinal)).Append(typeof(TradingRules))];

    private static readonly string[] Kept =
    [
        "FlattenPath._begun", // A flattening goes on as it began.
        "MarketGrain._policy", // The desk's; while it is another one than that in force, nothing new is asked for.
        "PortfolioGrain._begun", // The portfolio's, which begins anew before it serves another call.
        "RulesInForce._now",
    ];

    [Fact]
    public void What_is_in_force_is_kept_by_those_alone_who_see_to_it_that_it_still_is()
    {
        Assert.Superset(new HashSet<Type> { typeof(EdgePolicy), typeof(RiskLimits), typeof(BreakerPolicy), typeof(RestingRules), typeof(FlattenRules) }, Rules.ToHashSet());

        var kept = typeof(TradingRules).Assembly.GetTypes().Where(type => !Rules.Contains(type) && !IsOfOneCall(type))
            .SelectMany(type => type.GetFields(BindingFlags.Instance | BindingFlags.NonPublic | BindingFlags.Public | BindingFlags.DeclaredOnly))
            .Where(field => Rules.Contains(field.FieldType))
            .Select(field => $"{field.DeclaringType!.Name}.{field.Name}")
            .Order(StringComparer.Ordinal);

        Assert.Equal(Kept, kept);
    }

    /// <summary>What the compiler makes of a method that waits, or of a lambda: it lasts as long as the call.</summary>
    private static bool IsOfOneCall(Type type) => type.IsNested && type.Name.StartsWith('<');
}
