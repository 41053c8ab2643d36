using System.Diagnostics;
using Xunit;

namespace PolyArb.Tests.EndToEnd;

/// <summary>A file system of its own in memory, as small as the test wants it; gone with the test. Skips the test where nobody may mount one.</summary>
internal sealed class SmallDisk : IDisposable
{
    private readonly string _path;

    private SmallDisk(string path) => _path = path;

    /// <param name="size">As mount wants it: "4m".</param>
    public static SmallDisk Mount(string path, string size)
    {
        Directory.CreateDirectory(path);
        if (Run("mount", "-t", "tmpfs", "-o", $"size={size}", "tmpfs", path) != 0)
            Assert.Skip("a disk of its own (tmpfs) can be mounted by root alone, who may mount at all (CAP_SYS_ADMIN): run ./test.sh as such");

        return new SmallDisk(path);
    }

    public void Remount(string option) => Assert.Equal(0, Run("mount", "-o", $"remount,{option}", _path));

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

    private static int Run(string program, params string[] arguments)
    {
        using var process = Process.Start(program, arguments);
        process.WaitForExit();
        return process.ExitCode;
    }
}
