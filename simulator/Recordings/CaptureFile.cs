using System.IO.Compression;

namespace PolyArb.Simulator.Recordings;

/// <summary>A file of lines, gzipped when its name says so.</summary>
internal static class CaptureFile
{
    public static Stream Create(string path)
    {
        var file = new FileStream(path, FileMode.Create, FileAccess.Write, FileShare.Read);
        return Zipped(path) ? new GZipStream(file, CompressionLevel.Fastest) : file;
    }

    public static StreamReader Open(string path)
    {
        var file = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite);
        return new StreamReader(Zipped(path) ? new GZipStream(file, CompressionMode.Decompress) : file);
    }

    private static bool Zipped(string path) => path.EndsWith(".gz", StringComparison.OrdinalIgnoreCase);
}
