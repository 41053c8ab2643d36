using System.IO.Compression;
using System.Text.Json;
using Microsoft.Data.Sqlite;
using PolyArb.Domain;

namespace PolyArb.Storage;

/// <summary>
/// Streams a recording batch by batch, in memory that does not grow with it: an events.db (also while it is written, also a copy) or a
/// capture file. Not for two threads at once.
/// </summary>
public abstract class RecordingReader : IDisposable
{
    private RecordingReader()
    {
    }

    /// <summary>How much of the recording has been read, and how much there is, in its own unit (bytes or rows).</summary>
    public abstract (long Read, long Of) Progress { get; }

    /// <summary>Throws <see cref="StorageException"/>.</summary>
    public static RecordingReader Open(string path) => Recording.IsDatabase(path) ? new OfDatabase(path) : new OfCapture(path);

    /// <summary>Fills the batch with what comes next; false at the end. Throws <see cref="StorageException"/>.</summary>
    public abstract bool Read(InputBatch batch);

    public abstract void Dispose();

    private sealed class OfCapture : RecordingReader
    {
        private readonly string _path;
        private readonly FileStream _file;
        private readonly Stream _stream;
        private byte[] _buffer = new byte[1 << 20];
        private int _start;
        private int _end;
        private int _number; // Of the line read last.
        private bool _isAtEnd;
        private StorageException? _broken;

        public OfCapture(string path)
        {
            _path = path;
            (_file, _stream) = CaptureFile.OpenStream(path);
        }

        public override (long Read, long Of) Progress => (_file.Position, _file.Length);

        public override bool Read(InputBatch batch)
        {
            batch.Clear();
            if (_broken is not null) throw _broken;

            try
            {
                while (!batch.IsFull && TryLine(out var line))
                {
                    _number++;
                    if (_number > 1 && line.Length > 0) CaptureRow.Read(line, batch);
                }
            }
            catch (Exception e) when (e is JsonException or FormatException or InvalidOperationException or OverflowException)
            {
                _broken = new StorageException($"{_path}: line {_number} is not of a capture ({e.Message}); export it again", e);
            }
            catch (Exception e) when (e is IOException or InvalidDataException)
            {
                _broken = new StorageException($"{_path} breaks off ({e.Message}); get it again or read what came before", e);
            }

            if (batch.Inputs.Length == 0 && _broken is not null) throw _broken;
            return batch.Inputs.Length > 0; // What came before is good.
        }

        public override void Dispose() => _stream.Dispose();

        private bool TryLine(out ReadOnlySpan<byte> line)
        {
            var searched = 0;
            while (true)
            {
                var waiting = _buffer.AsSpan(_start, _end - _start);
                var length = waiting[searched..].IndexOf((byte)'\n');
                if (length >= 0 || (_isAtEnd && waiting.Length > 0))
                {
                    line = length >= 0 ? waiting[..(searched + length)] : waiting;
                    _start += length >= 0 ? searched + length + 1 : waiting.Length;
                    if (line.EndsWith("\r"u8)) line = line[..^1];
                    return true;
                }

                line = default;
                if (_isAtEnd) return false;

                searched = waiting.Length;
                Fill();
            }
        }

        private void Fill()
        {
            var waiting = _end - _start;
            if (_start > 0) _buffer.AsSpan(_start, waiting).CopyTo(_buffer);
            else if (waiting == _buffer.Length) Array.Resize(ref _buffer, _buffer.Length * 2);

            (_start, _end) = (0, waiting);
            var read = _stream.Read(_buffer, _end, _buffer.Length - _end);
            _isAtEnd = read == 0;
            _end += read;
        }
    }

    private sealed class OfDatabase : RecordingReader
    {
        private readonly string _path;
        private readonly SqliteConnection _connection;
        private readonly long _first;
        private readonly long _newest;
        private long _last;

        public OfDatabase(string path)
        {
            _path = path;
            _connection = ReadOnlyDatabase.Open(path);
            try
            {
                using var command = _connection.CreateCommand();
                command.CommandText = "SELECT coalesce((SELECT min(n) FROM events), 0), coalesce((SELECT max(n) FROM events), 0)"; // Apart, each is one look.
                using var row = command.ExecuteReader();
                row.Read();
                (_first, _newest) = (row.GetInt64(0), row.GetInt64(1));
                _last = _first - 1;
            }
            catch (SqliteException e)
            {
                _connection.Dispose();
                throw StorageException.From(e, path);
            }
        }

        public override (long Read, long Of) Progress => (_last - _first + 1, Math.Max(_newest, _last) - _first + 1);

        public override bool Read(InputBatch batch)
        {
            batch.Clear();
            var before = _last;
            try
            {
                using var command = _connection.CreateCommand();
                command.CommandText = "SELECT n, t, c, s, CAST(m AS BLOB) FROM events WHERE n > @after ORDER BY n LIMIT @page";
                command.Parameters.AddWithValue("@after", _last);
                command.Parameters.AddWithValue("@page", InputBatch.InputsMax);
                using var rows = command.ExecuteReader();
                while (!batch.IsFull && rows.Read())
                {
                    var (n, word) = (rows.GetInt64(0), rows.GetString(3));
                    if (!InputKinds.TryRead(word, out var kind)) throw new StorageException($"{_path}: row {n} has the unknown kind '{word}'; check its seals");

                    var text = rows.GetFieldValue<byte[]>(4);
                    text.CopyTo(batch.Room(text.Length));
                    batch.Add(n, new Instant(rows.GetInt64(1)), rows.GetString(2), kind, text.Length);
                    _last = n;
                }

                if (before >= _first) Anchor.Follows(_connection, _path, before, batch.Inputs is [var next, ..] ? next.Sequence : null);
            }
            catch (SqliteException e)
            {
                throw StorageException.From(e, _path);
            }

            return batch.Inputs.Length > 0;
        }

        public override void Dispose() => _connection.Dispose();
    }
}
