namespace PolyArb.Storage;

/// <summary>How snapshots are written and how long they are kept.</summary>
/// <param name="WaitingMax">Rows that may wait; what comes then is dropped and counted.</param>
/// <param name="HighWatermark">Waiting rows that are reported, once for each time it gets there.</param>
/// <param name="FlushInterval">Between two writes.</param>
/// <param name="FlushTimeout">How long the end waits for what still waits.</param>
/// <param name="Retention">Older figures are deleted.</param>
/// <param name="BookRetention">Older books are: they are the many.</param>
public sealed record SnapshotLimits(
    int WaitingMax, int HighWatermark, TimeSpan FlushInterval, TimeSpan FlushTimeout, TimeSpan Retention, TimeSpan BookRetention);
