using System.Threading.Channels;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Xunit;

namespace PolyArb.Tests.Silo.Alerts;

/// <summary>An address that somebody asks for or posts to: keeps what came, answers what it is told to.</summary>
internal sealed class FakeEndpoint : IAsyncDisposable
{
    private readonly WebApplication _app;
    private readonly Channel<Came> _came = Channel.CreateUnbounded<Came>();
    private int _count;

    private FakeEndpoint(WebApplication app) => _app = app;

    public Uri Url => new(new Uri(_app.Urls.Single()), "/hooks/planted-secret-path");

    /// <summary>Statuses of the next answers; 200 when they are used up. 0 is none at all.</summary>
    public Queue<int> Answers { get; } = [];

    public int Count => Volatile.Read(ref _count);

    public static async Task<FakeEndpoint> Start()
    {
        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.WebHost.UseKestrelCore().UseUrls("http://127.0.0.1:0");
        var app = builder.Build();
        var endpoint = new FakeEndpoint(app);
        app.Run(endpoint.Answer);
        await app.StartAsync();
        return endpoint;
    }

    public async Task<Came> Next() => await _came.Reader.ReadAsync(TestContext.Current.CancellationToken).AsTask().WaitAsync(TimeSpan.FromSeconds(30));

    public async ValueTask DisposeAsync()
    {
        using var now = new CancellationTokenSource(TimeSpan.FromMilliseconds(100));
        await _app.StopAsync(now.Token);
        await _app.DisposeAsync();
    }

    private async Task Answer(HttpContext context)
    {
        using var reader = new StreamReader(context.Request.Body);
        var came = new Came(context.Request.Method, context.Request.Path, await reader.ReadToEndAsync(context.RequestAborted));
        Interlocked.Increment(ref _count);
        _came.Writer.TryWrite(came);
        var status = Answers.TryDequeue(out var next) ? next : 200;
        if (status == 0) await Task.Delay(Timeout.Infinite, context.RequestAborted);
        context.Response.StatusCode = status;
        if (status == 429) context.Response.Headers.RetryAfter = "7";
    }
}

/// <summary>What came to an endpoint.</summary>
internal sealed record Came(string Method, string Path, string Body);
