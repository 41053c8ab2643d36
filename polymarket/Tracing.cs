using System.Diagnostics;
using PolyArb.Polymarket.Orders;

namespace PolyArb.Polymarket;

/// <summary>
/// A span for each REST call, repetitions included. While nobody listens it is a look at a flag. In it stand method, host, path and status:
/// no header, no query, no body, and no word of the answer.
/// </summary>
public static class Tracing
{
    public const string Name = "PolyArb.Polymarket";

    /// <summary>A part of a path that is longer is somebody's id.</summary>
    private const int WordMax = 24;

    private static readonly ActivitySource Source = new(Name);

    internal static Activity? Request(HttpRequestMessage request, Uri? host)
    {
        if (Source.StartActivity("request", ActivityKind.Client) is not { } span) return null;
        if (!span.IsAllDataRequested) return span;

        var address = host is null ? request.RequestUri! : new Uri(host, request.RequestUri!);
        var path = string.Join('/', address.AbsolutePath.Split('/').Select(part => part.Length > WordMax || part.StartsWith("0x", StringComparison.Ordinal) ? "*" : part));
        span.DisplayName = $"{request.Method} {path}";
        return span.SetTag("http.request.method", request.Method.Method).SetTag("server.address", address.Host).SetTag("url.template", path);
    }

    internal static void Answered(this Activity? span, VenueResponse response)
    {
        if (span is not { IsAllDataRequested: true }) return;

        if (response.Status is { } status) span.SetTag("http.response.status_code", (int)status);
        else span.SetTag("error.type", response.IsUnsent ? "unsent" : "lost");
        if (!response.IsSuccess) span.SetStatus(ActivityStatusCode.Error);
    }
}
