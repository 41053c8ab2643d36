using PolyArb.Tests.EndToEnd;
using Xunit;

namespace PolyArb.Tests.Client;

/// <summary>A text that people and scripts rely on, kept as a file beside the tests. POLYARB_SNAPSHOTS=write takes what is said now instead.</summary>
internal static class Snapshot
{
    private static readonly string Folder = Path.Combine(Programs.Root, "tests", "Client", "Snapshots");

    public static void Matches(string name, string text)
    {
        var file = Path.Combine(Folder, name);
        if (Environment.GetEnvironmentVariable("POLYARB_SNAPSHOTS") == "write")
        {
            Directory.CreateDirectory(Path.GetDirectoryName(file)!);
            File.WriteAllText(file, text);
            return;
        }

        Assert.True(File.Exists(file), $"{file} is missing: run the test once with POLYARB_SNAPSHOTS=write and look at what it says");
        Assert.True(File.ReadAllText(file) == text, $"{file} is not what is said now; POLYARB_SNAPSHOTS=write takes it over:\n{text}");
    }

    /// <summary>Names of the files of a folder, without their endings.</summary>
    public static string[] Names(string folder) =>
        [.. Directory.EnumerateFiles(Path.Combine(Folder, folder)).Select(file => Path.GetFileNameWithoutExtension(file)).Order(StringComparer.Ordinal)];
}
