using System.Collections.Immutable;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;

namespace PolyArb.Dashboard;

/// <summary>A backtest report as it lies in the data directory.</summary>
/// <param name="Name">Below the directory, with a slash where it is in a folder.</param>
public sealed record ReportEntry(string Name, DateTimeOffset WrittenAt, long Bytes);

/// <summary>The backtest reports of the data directory. They are shown as they are: pages of their own, that load nothing.</summary>
internal static class ReportFiles
{
    private const int Most = 500;

    private static readonly EnumerationOptions AFolderDeep = new()
    {
        RecurseSubdirectories = true,
        MaxRecursionDepth = 1,
        IgnoreInaccessible = true,
        AttributesToSkip = FileAttributes.Hidden | FileAttributes.System | FileAttributes.ReparsePoint,
    };

    /// <summary>The newest first.</summary>
    public static ImmutableArray<ReportEntry> In(string directory) => !Directory.Exists(directory) ? [] :
    [
        .. new DirectoryInfo(directory).EnumerateFiles("*.html", AFolderDeep)
            .Select(file => new ReportEntry(Path.GetRelativePath(directory, file.FullName).Replace('\\', '/'), file.LastWriteTimeUtc, file.Length))
            .OrderByDescending(report => report.WrittenAt).ThenBy(report => report.Name, StringComparer.Ordinal).Take(Most),
    ];

    public static void MapReports(this WebApplication app) => app.MapGet("/reports/{**name}", (string name, HttpContext context) =>
    {
        var directory = context.RequestServices.GetRequiredService<DashboardSetup>().Reports;
        if (!In(directory).Any(report => report.Name == name)) return Results.NotFound(); // What is not listed is nobody's business.

        // Its script is its own and runs on a page that knows nothing of ours.
        context.Response.Headers.ContentSecurityPolicy = "default-src 'none'; style-src 'unsafe-inline'; script-src 'unsafe-inline'; img-src data:; sandbox allow-scripts";
        return Results.File(Path.Combine(directory, name), "text/html; charset=utf-8");
    });
}
