using System.Text.Json;
using Xunit;

namespace PolyArb.Tests;

/// <summary>What third parties recorded. Not ours to ship: a test that needs it is skipped, and says so, where it is absent.</summary>
internal static class Captures
{
    private static string Folder
    {
        get
        {
            if (Environment.GetEnvironmentVariable("POLYARB_CAPTURES") is { Length: > 0 } given) return given;

            var root = new DirectoryInfo(AppContext.BaseDirectory);
            while (root is not null && !System.IO.File.Exists(Path.Combine(root.FullName, "Directory.Build.props"))) root = root.Parent;
            return Path.GetFullPath(Path.Combine(root?.FullName ?? ".", "..", "shared", "data", "recorded"));
        }
    }

    public static bool AreThere => Directory.Exists(Folder);

    public static string File(string name)
    {
        var path = Path.Combine(Folder, name);
        Assert.SkipUnless(System.IO.File.Exists(path), $"no capture {path}; set POLYARB_CAPTURES");
        return path;
    }

    /// <summary>Every capture of raw market frames, a frame a line.</summary>
    public static IReadOnlyList<string> Files()
    {
        var folder = Folder;
        Assert.SkipUnless(Directory.Exists(folder), $"no captures in {folder}; set POLYARB_CAPTURES");
        var files = Directory.GetFiles(folder, "*.jsonl", SearchOption.AllDirectories).Where(file => !file.Contains("meta", StringComparison.Ordinal)).ToArray();
        Assert.NotEmpty(files);
        return files;
    }

    /// <summary>Some recorders wrap the frame.</summary>
    public static string FrameOf(string line) =>
        line.StartsWith('{') && JsonElement.Parse(line).TryGetProperty("payload", out var payload) ? payload.GetString()! : line;
}
