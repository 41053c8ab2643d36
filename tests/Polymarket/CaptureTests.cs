using System.Text;
using System.Text.Json;
using PolyArb.Domain.Books;
using PolyArb.Polymarket.MarketFeed;
using Xunit;

namespace PolyArb.Tests.Polymarket;

/// <summary>Real frames that third parties recorded. Not ours to ship: skipped where they are absent.</summary>
public class CaptureTests
{
    [Fact]
    public void Every_recorded_frame_is_in_the_venues_format()
    {
        var folder = Folder();
        Assert.SkipUnless(Directory.Exists(folder), $"no captures in {folder}; set POLYARB_CAPTURES");

        var files = Directory.EnumerateFiles(folder, "*.jsonl", SearchOption.AllDirectories).Where(file => !file.Contains("meta")).ToArray();
        Assert.NotEmpty(files);
        foreach (var file in files)
        {
            var events = 0;
            foreach (var (line, number) in File.ReadLines(file).Select((line, index) => (line, index + 1)))
            {
                List<BookUpdate> updates = [];
                Assert.True(MarketFrame.TryRead(Encoding.UTF8.GetBytes(FrameOf(line)), updates, out var summary), $"{file}:{number}");
                Assert.Equal(0, summary[FrameEvent.Other]);
                events += updates.Count;
            }

            Assert.NotEqual(0, events);
        }
    }

    /// <summary>Some recorders wrap the frame.</summary>
    private static string FrameOf(string line) =>
        line.StartsWith('{') && JsonElement.Parse(line).TryGetProperty("payload", out var payload) ? payload.GetString()! : line;

    private static string Folder()
    {
        if (Environment.GetEnvironmentVariable("POLYARB_CAPTURES") is { Length: > 0 } given) return given;

        var root = new DirectoryInfo(AppContext.BaseDirectory);
        while (root is not null && !File.Exists(Path.Combine(root.FullName, "Directory.Build.props"))) root = root.Parent;
        return Path.GetFullPath(Path.Combine(root?.FullName ?? ".", "..", "shared", "data", "recorded"));
    }
}
