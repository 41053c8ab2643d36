using System.Text;
using Microsoft.Data.Sqlite;
using PolyArb.Domain;
using PolyArb.Domain.Journal;
using PolyArb.Domain.Ports;
using PolyArb.Domain.Replay;

namespace PolyArb.Storage;

/// <summary>Writes batches of inputs to events.db, each row sealed to the row before it.</summary>
internal sealed class EventWriter
{
    private readonly GatedSqliteDataSource _source;
    private readonly bool _notesLosses;
    private byte[] _seal;
    private long _lostUpTo;

    private EventWriter(GatedSqliteDataSource source, long last, byte[] seal, bool notesLosses)
    {
        (_source, _notesLosses) = (source, notesLosses);
        Last = last;
        _seal = seal;
    }

    /// <summary>The number of the file's last row, also of one that was deleted; 0 when it never had any.</summary>
    public long Last { get; private set; }

    /// <summary>The number of the last input that is missing in what was written since the start; 0 for none.</summary>
    public long LostUpTo => Interlocked.Read(ref _lostUpTo);

    /// <summary>Continues after the file's last row. Throws <see cref="StorageException"/>.</summary>
    /// <param name="notesLosses">A number that is missing is an input that was lost; else nothing is known of it.</param>
    public static EventWriter Open(GatedSqliteDataSource source, bool notesLosses = true)
    {
        using var connection = ReadOnlyDatabase.Open(source.File);
        try
        {
            using var command = connection.CreateCommand();
            command.CommandText = "SELECT n, seal FROM events ORDER BY n DESC LIMIT 1";
            using var row = command.ExecuteReader();
            if (row.Read()) return new EventWriter(source, row.GetInt64(0), row.GetFieldValue<byte[]>(1), notesLosses);

            var anchor = Anchor.Read(connection); // All rows were deleted.
            return new EventWriter(source, anchor.Number, anchor.Seal, notesLosses);
        }
        catch (SqliteException e)
        {
            throw StorageException.From(e, source.File);
        }
    }

    /// <summary>
    /// All of the batch or none of it, with a row for what was lost before an input. Throws <see cref="StorageException"/>.
    /// </summary>
    public async Task Write(IReadOnlyList<TakenInput> batch)
    {
        try
        {
            await using var connection = await _source.OpenConnectionAsync();
            using var transaction = connection.BeginTransaction();
            using var insert = connection.CreateCommand();
            insert.Transaction = transaction;

            // Bytes as they came, also where they are not UTF-8.
            insert.CommandText = "INSERT INTO events (n, t, c, s, m, seal) VALUES (@n, @t, @c, @s, CAST(@m AS TEXT), @seal)";
            var (n, t) = (insert.Parameters.Add("@n", SqliteType.Integer), insert.Parameters.Add("@t", SqliteType.Integer));
            var (c, s) = (insert.Parameters.Add("@c", SqliteType.Text), insert.Parameters.Add("@s", SqliteType.Text));
            var (m, seal) = (insert.Parameters.Add("@m", SqliteType.Blob), insert.Parameters.Add("@seal", SqliteType.Blob));

            var (last, number, lost) = (_seal, Last, _lostUpTo);
            foreach (var input in batch)
            {
                if (_notesLosses && input.Number > number + 1) Insert(Lost(number + 1, lost = input.Number - 1, input.At));
                Insert(input);
                number = input.Number;
            }

            transaction.Commit();
            (_seal, Last) = (last, number);
            Interlocked.Exchange(ref _lostUpTo, lost);

            void Insert(TakenInput input)
            {
                var word = InputKinds.Word(input.Kind);
                last = Seal.Next(
                    last, input.Number, input.At.Micros, Encoding.UTF8.GetBytes(input.Connection), Encoding.UTF8.GetBytes(word), input.Text);
                (n.Value, t.Value, c.Value, s.Value, seal.Value) = (input.Number, input.At.Micros, input.Connection, word, last);
                m.Value = input.Buffer;
                m.Size = input.Length; // The buffer is rented and longer.
                insert.ExecuteNonQuery();
            }
        }
        catch (SqliteException e)
        {
            throw StorageException.From(e, _source.File);
        }
    }

    /// <summary>The row takes the number of the last one lost: nobody else has it.</summary>
    private static TakenInput Lost(long first, long last, Instant at)
    {
        var bytes = Encoding.UTF8.GetBytes(DomainJson.Write(new RecordedLoss(last - first + 1, first, last)));
        return new TakenInput(last, at, RecordedLoss.Connection, InputKind.Timer, bytes.Length, bytes, Later: null);
    }
}
