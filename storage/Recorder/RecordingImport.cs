using System.Text;
using Microsoft.Data.Sqlite;
using PolyArb.Domain.Replay;

namespace PolyArb.Storage;

/// <summary>Makes an events.db out of a capture: the same inputs under the same numbers, sealed anew.</summary>
public static class RecordingImport
{
    private const int BatchMax = 2_000;

    /// <summary>It has its name only once it is whole. Throws <see cref="StorageException"/>, also when a number does not follow the one before.</summary>
    public static async Task Write(string path, CaptureHeader header, IAsyncEnumerable<CaptureLine> lines, CancellationToken cancellation)
    {
        var unfinished = path + ".part";
        Delete(unfinished);
        try
        {
            Schema.PrepareEvents(unfinished);
            using (var source = GatedSqliteDataSource.Fast(unfinished)) await Write(source, header, lines, cancellation);
            File.Move(unfinished, path, overwrite: true);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new StorageException($"{path} cannot be written ({e.Message}); choose another place", e);
        }
        finally
        {
            Delete(unfinished);
        }
    }

    private static async Task Write(GatedSqliteDataSource source, CaptureHeader header, IAsyncEnumerable<CaptureLine> lines, CancellationToken cancellation)
    {
        await Keep(source, header);
        var writer = EventWriter.Open(source, notesLosses: false);
        List<TakenInput> batch = [];
        await foreach (var line in lines.WithCancellation(cancellation))
        {
            var last = batch.Count > 0 ? batch[^1].Number : writer.Last;
            if (line.Sequence <= last) throw new StorageException($"n {line.Sequence} comes after n {last}: the capture is out of order; export it again");

            batch.Add(TakenInput.Of(line.Sequence, line.At, line.Connection, line.Kind, line.Text));
            if (batch.Count == BatchMax) await Write(writer, batch);
        }

        await Write(writer, batch);
    }

    private static async Task Write(EventWriter writer, List<TakenInput> batch)
    {
        if (batch.Count > 0) await writer.Write(batch);
        foreach (var input in batch) input.Return();
        batch.Clear();
    }

    private static void Delete(string file)
    {
        foreach (var name in (string[])[file, file + "-wal", file + "-shm"])
        {
            if (File.Exists(name)) File.Delete(name);
        }
    }

    private static async Task Keep(GatedSqliteDataSource source, CaptureHeader header)
    {
        try
        {
            await using var connection = await source.OpenConnectionAsync();
            await using var insert = connection.CreateCommand();
            insert.CommandText = "INSERT INTO header (id, m) VALUES (1, @m)";
            insert.Parameters.AddWithValue("@m", Encoding.UTF8.GetString(CaptureFile.Text(header)));
            await insert.ExecuteNonQueryAsync();
        }
        catch (SqliteException e)
        {
            throw StorageException.From(e, source.File);
        }
    }
}
