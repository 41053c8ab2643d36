using PolyArb.Domain.Ports;

namespace PolyArb.Tests.Grains;

/// <summary>A stop file in memory; it goes only when the test lets it.</summary>
internal sealed class ScriptedStopFile : IStopFile
{
    private volatile StopOrder? _order;
    private int _reads;

    public StopOrder? Order
    {
        get => _order;
        set => _order = value;
    }

    public bool IsPresent => _order is not null;

    /// <summary>Set: seen by its presence alone.</summary>
    public bool IsHidden { get; set; }

    /// <summary>Set: why it cannot be moved away.</summary>
    public string? Sticks { get; set; }

    /// <summary>How often somebody looked what it says.</summary>
    public int Reads => Volatile.Read(ref _reads);

    public StopOrder? Read()
    {
        Interlocked.Increment(ref _reads);
        return IsHidden ? null : _order;
    }

    public void Retire() => _order = Sticks is { } why ? throw new IOException(why) : null;
}
