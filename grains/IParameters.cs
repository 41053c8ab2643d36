using System.Collections.Immutable;
using PolyArb.Domain.Journal;
using PolyArb.Grains.Interfaces;

namespace PolyArb.Grains;

/// <summary>
/// The silo's parameters: what its configuration says and what is in force. It plans a change; the gateway writes it down, and only then
/// it is put in force.
/// </summary>
public interface IParameters
{
    /// <summary>All of the wishes, or none.</summary>
    ParameterPlan Set(ImmutableArray<ParameterWish> wishes);

    /// <summary>File, .env and environment as at start, read again: what may change while the silo runs is to be as it says.</summary>
    ParameterPlan Reload();

    /// <summary>For a start: what was set by hand is to hold again. The changes are those of it that do not hold any more, because the configuration is another one.</summary>
    ParameterPlan.Ready Restore(ImmutableArray<ParameterOverride> overrides);

    /// <summary>All that may be set while the silo runs.</summary>
    ImmutableArray<ParameterWish> Settable();
}

/// <summary>What a change of parameters would come to.</summary>
public abstract record ParameterPlan
{
    private ParameterPlan()
    {
    }

    /// <summary>A line for everything that is wrong; nothing is to change.</summary>
    public sealed record Refused(ImmutableArray<string> Lines) : ParameterPlan;

    /// <param name="Changes">To be written down; none when all is so already.</param>
    /// <param name="NeedsRestart">What the configuration says otherwise than at the start, of what is read only then.</param>
    /// <param name="PutInForce">Takes effect at once, and cannot fail.</param>
    public sealed record Ready(ImmutableArray<ParameterChange> Changes, ImmutableArray<StartOnly> NeedsRestart, Action PutInForce) : ParameterPlan;
}
