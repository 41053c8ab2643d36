namespace PolyArb.Domain.Risk;

public enum TradingState
{
    Running,
    Paused,
    Flattening,
    Safe,
}

/// <summary>The legal moves between trading states; anything else is refused.</summary>
public static class KillSwitch
{
    public static bool CanMove(TradingState from, TradingState to) => (from, to) switch
    {
        (TradingState.Running, TradingState.Paused or TradingState.Flattening or TradingState.Safe) => true,
        (TradingState.Paused, TradingState.Running or TradingState.Flattening or TradingState.Safe) => true,
        (TradingState.Flattening, TradingState.Safe or TradingState.Paused) => true,
        (TradingState.Safe, TradingState.Paused) => true,
        _ => false,
    };

    /// <summary>Where a process starts that finds no other silo alive: stopped stays stopped, everything else waits for a person.</summary>
    public static TradingState AtStart(TradingState? stored, bool startPaused) => stored switch
    {
        TradingState.Safe or TradingState.Flattening => TradingState.Safe,
        null when !startPaused => TradingState.Running,
        _ => TradingState.Paused,
    };
}
