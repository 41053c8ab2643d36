namespace PolyArb.Config;

/// <summary>How much an alert matters: read it some time, look at it soon, wake up.</summary>
public enum AlertLevel
{
    Info,
    Warning,
    Critical,
}
