using System.Net.Http.Headers;
using System.Text;
using PolyArb.Polymarket.Signing;

namespace PolyArb.Polymarket.Orders;

/// <summary>Requests in the wallet's name. A failure of the wire is a response without a status.</summary>
internal sealed class VenueHttp(VenueOptions options, VenueClock clock)
{
    private readonly string _address = options.RequiredSigner.Address.ToString();
    private readonly Credentials _credentials = options.RequiredCredentials;
    private readonly byte[] _hidden = Encoding.UTF8.GetBytes(options.RequiredCredentials.Passphrase); // The one secret that travels.

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

        return Send(http, request, cancellation, _hidden);
    }

    /// <summary>The same without a signature: public data, and the requests that carry their own.</summary>
    /// <param name="hidden">What must not come back: an answer that repeats it has stars in its place.</param>
    public static async Task<VenueResponse> Send(HttpClient http, HttpRequestMessage request, CancellationToken cancellation, byte[]? hidden = null)
    {
        using (request)
        using (var span = Tracing.Request(request, http.BaseAddress))
        {
            var response = await Answer(http, request, hidden, cancellation);
            span.Answered(response);
            return response;
        }
    }

    private static async Task<VenueResponse> Answer(HttpClient http, HttpRequestMessage request, byte[]? hidden, CancellationToken cancellation)
    {
        try
        {
            using var response = await http.SendAsync(request, cancellation);
            return VenueResponse.Of(response, Without(hidden, await response.Content.ReadAsByteArrayAsync(cancellation)));
        }
        catch (OperationCanceledException)
        {
            return VenueResponse.Lost(cancellation.IsCancellationRequested ? "given up" : "timed out");
        }
        catch (HttpRequestException e) when (IsBeforeSending(e.HttpRequestError))
        {
            return VenueResponse.Unsent(e.Message);
        }
        catch (Exception e) when (e is not OutOfMemoryException) // Whatever it is, and a proxy's broken body is InvalidDataException: a request may be at the venue now.
        {
            return VenueResponse.Lost(e is Polly.ExecutionRejectedException ? "timed out" : (e.InnerException ?? e).Message); // The outer one says only that it failed.
        }
    }

    private static byte[] Without(byte[]? hidden, byte[] body)
    {
        if (hidden is not { Length: >= 8 }) return body;

        for (int at; (at = body.AsSpan().IndexOf(hidden)) >= 0;) body.AsSpan(at, hidden.Length).Fill((byte)'*');
        return body;
    }

    /// <summary>There was no connection yet, so nothing of the request can have arrived.</summary>
    private static bool IsBeforeSending(HttpRequestError error) => error
        is HttpRequestError.ConnectionError or HttpRequestError.NameResolutionError or HttpRequestError.SecureConnectionError or HttpRequestError.ProxyTunnelError;
}
