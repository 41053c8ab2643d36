using System.Runtime.InteropServices;
using System.Runtime.Versioning;
using System.Text;

namespace PolyArb.Storage;

/// <summary>What .NET has no call for. Paths are short and local, so nothing here waits for long.</summary>
[UnsupportedOSPlatform("windows")]
internal static class Posix
{
    /// <summary>
    /// The first bytes of a file that somebody else holds, or null. .NET takes a shared lock of its own on every file it opens, which the
    /// holder's refuses, so the bytes are read past it.
    /// </summary>
    public static string? Peek(string path)
    {
        var descriptor = Native.Open(Encoding.UTF8.GetBytes(path + '\0'), 0);
        if (descriptor < 0) return null;

        var buffer = new byte[256];
        var length = (int)Native.Read(descriptor, buffer, buffer.Length);
        _ = Native.Close(descriptor);
        return Encoding.UTF8.GetString(buffer, 0, Math.Max(0, length));
    }

    /// <summary>The names in a directory are on disk when this returns true: what was renamed survives a power loss.</summary>
    public static bool Flush(string directory)
    {
        var descriptor = Native.Open(Encoding.UTF8.GetBytes(directory + '\0'), 0);
        if (descriptor < 0) return false;

        var answer = Native.Sync(descriptor);
        _ = Native.Close(descriptor);
        return answer == 0;
    }

    private static class Native
    {
        [DllImport("libc", EntryPoint = "open")]
        [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
        public static extern int Open(byte[] path, int flags);

        [DllImport("libc", EntryPoint = "read")]
        [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
        public static extern nint Read(int descriptor, byte[] buffer, nint count);

        [DllImport("libc", EntryPoint = "fsync")]
        [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
        public static extern int Sync(int descriptor);

        [DllImport("libc", EntryPoint = "close")]
        [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
        public static extern int Close(int descriptor);
    }
}
