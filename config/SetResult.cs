namespace PolyArb.Config;

/// <summary>What became of one `set`.</summary>
public abstract record SetResult
{
    private SetResult()
    {
    }

    public sealed record Changed(PolyArbOptions Options) : SetResult;

    public sealed record Refused(string Line) : SetResult;
}
