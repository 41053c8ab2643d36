namespace PolyArb.Silo.Metrics;

/// <summary>Is handed every snapshot. Must not wait.</summary>
internal interface ISnapshotReader
{
    void Take(SiloSnapshot snapshot);
}

/// <param name="Interval">Between two snapshots.</param>
/// <param name="BooksMax">Books in one; a market whose books do not all fit has none in it.</param>
/// <param name="Levels">Of each side.</param>
internal sealed record SnapshotPlan(TimeSpan Interval, int BooksMax, int Levels);
