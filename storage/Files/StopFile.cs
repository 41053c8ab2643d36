using System.Globalization;
using System.Text;
using System.Text.Json;
using PolyArb.Domain.Journal;
using PolyArb.Domain.Ports;

namespace PolyArb.Storage;

/// <summary>
/// polyarb.stop in a data directory. Its presence is the stop; what it says is for the journal. It is written by a process that
/// may know nothing of the silo, so nothing about it needs the lock of the directory.
/// </summary>
public sealed class StopFile(string directory) : IStopFile
{
    private const string Name = "polyarb.stop";

    /// <summary>The last one that was obeyed stays, to be looked at.</summary>
    private const string RetiredName = "polyarb.stop.obeyed";

    public string Path { get; } = System.IO.Path.Combine(directory, Name);

    public bool IsPresent => System.IO.Path.Exists(Path);

    /// <summary>
    /// On disk when this returns, whole or not at all. On a full disk it may be empty, which stops as well. Throws
    /// <see cref="IOException"/> or <see cref="UnauthorizedAccessException"/> when there is no file after all.
    /// </summary>
    public void Write(string by, string reason, DateTimeOffset now)
    {
        var text = DomainJson.Write(new Words(by, now.UtcDateTime.ToString("yyyy-MM-ddTHH:mm:ssZ", CultureInfo.InvariantCulture), reason)) + "\n";
        var written = $"{Path}.{Environment.ProcessId}";
        try
        {
            using (var file = new FileStream(written, FileMode.Create, FileAccess.Write))
            {
                file.Write(Encoding.UTF8.GetBytes(text));
                file.Flush(flushToDisk: true);
            }

            File.Move(written, Path, overwrite: true);
        }
        catch (IOException)
        {
            File.Delete(written);
            using var empty = new FileStream(Path, FileMode.OpenOrCreate, FileAccess.Write); // A name may fit where a line does not.
        }

        if (!OperatingSystem.IsWindows()) Posix.Flush(directory);
    }

    public StopOrder? Read()
    {
        if (!IsPresent) return null;

        try
        {
            var words = DomainJson.Read<Words>(File.ReadAllText(Path));
            return new StopOrder(words.By, $"{words.Reason} (stop file of {words.At})");
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or JsonException)
        {
            return IsPresent ? new StopOrder("stop file", $"{Name} is there, and says nothing that can be read") : null;
        }
    }

    public void Retire()
    {
        try
        {
            File.Move(Path, System.IO.Path.Combine(directory, RetiredName), overwrite: true);
        }
        catch (FileNotFoundException)
        {
            return; // Somebody took it away.
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new IOException($"{Path} cannot be moved away ({e.Message}): until somebody removes it, this silo stays SAFE", e);
        }
    }

    private sealed record Words(string By, string At, string Reason);
}
