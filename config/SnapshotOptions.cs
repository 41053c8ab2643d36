namespace PolyArb.Config;

/// <summary>What is written down from time to time: section `snapshot`.</summary>
public sealed record SnapshotOptions
{
    public required TimeSpan Interval { get; init; }

    public required int BooksMax { get; init; }

    /// <summary>Levels of each side of a book.</summary>
    public required int Levels { get; init; }

    /// <summary>Older figures are deleted.</summary>
    public required TimeSpan Retention { get; init; }

    /// <summary>Older books are.</summary>
    public required TimeSpan BookRetention { get; init; }

    internal static SnapshotOptions Read(ParameterBinder from) => new()
    {
        Interval = from.AtStart("snapshot.interval_sec", "5", Kinds.Seconds(1, 3_600)),
        BooksMax = from.AtStart("snapshot.max_books", "50", Kinds.Count(0, 10_000)),
        Levels = from.AtStart("snapshot.levels", "5", Kinds.Count(1, 50)),
        Retention = from.AtStart("snapshot.retention_days", "30", Kinds.Days(1, 3_650)),
        BookRetention = from.AtStart("snapshot.book_retention_days", "2", Kinds.Days(1, 3_650)),
    };
}
