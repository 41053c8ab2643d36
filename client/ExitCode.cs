namespace PolyArb.Client;

/// <summary>What scripts can rely on.</summary>
internal static class ExitCode
{
    public const int Ok = 0;

    /// <summary>Refused, or failed.</summary>
    public const int Failed = 1;

    public const int Usage = 2;

    public const int Unreachable = 3;
}

/// <summary>A command that ends with one line on stderr.</summary>
internal sealed class CommandException(string line, int exitCode) : Exception(line)
{
    public int ExitCode { get; } = exitCode;
}
