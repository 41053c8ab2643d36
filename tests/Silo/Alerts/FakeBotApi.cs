using System.Collections.Concurrent;
using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Threading.Channels;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Xunit;

namespace PolyArb.Tests.Silo.Alerts;

/// <summary>
/// Telegram's Bot API as its documentation says: getUpdates holds the poll a little, and forgets what a later offset confirms;
/// sendMessage keeps what the bot says. Can be gone, silent, or ask for patience.
/// </summary>
internal sealed class FakeBotApi : IAsyncDisposable
{
    public const string Token = "123456789:planted-bot-token-AAHdqTcvCH1vGWJxf";

    /// <summary>A real one holds a poll for as long as it is asked to; a test has no time for that.</summary>
    private static readonly TimeSpan HoldMax = TimeSpan.FromMilliseconds(20);

    private readonly Lock _gate = new();
    private readonly List<JsonObject> _updates = [];
    private readonly Channel<Said> _said = Channel.CreateUnbounded<Said>();
    private readonly SemaphoreSlim _more = new(0);
    private readonly int _port;
    private WebApplication? _app;
    private int _lastUpdate = 100;
    private int _polls;

    private FakeBotApi(int port) => _port = port;

    public Uri Url => new($"http://127.0.0.1:{_port}");

    /// <summary>Set: requests are held and never answered.</summary>
    public bool IsSilent { get; set; }

    /// <summary>Set: seconds that every request is told to wait.</summary>
    public int? RetryAfter { get; set; }

    /// <summary>Set: it knows no bot, as after its token was revoked.</summary>
    public bool IsForgetful { get; set; }

    /// <summary>Polls that arrived, in whatever mood.</summary>
    public int Polls => Volatile.Read(ref _polls);

    /// <summary>Chats that have blocked the bot.</summary>
    public ConcurrentBag<long> Blocked { get; } = [];

    public static async Task<FakeBotApi> Start()
    {
        var api = new FakeBotApi(EndToEnd.Programs.FreePort());
        await api.Open();
        return api;
    }

    public async Task Open()
    {
        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.WebHost.UseKestrelCore().UseUrls(Url.ToString());
        builder.Services.AddRoutingCore();
        var app = builder.Build();
        app.UseRouting();
        app.MapPost("/{bot}/{method}", Answer);
        await app.StartAsync();
        _app = app;
    }

    /// <summary>From here on connections are refused.</summary>
    public async Task Close()
    {
        if (Interlocked.Exchange(ref _app, null) is not { } app) return;

        using var now = new CancellationTokenSource(TimeSpan.FromMilliseconds(100));
        await app.StopAsync(now.Token);
        await app.DisposeAsync();
    }

    /// <summary>A person writes to the bot.</summary>
    public void Write(long from, string text, string chatType = "private", string name = "somebody")
    {
        lock (_gate)
        {
            var number = ++_lastUpdate;
            _updates.Add(new JsonObject
            {
                ["update_id"] = number,
                ["message"] = new JsonObject
                {
                    ["message_id"] = number,
                    ["date"] = 1_780_000_000,
                    ["from"] = new JsonObject { ["id"] = from, ["is_bot"] = false, ["first_name"] = name, ["username"] = name },
                    ["chat"] = new JsonObject { ["id"] = chatType is "private" ? from : -4_000, ["type"] = chatType },
                    ["text"] = text,
                },
            });
        }

        _more.Release();
    }

    /// <summary>What the bot says next.</summary>
    public async Task<Said> Next() => await _said.Reader.ReadAsync(TestContext.Current.CancellationToken).AsTask().WaitAsync(TimeSpan.FromSeconds(30));

    /// <summary>All it said and nobody has read.</summary>
    public Said[] Rest()
    {
        List<Said> rest = [];
        while (_said.Reader.TryRead(out var said)) rest.Add(said);
        return [.. rest];
    }

    public async ValueTask DisposeAsync()
    {
        await Close();
        _more.Dispose();
    }

    private async Task Answer(HttpContext context, string bot, string method)
    {
        var token = bot["bot".Length..];
        var body = (await JsonNode.ParseAsync(context.Request.Body, cancellationToken: context.RequestAborted))!;
        if (method is "getUpdates") Interlocked.Increment(ref _polls);
        if (IsSilent) await Task.Delay(Timeout.Infinite, context.RequestAborted);

        var (status, answer) = (token, RetryAfter, method) switch
        {
            _ when IsForgetful || Uri.UnescapeDataString(token) != Token => Error(401, "Unauthorized"),
            (_, { } seconds, _) => Error(429, $"Too Many Requests: retry after {seconds}", new JsonObject { ["retry_after"] = seconds }),
            (_, _, "getUpdates") => (200, Ok(await Updates(body, context.RequestAborted))),
            (_, _, "sendMessage") => Said(body),
            _ => Error(404, "Not Found"),
        };
        context.Response.StatusCode = status;
        context.Response.ContentType = "application/json";
        await context.Response.WriteAsync(answer.ToJsonString(), context.RequestAborted);
    }

    private async Task<JsonNode> Updates(JsonNode body, CancellationToken aborted)
    {
        var (offset, wait) = (body["offset"]?.GetValue<int>() ?? 0, body["timeout"]?.GetValue<int>() ?? 0);
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(aborted);
        if (wait > 0) patience.CancelAfter(HoldMax);
        while (true)
        {
            lock (_gate)
            {
                _updates.RemoveAll(update => update["update_id"]!.GetValue<int>() < offset);
                if (_updates.Count > 0 || patience.IsCancellationRequested || wait == 0) return new JsonArray([.. _updates.Select(update => update.DeepClone())]);
            }

            try
            {
                await _more.WaitAsync(patience.Token);
            }
            catch (OperationCanceledException)
            {
                // Nothing came.
            }
        }
    }

    private (int, JsonObject) Said(JsonNode body)
    {
        var chat = long.Parse(body["chat_id"]!.ToString(), CultureInfo.InvariantCulture);
        if (Blocked.Contains(chat)) return Error(403, "Forbidden: bot was blocked by the user");

        _said.Writer.TryWrite(new Said(chat, body["text"]!.GetValue<string>()));
        return (200, Ok(new JsonObject { ["message_id"] = 1, ["date"] = 1_780_000_000, ["chat"] = new JsonObject { ["id"] = chat, ["type"] = "private" }, ["text"] = "" }));
    }

    private static JsonObject Ok(JsonNode result) => new() { ["ok"] = true, ["result"] = result };

    private static (int, JsonObject) Error(int status, string what, JsonObject? parameters = null)
    {
        var error = new JsonObject { ["ok"] = false, ["error_code"] = status, ["description"] = what };
        if (parameters is not null) error["parameters"] = parameters;
        return (status, error);
    }
}

/// <summary>What the bot said, and to whom.</summary>
internal sealed record Said(long Chat, string Text);
