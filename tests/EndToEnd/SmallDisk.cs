using System.Diagnostics;
using Xunit;

namespace PolyArb.Tests.EndToEnd;

/// <summary>A file system of its own in memory, as small as the test wants it; gone with the test. Needs root, and skips the test without.</summary>
internal sealed class SmallDisk : IDisposable
{
    private readonly string _path;

    private SmallDisk(string path) => _path = path;

    /// <param name="size">As mount wants it: "4m".</param>
    public static SmallDisk Mount(string path, string size)
    {
        Directory.CreateDirectory(path);
        if (Environment.UserName != "root") Assert.Skip("a disk of its own (tmpfs) can be mounted by root alone: run ./test.sh as root");

        Run("mount", "-t", "tmpfs", "-o", $"size={size}", "tmpfs", path);
        return new SmallDisk(path);
    }

    public void Remount(string option) => Run("mount", "-o", $"remount,{option}", _path);

    /// <summary>Takes what room there is, to the last page.</summary>
    public void Fill()
    {
        using var file = new FileStream(Filler, FileMode.Create, FileAccess.Write, FileShare.None, bufferSize: 0);
        var page = new byte[4_096];
        try
        {
            while (true) file.Write(page);
        }
        catch (IOException)
        {
            // Full.
        }
    }

    public void Free() => File.Delete(Filler);

    public void Dispose() => Run("umount", "-l", _path);

    private string Filler => Path.Combine(_path, "filler");

    private static void Run(string program, params string[] arguments)
    {
        using var process = Process.Start(program, arguments);
        process.WaitForExit();
        Assert.Equal(0, process.ExitCode);
    }
}
