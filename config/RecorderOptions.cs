namespace PolyArb.Config;

/// <summary>What came in, kept for a replay: section `recorder`.</summary>
public sealed record RecorderOptions
{
    public required bool Enabled { get; init; }

    /// <summary>A relative path starts at the data directory.</summary>
    public required string DbPath { get; init; }

    /// <summary>Inputs waiting to be written.</summary>
    public required int QueueMaxSize { get; init; }

    /// <summary>Inputs in one transaction.</summary>
    public required int BatchMaxSize { get; init; }

    /// <summary>The longest an input waits for its transaction.</summary>
    public required TimeSpan BatchInterval { get; init; }

    /// <summary>Older inputs are deleted.</summary>
    public required TimeSpan Retention { get; init; }

    /// <summary>In megabytes; beyond it the oldest inputs are deleted first.</summary>
    public required int FileMegabytesMax { get; init; }

    internal static RecorderOptions Read(ParameterBinder from) => new()
    {
        Enabled = from.AtStart("recorder.enabled", "true", Kinds.Flag),
        DbPath = from.AtStart("recorder.db_path", "events.db", Kinds.FileName),
        QueueMaxSize = from.AtStart("recorder.queue_maxsize", "100000", Kinds.Count(1_000, 10_000_000)),
        BatchMaxSize = from.AtStart("recorder.batch_maxsize", "2000", Kinds.Count(1, 100_000)),
        BatchInterval = from.AtStart("recorder.batch_interval_ms", "250", Kinds.Millis(1, 60_000)),
        Retention = from.AtStart("recorder.retention_days", "14", Kinds.Days(1, 3_650)),
        FileMegabytesMax = from.AtStart("recorder.max_file_mb", "20000", Kinds.Count(10, 10_000_000)),
    };
}
