using System.Collections.Immutable;
using PolyArb.Domain.Journal;
using PolyArb.Grains;
using PolyArb.Grains.Interfaces;

namespace PolyArb.Tests.Grains;

internal sealed class NoParameters : IParameters
{
    public ParameterPlan Set(ImmutableArray<ParameterWish> wishes) => new ParameterPlan.Refused(["none"]);

    public ParameterPlan Reload() => new ParameterPlan.Refused(["none"]);

    public ParameterPlan.Ready Restore(ImmutableArray<ParameterOverride> overrides) => new([], [], () => { });

    public ImmutableArray<ParameterWish> Settable() => [];
}

internal sealed class NoShutdown : IShutdown
{
    public int Requests { get; private set; }

    public void Request() => Requests++;
}
