namespace PolyArb.Config;

/// <summary>Which silos belong together: section `cluster`.</summary>
public sealed record ClusterOptions
{
    /// <summary>With postgres: silos with the same id, in the same database, are one cluster.</summary>
    public required string Id { get; init; }

    internal static ClusterOptions Read(ParameterBinder from) => new()
    {
        Id = from.AtStart("cluster.id", "polyarb", Kinds.Word),
    };
}
