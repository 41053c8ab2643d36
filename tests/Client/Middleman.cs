using System.Collections.Concurrent;
using System.Net;
using Microsoft.AspNetCore.Http;
using PolyArb.Simulator.Hosting;

namespace PolyArb.Tests.Client;

/// <summary>Stands between a client and the exchange's REST API: hands on what nobody wants changed.</summary>
internal sealed class Middleman : IAsyncDisposable
{
    private readonly HttpClient _exchange;
    private readonly ConcurrentDictionary<string, Func<HttpContext, string, (int Status, string Body)?>> _changes = new();
    private Pages _pages = null!;

    private Middleman(ExchangeHost exchange) => _exchange = new HttpClient { BaseAddress = new Uri($"http://127.0.0.1:{exchange.Port}") };

    public ConcurrentQueue<string> Asked { get; } = [];

    public int Port => _pages.Port;

    public static async Task<Middleman> Before(ExchangeHost exchange)
    {
        var between = new Middleman(exchange);
        between._pages = await Pages.Start(between.Answer);
        return between;
    }

    /// <summary>Answers "GET /path" so, and the exchange never hears of it.</summary>
    public Middleman Answers(string what, int status, string body)
    {
        _changes[what] = (_, _) => (status, body);
        return this;
    }

    /// <summary>Rewrites what the exchange answers to "GET /path".</summary>
    public Middleman Rewrites(string what, Func<string, string> rewrite)
    {
        _changes[what] = (_, body) => body.Length == 0 ? null : (200, rewrite(body));
        return this;
    }

    /// <summary>Answers everything with what the request itself held: headers and body.</summary>
    public Middleman Echoes(string what)
    {
        _changes[what] = (context, _) => (400, System.Text.Json.JsonSerializer.Serialize(new
        {
            error = string.Join(' ', context.Request.Headers.Select(header => $"{header.Key}={header.Value}")),
        }));
        return this;
    }

    public async ValueTask DisposeAsync()
    {
        await _pages.DisposeAsync();
        _exchange.Dispose();
    }

    private async Task Answer(HttpContext context)
    {
        var what = $"{context.Request.Method} {context.Request.Path}";
        Asked.Enqueue(what);
        var change = _changes.FirstOrDefault(one => what.StartsWith(one.Key, StringComparison.Ordinal)).Value;
        if (change?.Invoke(context, "") is { } instead)
        {
            await Write(context, instead.Status, instead.Body);
            return;
        }

        using var request = new HttpRequestMessage(new HttpMethod(context.Request.Method), $"{context.Request.Path}{context.Request.QueryString}");
        foreach (var header in context.Request.Headers.Where(header => header.Key.StartsWith("POLY_", StringComparison.OrdinalIgnoreCase)))
            request.Headers.TryAddWithoutValidation(header.Key, header.Value.ToString());
        using var body = new MemoryStream();
        await context.Request.Body.CopyToAsync(body);
        if (body.Length > 0) request.Content = new ByteArrayContent(body.ToArray());

        using var response = await _exchange.SendAsync(request);
        var text = await response.Content.ReadAsStringAsync();
        if (response.StatusCode is HttpStatusCode.OK && change?.Invoke(context, text) is { } rewritten) text = rewritten.Body;
        await Write(context, (int)response.StatusCode, text);
    }

    private static Task Write(HttpContext context, int status, string body)
    {
        context.Response.StatusCode = status;
        return context.Response.WriteAsync(body);
    }
}
