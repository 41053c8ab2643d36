using System.Collections.Concurrent;
using System.Net;
using System.Net.WebSockets;
using System.Text;
using Microsoft.AspNetCore.Http;
using PolyArb.Simulator.Hosting;
using Xunit;

namespace PolyArb.Tests.Client;

/// <summary>Stands between a client and the exchange, and hands on what nobody wants changed.</summary>
internal sealed class Middleman : IAsyncDisposable
{
    private readonly ExchangeHost _exchange;
    private readonly HttpClient _http;
    private readonly ConcurrentDictionary<string, Func<HttpContext, string?, (int Status, string Body)?>> _changes = new();
    private readonly ConcurrentDictionary<string, Func<string, string?>> _frames = new();
    private readonly ConcurrentBag<string> _hanging = [];
    private Pages _pages = null!;

    private Middleman(ExchangeHost exchange) =>
        (_exchange, _http) = (exchange, new HttpClient { BaseAddress = new Uri($"http://127.0.0.1:{exchange.Port}") });

    /// <summary>"GET /path", in the order they came.</summary>
    public ConcurrentQueue<string> Asked { get; } = [];

    /// <summary>What was posted, as text.</summary>
    public ConcurrentQueue<string> Posted { get; } = [];

    public int Port => _pages.Port;

    public static async Task<Middleman> Before(ExchangeHost exchange)
    {
        var between = new Middleman(exchange);
        between._pages = await Pages.Start(between.Answer);
        return between;
    }

    /// <summary>Answers what begins with "GET /path" so, and the exchange never hears of it.</summary>
    public Middleman Answers(string what, int status, string body)
    {
        _changes[what] = (_, _) => (status, body);
        return this;
    }

    /// <summary>Rewrites what the exchange answers to it.</summary>
    public Middleman Rewrites(string what, Func<string, string> rewrite)
    {
        _changes[what] = (_, answer) => answer is null ? null : (200, rewrite(answer));
        return this;
    }

    /// <summary>Refuses it in words that hold every header of the request.</summary>
    public Middleman Echoes(string what)
    {
        _changes[what] = (context, _) => (400, System.Text.Json.JsonSerializer.Serialize(new
        {
            error = string.Join(' ', context.Request.Headers.Where(IsOurs).Select(header => $"{header.Key}={header.Value}")),
        }));
        return this;
    }

    /// <summary>Takes the question and never answers it.</summary>
    public Middleman Hangs(string what)
    {
        _hanging.Add(what);
        return this;
    }

    /// <summary>Rewrites each frame that the exchange sends on a channel; null swallows it.</summary>
    public Middleman RewritesFrames(string channel, Func<string, string?> rewrite)
    {
        _frames[channel] = rewrite;
        return this;
    }

    public async ValueTask DisposeAsync()
    {
        await _pages.DisposeAsync();
        _http.Dispose();
    }

    private async Task Answer(HttpContext context)
    {
        if (context.WebSockets.IsWebSocketRequest)
        {
            await HandOn(context);
            return;
        }

        var what = $"{context.Request.Method} {context.Request.Path}";
        Asked.Enqueue(what);
        if (_hanging.Any(one => what.StartsWith(one, StringComparison.Ordinal))) await Task.Delay(Timeout.Infinite, context.RequestAborted);

        var change = _changes.Where(one => what.StartsWith(one.Key, StringComparison.Ordinal)).OrderByDescending(one => one.Key.Length).FirstOrDefault().Value;
        if (change?.Invoke(context, null) is { } instead)
        {
            await Write(context, instead.Status, instead.Body);
            return;
        }

        using var request = new HttpRequestMessage(new HttpMethod(context.Request.Method), $"{context.Request.Path}{context.Request.QueryString}");
        foreach (var header in context.Request.Headers.Where(IsOurs)) request.Headers.TryAddWithoutValidation(header.Key, header.Value.ToString());
        using var body = new MemoryStream();
        await context.Request.Body.CopyToAsync(body);
        if (body.Length > 0)
        {
            request.Content = new ByteArrayContent(body.ToArray());
            if (context.Request.Method == "POST") Posted.Enqueue(Encoding.UTF8.GetString(body.ToArray()));
        }

        using var response = await _http.SendAsync(request);
        var text = await response.Content.ReadAsStringAsync();
        if (response.StatusCode is HttpStatusCode.OK && change?.Invoke(context, text) is { } rewritten) text = rewritten.Body;
        await Write(context, (int)response.StatusCode, text);
    }

    private async Task HandOn(HttpContext context)
    {
        var channel = context.Request.Path.Value!.Split('/')[^1];
        using var ours = await context.WebSockets.AcceptWebSocketAsync();
        using var theirs = new ClientWebSocket();
        await theirs.ConnectAsync(new Uri($"ws://127.0.0.1:{_exchange.Port}{context.Request.Path}"), CancellationToken.None);
        var rewrite = _frames.GetValueOrDefault(channel, frame => frame);
        await Task.WhenAny(Pump(ours, theirs, frame => frame), Pump(theirs, ours, rewrite));
        ours.Abort();
    }

    private static async Task Pump(WebSocket from, WebSocket to, Func<string, string?> rewrite)
    {
        var buffer = new byte[1 << 20];
        try
        {
            while (true)
            {
                var length = 0;
                ValueWebSocketReceiveResult part;
                do
                {
                    part = await from.ReceiveAsync(buffer.AsMemory(length), CancellationToken.None);
                    length += part.Count;
                }
                while (!part.EndOfMessage);

                if (part.MessageType is WebSocketMessageType.Close) return;
                if (rewrite(Encoding.UTF8.GetString(buffer, 0, length)) is { } frame)
                    await to.SendAsync(Encoding.UTF8.GetBytes(frame), WebSocketMessageType.Text, true, CancellationToken.None);
            }
        }
        catch (Exception e) when (e is WebSocketException or IOException or OperationCanceledException or ObjectDisposedException)
        {
            // One side is gone; the other is cut.
        }
    }

    private static bool IsOurs(KeyValuePair<string, Microsoft.Extensions.Primitives.StringValues> header) =>
        header.Key.StartsWith("POLY_", StringComparison.OrdinalIgnoreCase);

    private static Task Write(HttpContext context, int status, string body)
    {
        context.Response.StatusCode = status;
        return context.Response.WriteAsync(body);
    }
}
