namespace PolyArb.Domain.Books;

/// <summary>
/// What a frame says, in arrays that are used again for the next one. What was added is good until <see cref="Clear"/>; an
/// array that grew leaves the old one to whoever still reads it.
/// </summary>
public sealed class UpdateBuffer
{
    private BookUpdate[] _updates = new BookUpdate[4];
    private Level[] _levels = new Level[256];
    private LevelChange[] _entries = new LevelChange[16];

    public int Count { get; private set; }

    public int LevelCount { get; private set; }

    public int EntryCount { get; private set; }

    public ReadOnlySpan<BookUpdate> Updates => _updates.AsSpan(0, Count);

    public ref readonly BookUpdate this[int index] => ref Updates[index];

    public void Clear() => (Count, LevelCount, EntryCount) = (0, 0, 0);

    /// <summary>Forgets what was added after the buffer had these counts: all of a frame or none of it.</summary>
    public void CutTo((int Updates, int Levels, int Entries) counts) => (Count, LevelCount, EntryCount) = counts;

    public void Add(in BookUpdate update)
    {
        if (Count == _updates.Length) Array.Resize(ref _updates, Count * 2);
        _updates[Count++] = update;
    }

    public void Add(in Level level)
    {
        if (LevelCount == _levels.Length) Array.Resize(ref _levels, LevelCount * 2);
        _levels[LevelCount++] = level;
    }

    public void Add(in LevelChange entry)
    {
        if (EntryCount == _entries.Length) Array.Resize(ref _entries, EntryCount * 2);
        _entries[EntryCount++] = entry;
    }

    public ReadOnlyMemory<Level> LevelsFrom(int start) => _levels.AsMemory(start, LevelCount - start);

    public ReadOnlyMemory<LevelChange> EntriesFrom(int start) => _entries.AsMemory(start, EntryCount - start);

    /// <summary>The entries added since, for who fills in what stood beside them.</summary>
    public Span<LevelChange> OpenEntriesFrom(int start) => _entries.AsSpan(start, EntryCount - start);
}
