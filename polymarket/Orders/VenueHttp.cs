using System.Net;
using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;
using PolyArb.Polymarket.Json;
using PolyArb.Polymarket.Signing;

namespace PolyArb.Polymarket.Orders;

/// <summary>What came back: a status and its bytes, or why nothing did.</summary>
internal readonly record struct VenueResponse(HttpStatusCode? Status, byte[] Body, string Why)
{
    /// <summary>A page, not the API: Cloudflare, a proxy, a wrong host.</summary>
    public bool IsPage => Text.AsSpan().TrimStart().StartsWith("<");

    public string Text => Encoding.UTF8.GetString(Body);

    /// <summary>The venue's own words for a failure, or "".</summary>
    public string Error
    {
        get
        {
            try
            {
                var root = JsonElements.Parse(Body);
                return root.Text("error") is { Length: > 0 } error ? error : root.Text("errorMsg") is { Length: > 0 } message ? message : root.Text("error_msg");
            }
            catch (Exception e) when (e is JsonException or InvalidOperationException)
            {
                return "";
            }
        }
    }

    /// <summary>One line for a person: never a page's markup.</summary>
    public string Summary => Status is not { } status
        ? Why
        : IsPage
            ? $"HTTP {(int)status} with a web page"
            : Error is { Length: > 0 } error ? $"HTTP {(int)status}: {OneLine(error)}" : $"HTTP {(int)status}";

    private static string OneLine(string text) => text.ReplaceLineEndings(" ") is var line && line.Length > 300 ? line[..300] : line;
}

/// <summary>Requests in the wallet's name. A failure of the wire is a response without a status.</summary>
internal sealed class VenueHttp(VenueOptions options, VenueClock clock)
{
    private readonly string _address = options.RequiredSigner.Address.ToString();
    private readonly Credentials _credentials = options.RequiredCredentials;

    /// <summary>Signs and sends; the request has started when this returns its task. The path goes unsigned past its "?".</summary>
    public Task<VenueResponse> Send(HttpClient http, HttpMethod method, string path, string? body, CancellationToken cancellation)
    {
        var bytes = body is null ? [] : Encoding.UTF8.GetBytes(body);
        var query = path.IndexOf('?', StringComparison.Ordinal);
        var request = new HttpRequestMessage(method, new Uri(path, UriKind.Relative));
        AuthHeaders.AddL2(request.Headers, _address, _credentials, clock.Seconds, method.Method, query < 0 ? path : path[..query], bytes);
        if (body is not null)
        {
            request.Content = new ByteArrayContent(bytes);
            request.Content.Headers.ContentType = new MediaTypeHeaderValue("application/json");
        }

        return Send(http, request, cancellation);
    }

    /// <summary>The same without a signature: public data, and the requests that carry their own.</summary>
    public static async Task<VenueResponse> Send(HttpClient http, HttpRequestMessage request, CancellationToken cancellation)
    {
        using (request)
        {
            try
            {
                using var response = await http.SendAsync(request, cancellation);
                return new VenueResponse(response.StatusCode, await response.Content.ReadAsByteArrayAsync(cancellation), "");
            }
            catch (OperationCanceledException)
            {
                return new VenueResponse(null, [], cancellation.IsCancellationRequested ? "given up" : "timed out");
            }
            catch (Exception e) when (e is HttpRequestException or IOException or Polly.ExecutionRejectedException)
            {
                return new VenueResponse(null, [], e is Polly.ExecutionRejectedException ? "timed out" : e.Message);
            }
        }
    }
}
