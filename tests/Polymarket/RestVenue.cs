using System.Collections.Concurrent;
using System.Net.Http.Headers;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace PolyArb.Tests.Polymarket;

/// <summary>
/// A real HTTP server on loopback that keeps what it was asked. It answers what the test says, and else asks the exchange behind it.
/// </summary>
internal sealed class RestVenue : IAsyncDisposable
{
    private readonly WebApplication _app;
    private readonly HttpClient? _exchange;
    private readonly TaskCompletionSource _over = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly ConcurrentDictionary<string, ConcurrentQueue<Said>> _says = new();
    private readonly ConcurrentDictionary<string, ConcurrentQueue<Action>> _meanwhile = new();
    private readonly ConcurrentQueue<(string Call, string Connection, string Body)> _asked = new();
    private readonly ConcurrentDictionary<string, bool> _headers = new();

    private RestVenue(WebApplication app, Uri? exchange)
    {
        _app = app;
        _exchange = exchange is null ? null : new HttpClient(new SocketsHttpHandler { AllowAutoRedirect = false }) { BaseAddress = exchange };
    }

    /// <summary>While set, whatever is asked meets silence.</summary>
    public bool IsBlackHole { get; set; }

    /// <summary>Requests with orders so far.</summary>
    public int Posts => Count("POST /order") + Count("POST /orders");

    public Uri Url => new(_app.Urls.Single());

    public static async Task<RestVenue> Start(Uri? exchange, CancellationToken stop)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        var venue = new RestVenue(builder.Build(), exchange);
        venue._app.Run(venue.Answer);
        await venue._app.StartAsync(stop);
        return venue;
    }

    /// <summary>How often "POST /order" came, whatever its query.</summary>
    public int Count(string call) => _asked.Count(asked => asked.Call == call);

    /// <summary>The connections it came over.</summary>
    public string[] Connections(string call) => [.. _asked.Where(asked => asked.Call == call).Select(asked => asked.Connection).Distinct()];

    /// <summary>Their names, of all requests.</summary>
    public ICollection<string> Headers => _headers.Keys;

    public string[] Bodies(string call) => [.. _asked.Where(asked => asked.Call == call).Select(asked => asked.Body)];

    /// <summary>Said to the next such call that nothing was said to yet.</summary>
    public RestVenue Says(string call, int status, string body, params (string Name, string Value)[] headers) =>
        Says(call, new Said(status, body, headers, IsAfterTheExchange: false));

    /// <summary>The same, but the exchange has carried the call out.</summary>
    public RestVenue SaysAfterwards(string call, int status, string body) => Says(call, new Said(status, body, [], IsAfterTheExchange: true));

    /// <summary>Never answers the next such call.</summary>
    public RestVenue KeepsQuiet(string call) => Says(call, new Said(0, "", [], IsAfterTheExchange: false));

    /// <summary>Done while the next such call is under way: after we sent it, before the exchange has it.</summary>
    public RestVenue Meanwhile(string call, Action happens)
    {
        _meanwhile.GetOrAdd(call, _ => new ConcurrentQueue<Action>()).Enqueue(happens);
        return this;
    }

    public async ValueTask DisposeAsync()
    {
        _over.TrySetResult();
        using var now = new CancellationTokenSource(TimeSpan.Zero);
        await _app.StopAsync(now.Token);
        await _app.DisposeAsync();
        _exchange?.Dispose();
    }

    private RestVenue Says(string call, Said said)
    {
        _says.GetOrAdd(call, _ => new ConcurrentQueue<Said>()).Enqueue(said);
        return this;
    }

    private async Task Answer(HttpContext http)
    {
        using var bytes = new MemoryStream();
        await http.Request.Body.CopyToAsync(bytes);
        var call = $"{http.Request.Method} {http.Request.Path}";
        _asked.Enqueue((call, http.Connection.Id, System.Text.Encoding.UTF8.GetString(bytes.ToArray())));

        foreach (var name in http.Request.Headers.Keys) _headers[name] = true;

        if (_meanwhile.TryGetValue(call, out var waiting) && waiting.TryDequeue(out var happens)) happens();
        var said = _says.TryGetValue(call, out var queue) && queue.TryDequeue(out var next) ? next : null;
        if (said is { Status: 0 } || IsBlackHole)
        {
            await Task.WhenAny(_over.Task, Task.Delay(Timeout.Infinite, http.RequestAborted));
            return;
        }

        if (said is null or { IsAfterTheExchange: true }) await Forward(http, bytes.ToArray(), isAnswered: said is null);
        if (said is null) return;

        http.Response.StatusCode = said.Status;
        foreach (var (name, value) in said.Headers) http.Response.Headers[name] = value;
        await http.Response.WriteAsync(said.Body);
    }

    private async Task Forward(HttpContext http, byte[] body, bool isAnswered)
    {
        if (_exchange is null)
        {
            http.Response.StatusCode = 404;
            return;
        }

        using var request = new HttpRequestMessage(new HttpMethod(http.Request.Method), http.Request.Path + http.Request.QueryString);
        if (body.Length > 0) request.Content = new ByteArrayContent(body) { Headers = { ContentType = new MediaTypeHeaderValue("application/json") } };
        foreach (var (name, value) in http.Request.Headers.Where(header => header.Key.StartsWith("POLY_", StringComparison.OrdinalIgnoreCase)))
            request.Headers.TryAddWithoutValidation(name, value.ToArray());
        try
        {
            using var answer = await _exchange.SendAsync(request, http.RequestAborted);
            if (!isAnswered) return;

            http.Response.StatusCode = (int)answer.StatusCode;
            if (answer.Headers.RetryAfter is { } wait) http.Response.Headers.RetryAfter = wait.ToString();
            await http.Response.Body.WriteAsync(await answer.Content.ReadAsByteArrayAsync());
        }
        catch (HttpRequestException)
        {
            http.Abort(); // As the exchange did.
        }
    }

    private sealed record Said(int Status, string Body, (string Name, string Value)[] Headers, bool IsAfterTheExchange);
}
