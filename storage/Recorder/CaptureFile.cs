using System.IO.Compression;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using PolyArb.Domain;
using PolyArb.Domain.Replay;

namespace PolyArb.Storage;

/// <summary>A capture as text: a header line, then one JSON object a line; plain or gzip, told apart by the first bytes.</summary>
public static class CaptureFile
{
    private static readonly JsonWriterOptions Json = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary>
    /// Writes a whole capture; gzip when the name ends in .gz. It has its name only once it is whole; what was there is replaced.
    /// Throws <see cref="StorageException"/>.
    /// </summary>
    public static async Task Write(string path, CaptureHeader header, IAsyncEnumerable<CaptureLine> lines, CancellationToken cancellation)
    {
        var unfinished = path + ".part";
        try
        {
            await using (var file = new BufferedStream(File.Create(unfinished), 1 << 16))
            {
                await using var gzip = path.EndsWith(".gz", StringComparison.Ordinal) ? new GZipStream(file, CompressionLevel.Fastest) : null;
                var output = (Stream?)gzip ?? file;
                await WriteLine(output, header.WriteTo, cancellation);
                await foreach (var line in lines.WithCancellation(cancellation)) await WriteLine(output, json => Write(json, line), cancellation);
            }

            File.Move(unfinished, path, overwrite: true);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new StorageException($"{path} cannot be written ({e.Message}); choose another place", e);
        }
        finally
        {
            if (File.Exists(unfinished)) File.Delete(unfinished);
        }
    }

    /// <summary>The header as a capture's first line has it.</summary>
    internal static byte[] Text(CaptureHeader header)
    {
        using var buffer = new MemoryStream();
        using (var json = new Utf8JsonWriter(buffer, Json)) header.WriteTo(json);
        return buffer.ToArray();
    }

    /// <summary>Throws <see cref="StorageException"/>.</summary>
    internal static CaptureHeader ParseHeader(string path, string text)
    {
        try
        {
            using var line = JsonDocument.Parse(text);
            return CaptureHeader.Parse(line.RootElement);
        }
        catch (Exception e) when (e is JsonException or FormatException or KeyNotFoundException or InvalidOperationException
            or OverflowException or IndexOutOfRangeException)
        {
            throw new StorageException($"{path}: line 1 is not of a capture ({e.Message}); export it again", e);
        }
    }

    internal static async Task<CaptureHeader> ReadHeader(string path, CancellationToken cancellation)
    {
        try
        {
            using var reader = new StreamReader(OpenStream(path).Text, Encoding.UTF8);
            if (await reader.ReadLineAsync(cancellation) is { Length: > 0 } text) return ParseHeader(path, text);
        }
        catch (Exception e) when (e is IOException or InvalidDataException)
        {
            throw new StorageException($"{path} breaks off ({e.Message}); get it again or read what came before", e);
        }

        throw new StorageException($"{path} is empty; a capture starts with a header line");
    }

    /// <summary>The file, and its text, which is the same stream when it is plain. Throws <see cref="StorageException"/>.</summary>
    internal static (FileStream File, Stream Text) OpenStream(string path)
    {
        try
        {
            var file = File.OpenRead(path);
            var isGzip = file.ReadByte() == 0x1f && file.ReadByte() == 0x8b;
            file.Position = 0;
            return (file, isGzip ? new GZipStream(file, CompressionMode.Decompress) : file);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new StorageException($"{path} cannot be read ({e.Message}); check the path", e);
        }
    }

    private static void Write(Utf8JsonWriter json, CaptureLine line)
    {
        json.WriteStartObject();
        json.WriteNumber("n", line.Sequence);
        json.WriteNumber("t", line.At.Micros);
        json.WriteString("c", line.Connection);
        json.WriteString("s", InputKinds.Word(line.Kind));
        json.WriteString("m", line.Text);
        json.WriteEndObject();
    }

    private static async Task WriteLine(Stream output, Action<Utf8JsonWriter> write, CancellationToken cancellation)
    {
        using var buffer = new MemoryStream();
        await using (var json = new Utf8JsonWriter(buffer, Json)) write(json);
        buffer.WriteByte((byte)'\n');
        await output.WriteAsync(buffer.GetBuffer().AsMemory(0, (int)buffer.Length), cancellation);
    }
}
