namespace PolyArb.Config;

public enum StorageProvider
{
    /// <summary>A file: one silo.</summary>
    Sqlite,

    /// <summary>A database that several silos share.</summary>
    Postgres,
}

/// <summary>Where facts are kept: sections `storage` and `persistence`.</summary>
public sealed record PersistenceOptions
{
    public required StorageProvider Provider { get; init; }

    /// <summary>With sqlite, the journal and its projections; a relative path starts at the data directory.</summary>
    public required string DbPath { get; init; }

    public required TimeSpan FlushInterval { get; init; }

    /// <summary>Rows of the snapshot loop waiting to be written. Facts never wait here: each is durable before it is true.</summary>
    public required int BufferMaxSize { get; init; }

    public required int BufferHighWatermark { get; init; }

    /// <summary>How long a stop waits for the buffer.</summary>
    public required TimeSpan FlushTimeout { get; init; }

    internal static PersistenceOptions Read(ParameterBinder from) => new()
    {
        Provider = from.AtStart("storage.provider", "sqlite", Kinds.OneOf(("sqlite", StorageProvider.Sqlite), ("postgres", StorageProvider.Postgres))),
        DbPath = from.AtStart("persistence.db_path", "polyarb.db", Kinds.FileName, "DB_PATH"),
        FlushInterval = from.AtStart("persistence.flush_interval_sec", "2", Kinds.Seconds(1, 3_600)),
        BufferMaxSize = from.AtStart("persistence.buffer_maxsize", "20000", Kinds.Count(100, 10_000_000)),
        BufferHighWatermark = from.AtStart("persistence.buffer_high_watermark", "15000", Kinds.Count(1, 10_000_000)),
        FlushTimeout = from.AtStart("persistence.flush_timeout_sec", "3", Kinds.Seconds(1, 600)),
    };
}
