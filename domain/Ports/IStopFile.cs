namespace PolyArb.Domain.Ports;

/// <summary>A stop that somebody wrote down beside the journal (`kill --direct`), to be obeyed by whoever lives there next or now.</summary>
public interface IStopFile
{
    /// <summary>Synchronous, and microseconds: asked before every send.</summary>
    bool IsPresent { get; }

    /// <summary>Null when there is none. One whose words cannot be read is a stop all the same.</summary>
    StopOrder? Read();

    /// <summary>Once the journal has it. Throws <see cref="IOException"/> naming the file when it cannot be moved out of the way.</summary>
    void Retire();
}

public sealed record StopOrder(string By, string Reason);
