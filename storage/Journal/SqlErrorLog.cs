using System.Threading.Channels;
using PolyArb.Domain;
using PolyArb.Domain.Ports;

namespace PolyArb.Storage;

/// <summary>
/// The unreadable among the journal's `errors`. Bounded everywhere, so that a storm fills neither memory nor disk: ten a minute
/// from each place, 64 KB of each, the newest thousand rows. What is left out is counted in the next row of its place.
/// </summary>
public sealed class SqlErrorLog : IErrorLog, IAsyncDisposable
{
    public const int BytesMax = 64 * 1024;
    public const int PerMinuteMax = 10;
    public const int RowsMax = 1_000;

    private const int WaitingMax = 64;
    private const int PlacesMax = 64;
    private const long MicrosPerMinute = 60_000_000;

    private readonly IDatabase _database;
    private readonly Action<string> _report;
    private readonly Channel<Entry> _waiting = Channel.CreateBounded<Entry>(new BoundedChannelOptions(WaitingMax) { SingleReader = true });
    private readonly Lock _gate = new();
    private readonly Dictionary<string, Place> _places = [];
    private readonly Task _writing;
    private long _leftOut;
    private bool _isFailing;

    /// <param name="database">Prepared, as for the journal.</param>
    /// <param name="report">Gets one line when writing begins to fail, from the writer; must not throw.</param>
    public SqlErrorLog(IDatabase database, Action<string> report)
    {
        (_database, _report) = (database, report);
        _writing = Task.Run(WriteAll);
    }

    /// <summary>Not kept since the start: over a limit, or not written.</summary>
    public long LeftOut => Interlocked.Read(ref _leftOut);

    public void Keep(string where, string what, ReadOnlySpan<byte> bytes, Instant at)
    {
        lock (_gate)
        {
            if (PlaceOf(where) is not { } place || !place.HasRoom(at.Micros / MicrosPerMinute))
            {
                Interlocked.Increment(ref _leftOut);
                return;
            }

            var entry = new Entry(at, where, what, bytes[..Math.Min(bytes.Length, BytesMax)].ToArray(), bytes.Length, place.LeftOut);
            if (_waiting.Writer.TryWrite(entry)) place.LeftOut = 0;
            else LeaveOut(place);
        }
    }

    /// <summary>What waits is written first.</summary>
    public async ValueTask DisposeAsync()
    {
        _waiting.Writer.TryComplete();
        await _writing;
    }

    private Place? PlaceOf(string where)
    {
        if (_places.TryGetValue(where, out var known)) return known;

        return _places.Count < PlacesMax ? _places[where] = new Place() : null;
    }

    private void LeaveOut(Place place)
    {
        place.LeftOut++;
        Interlocked.Increment(ref _leftOut);
    }

    private async Task WriteAll()
    {
        await foreach (var entry in _waiting.Reader.ReadAllAsync())
        {
            try
            {
                await Write(entry);
                _isFailing = false;
            }
            catch (Exception e) when (_database.Explain(e) is { } told)
            {
                Interlocked.Increment(ref _leftOut);
                if (!_isFailing) _report($"errors are not kept: {told.Message}");
                _isFailing = true;
            }
        }
    }

    private async Task Write(Entry entry)
    {
        using var connection = new KeptConnection(_database);
        await connection.InTransaction(statements =>
        {
            if (_database.Dialect.LockErrors is { Length: > 0 } wait) statements.Execute(wait);
            statements.Execute(
                """
                INSERT INTO errors (n, at, "where", what, bytes, length, left_out)
                SELECT coalesce(min(n), 0) - 1, @at, @where, @what, @bytes, @length, @left FROM errors WHERE n < 0
                """,
                new { at = entry.At.Micros, where = entry.Where, what = entry.What, bytes = entry.Bytes, length = entry.Length, left = entry.LeftOut });
            statements.Execute("DELETE FROM errors WHERE n < 0 AND n >= (SELECT min(n) FROM errors) + @rows", new { rows = RowsMax });
            return true;
        });
    }

    private sealed record Entry(Instant At, string Where, string What, byte[] Bytes, int Length, long LeftOut);

    private sealed class Place
    {
        private long _minute;
        private int _kept;

        /// <summary>Since the last that was kept.</summary>
        public long LeftOut { get; set; }

        public bool HasRoom(long minute)
        {
            if (minute != _minute) (_minute, _kept) = (minute, 0);
            if (_kept < PerMinuteMax)
            {
                _kept++;
                return true;
            }

            LeftOut++;
            return false;
        }
    }
}
