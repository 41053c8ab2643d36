namespace PolyArb.Config;

/// <summary>The file that holds the key, and so is its owner's alone.</summary>
public static class DotEnvFile
{
    /// <summary>What others than its owner may do with it; None for a file that is not there. Not on Windows, which has no such modes.</summary>
    [System.Runtime.Versioning.UnsupportedOSPlatform("windows")]
    public static UnixFileMode OthersMay(string file)
    {
        const UnixFileMode others = UnixFileMode.GroupRead | UnixFileMode.GroupWrite | UnixFileMode.OtherRead | UnixFileMode.OtherWrite;
        return File.Exists(file) ? File.GetUnixFileMode(file) & others : UnixFileMode.None;
    }
}
