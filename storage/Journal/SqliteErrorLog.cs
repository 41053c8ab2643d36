using System.Threading.Channels;
using Microsoft.Data.Sqlite;
using PolyArb.Domain;
using PolyArb.Domain.Ports;

namespace PolyArb.Storage;

/// <summary>
/// The unreadable among the `errors` of polyarb.db. Bounded everywhere, so that a storm fills neither memory nor disk: ten a minute
/// from each place, 64 KB of each, the newest thousand rows. What is left out is counted in the next row of its place.
/// </summary>
public sealed class SqliteErrorLog : IErrorLog, IAsyncDisposable
{
    public const int BytesMax = 64 * 1024;
    public const int PerMinuteMax = 10;
    public const int RowsMax = 1_000;

    private const int WaitingMax = 64;
    private const int PlacesMax = 64;
    private const long MicrosPerMinute = 60_000_000;

    private readonly GatedSqliteDataSource _source;
    private readonly Action<string> _report;
    private readonly Channel<Entry> _waiting = Channel.CreateBounded<Entry>(new BoundedChannelOptions(WaitingMax) { SingleReader = true });
    private readonly Lock _gate = new();
    private readonly Dictionary<string, Place> _places = [];
    private readonly Task _writing;
    private long _leftOut;
    private bool _isFailing;

    /// <param name="source">polyarb.db, prepared (<see cref="Schema.PrepareJournal"/>).</param>
    /// <param name="report">Gets one line when writing begins to fail, from the writer; must not throw.</param>
    public SqliteErrorLog(GatedSqliteDataSource source, Action<string> report)
    {
        (_source, _report) = (source, report);
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
            catch (SqliteException e)
            {
                Interlocked.Increment(ref _leftOut);
                if (!_isFailing) _report($"errors are not kept: {StorageException.From(e, _source.File).Message}");
                _isFailing = true;
            }
        }
    }

    private async Task Write(Entry entry)
    {
        await using var connection = await _source.OpenConnectionAsync();
        using var transaction = connection.BeginTransaction();
        using var command = connection.CreateCommand();
        command.Transaction = transaction;
        command.CommandText =
            """
            INSERT INTO errors (n, at, "where", what, bytes, length, left_out)
            VALUES (min(0, (SELECT ifnull(min(n), 0) FROM errors)) - 1, @at, @where, @what, @bytes, @length, @left);
            DELETE FROM errors WHERE n < 0 AND n >= (SELECT min(n) FROM errors) + @rows;
            """;
        command.Parameters.AddWithValue("@at", entry.At.Micros);
        command.Parameters.AddWithValue("@where", entry.Where);
        command.Parameters.AddWithValue("@what", entry.What);
        command.Parameters.AddWithValue("@bytes", entry.Bytes);
        command.Parameters.AddWithValue("@length", entry.Length);
        command.Parameters.AddWithValue("@left", entry.LeftOut);
        command.Parameters.AddWithValue("@rows", RowsMax);
        command.ExecuteNonQuery();
        transaction.Commit();
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
