using PolyArb.Simulator.World;

namespace PolyArb.Simulator.Faults;

/// <summary>A time in which something goes wrong, on one condition or, with none, on all. It ends at a Unix millisecond.</summary>
internal sealed class FaultWindow(Fault fault, Condition? condition, long ends)
{
    public Fault Fault { get; } = fault;
    public Condition? Condition { get; } = condition;
    public long Ends { get; } = ends;

    /// <summary>How often somebody felt it.</summary>
    public long Effects { get; set; }
}
