namespace PolyArb.Domain.Ports;

/// <summary>What a process sees of itself.</summary>
public interface ISelfCheck
{
    /// <summary>Why nothing new should be opened now; null when all is well. Synchronous, and microseconds.</summary>
    string? Complaint { get; }

    /// <summary>
    /// How far the machine's clock has run ahead of ours, which stands still while a machine sleeps; below zero when it was set back.
    /// Synchronous, and microseconds.
    /// </summary>
    TimeSpan Moved { get; }
}
