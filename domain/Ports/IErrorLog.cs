namespace PolyArb.Domain.Ports;

/// <summary>Keeps what came from outside and could not be read, for a person to look at. Never waits and never throws; what is too much is counted.</summary>
public interface IErrorLog
{
    /// <param name="where">The part that could not read it. There are few of them, and each has its own limit.</param>
    /// <param name="what">One line.</param>
    /// <param name="bytes">As they came; copied.</param>
    void Keep(string where, string what, ReadOnlySpan<byte> bytes, Instant at);
}
