namespace PolyArb.Silo.CommandLine;

/// <summary>What became of a command line.</summary>
public abstract record SiloArgumentsResult
{
    private SiloArgumentsResult()
    {
    }

    public sealed record Parsed(SiloArguments Arguments) : SiloArgumentsResult;

    /// <summary>One line that says what is wrong with the command line.</summary>
    public sealed record UsageError(string Line) : SiloArgumentsResult;

    /// <summary>Somebody asked for help or for the version; this is the answer.</summary>
    public sealed record HelpShown(string Text) : SiloArgumentsResult;
}
