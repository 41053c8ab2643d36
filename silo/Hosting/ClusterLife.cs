using Orleans.Providers;

namespace PolyArb.Silo.Hosting;

/// <summary>
/// Whether this silo has found a gateway since it began. Silos ask each other at a start: one whose neighbours are all as new as itself is no failover,
/// also where several start in the same moment.
/// </summary>
internal sealed class ClusterLife : IControllable
{
    /// <summary>By which silos ask each other.</summary>
    public const string Name = "polyarb.life";

    private volatile bool _hasBegun;

    public void Begun() => _hasBegun = true;

    /// <summary>The only command: has it?</summary>
    public Task<object?> ExecuteCommand(int command, object? arg) => Task.FromResult<object?>(_hasBegun);
}
