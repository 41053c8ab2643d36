using System.Globalization;
using System.Text;

namespace PolyArb.Storage;

/// <summary>
/// polyarb.lock, held as long as the process lives: the system lets go of it, however the process ends. The file says who holds
/// it; it stays behind, because deleting it would let two processes hold two files of one name. Who ends in good order empties it.
/// </summary>
internal sealed class DirectoryLock : IDisposable
{
    private readonly FileStream _file;

    private DirectoryLock(FileStream file, string left) => (_file, DiedBefore) = (file, left.Length > 0 ? left : null);

    /// <summary>The holder before, if it did not let go by itself.</summary>
    public string? DiedBefore { get; }

    /// <summary>Throws <see cref="DataDirectoryException"/> naming the holder.</summary>
    public static DirectoryLock Take(string path, DateTimeOffset now)
    {
        var file = Open(path);
        try
        {
            var holder = string.Create(CultureInfo.InvariantCulture, $"pid {Environment.ProcessId} since {now.UtcDateTime:yyyy-MM-ddTHH:mm:ssZ}\n");
            using var before = new StreamReader(file, leaveOpen: true);
            var left = before.ReadToEnd().Trim();
            file.SetLength(0);
            file.Write(Encoding.UTF8.GetBytes(holder));
            file.Flush(flushToDisk: true);
            return new DirectoryLock(file, left);
        }
        catch (IOException e)
        {
            file.Dispose();
            throw new DataDirectoryException($"{path} cannot be written ({e.Message}); check the disk", e);
        }
    }

    public void Dispose()
    {
        try
        {
            _file.SetLength(0);
        }
        catch (IOException)
        {
            // The disk is gone: the next holder hears that we died, which is near enough.
        }

        _file.Dispose();
    }

    private static FileStream Open(string path)
    {
        try
        {
            return new FileStream(path, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);
        }
        catch (IOException e) when (Holder(path) is { } holder)
        {
            throw new DataDirectoryException($"{Path.GetDirectoryName(path)} is in use by another process ({holder}); stop it or use another --data", e);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new DataDirectoryException($"{path} cannot be locked ({e.Message}); check who owns the directory", e);
        }
    }

    /// <summary>What the holder wrote, or null.</summary>
    private static string? Holder(string path)
    {
        if (OperatingSystem.IsWindows() || !File.Exists(path)) return null;

        return Posix.Peek(path)?.Trim() switch
        {
            null => null,
            "" => "just starting",
            var holder => holder,
        };
    }
}
