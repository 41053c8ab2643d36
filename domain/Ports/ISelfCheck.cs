namespace PolyArb.Domain.Ports;

/// <summary>What a process sees of itself.</summary>
public interface ISelfCheck
{
    /// <summary>Why nothing new should be opened now; null when all is well. Synchronous, and microseconds.</summary>
    string? Complaint { get; }
}
