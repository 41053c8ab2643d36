using System.Collections.Immutable;

namespace PolyArb.Config;

/// <summary>What became of one `set`.</summary>
public abstract record SetResult
{
    private SetResult()
    {
    }

    public sealed record Changed(PolyArbOptions Options) : SetResult;

    /// <summary>A line for everything that is wrong.</summary>
    public sealed record Refused(ImmutableArray<string> Lines) : SetResult;
}
