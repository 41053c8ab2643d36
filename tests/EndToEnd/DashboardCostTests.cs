using System.Diagnostics;
using System.Globalization;
using System.Text.RegularExpressions;
using Microsoft.Playwright;
using PolyArb.Tests.Dashboard;
using Xunit;

namespace PolyArb.Tests.EndToEnd;

/// <summary>What open pages cost the silo that serves them. It measures, so it runs only when it is asked for: docs/performance.md has the command.</summary>
[Collection(nameof(EndToEnd))]
public sealed partial class DashboardCostTests(ITestOutputHelper output) : IDisposable
{
    private const string Series = "polyarb_latency_seconds_bucket{series=\"recv_to_decision\"";

    private static readonly TimeSpan Window = TimeSpan.FromSeconds(30);

    private readonly string _directory = Directory.CreateTempSubdirectory("polyarb-e2e-").FullName;

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public void Dispose() => Directory.Delete(_directory, recursive: true);

    /// <summary>By turns without and with ten pages, so that a machine that gets slower does so for both.</summary>
    [Fact(Explicit = true)]
    public async Task Ten_open_pages_beside_a_demo_and_none()
    {
        await using var demo = Programs.Silo(["--demo", "--seed", "7", "--data", Path.Combine(_directory, "data")], _directory);
        var url = (await demo.Line("dashboard http://127.0.0.1:", Cancellation))["dashboard ".Length..];
        await using var site = await Site.Open(url);
        await Task.Delay(Window, Cancellation); // What is compiled at the first time is compiled.
        for (var round = 1; round <= 3; round++)
        {
            output.WriteLine($"round {round}, no page:   {await Measure(demo.Id, url)}");
            var pages = new List<IPage>();
            for (var page = 0; page < 10; page++) pages.Add(await site.Page((page % 3) switch { 0 => "/", 1 => "/markets", _ => await AMarket(pages[1]) }));
            output.WriteLine($"round {round}, ten pages: {await Measure(demo.Id, url)}");
            foreach (var page in pages) await page.CloseAsync();
        }
    }

    private static async Task<string> AMarket(IPage markets) => "/" + await markets.Locator("[data-edge-of] a").First.GetAttributeAsync("href");

    /// <summary>Over a window: the silo's share of one core, decisions a second, and by how much of the time it took from received to decided.</summary>
    private static async Task<string> Measure(int process, string url)
    {
        using var http = new HttpClient();
        using var silo = Process.GetProcessById(process);
        var (before, worked, begun) = (Buckets(await http.GetStringAsync(url + "/metrics", Cancellation)), silo.TotalProcessorTime, Stopwatch.GetTimestamp());
        await Task.Delay(Window, Cancellation);
        var after = Buckets(await http.GetStringAsync(url + "/metrics", Cancellation));
        silo.Refresh();
        var seconds = Stopwatch.GetElapsedTime(begun).TotalSeconds;
        var decided = after.Zip(before, (now, then) => (now.UpTo, Count: now.Count - then.Count)).ToArray();
        return string.Create(
            CultureInfo.InvariantCulture,
            $"processor {(silo.TotalProcessorTime - worked).TotalSeconds / seconds:P1} of a core, {decided[^1].Count / seconds:0} turns a second, half within {Within(0.5)} s, 99 % within {Within(0.99)} s");

        string Within(double share) => decided.First(bucket => bucket.Count >= share * decided[^1].Count).UpTo;
    }

    /// <summary>Cumulative, the last of them everything.</summary>
    private static (string UpTo, long Count)[] Buckets(string metrics) =>
    [
        .. metrics.Split('\n').Where(line => line.StartsWith(Series, StringComparison.Ordinal))
            .Select(line => (Bound().Match(line).Groups[1].Value, long.Parse(line.Split(' ')[1], CultureInfo.InvariantCulture))),
    ];

    [GeneratedRegex("le=\"([^\"]+)\"")]
    private static partial Regex Bound();
}
