using System.Net;
using System.Text;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.Logging;
using PolyArb.Config;
using PolyArb.Tests.EndToEnd;

namespace PolyArb.Tests.Silo;

/// <summary>A collector on loopback that takes OTLP over HTTP and over gRPC, each on a port of its own, and keeps every byte.</summary>
internal sealed class OtlpReceiver : IAsyncDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(90);

    private readonly Lock _gate = new();
    private readonly List<(string Signal, string Body)> _told = [];
    private readonly List<(Func<bool> Holds, TaskCompletionSource Done)> _waits = [];
    private readonly HashSet<string> _authorizations = [];
    private readonly (int Http, int Grpc) _ports = (Programs.FreePort(), Programs.FreePort());
    private readonly WebApplication _app;

    private OtlpReceiver()
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.ConfigureKestrel(kestrel =>
        {
            kestrel.Listen(IPAddress.Loopback, _ports.Http, http => http.Protocols = HttpProtocols.Http1);
            kestrel.Listen(IPAddress.Loopback, _ports.Grpc, grpc => grpc.Protocols = HttpProtocols.Http2);
        });
        _app = builder.Build();
        _app.Run(Take);
    }

    /// <summary>All that came, of either signal.</summary>
    public string Everything
    {
        get
        {
            lock (_gate) return string.Concat(_told.Select(told => told.Body));
        }
    }

    /// <summary>What requests carried to be let in.</summary>
    public string[] Authorizations
    {
        get
        {
            lock (_gate) return [.. _authorizations];
        }
    }

    public static async Task<OtlpReceiver> Start(CancellationToken cancellation)
    {
        var receiver = new OtlpReceiver();
        await receiver._app.StartAsync(cancellation);
        return receiver;
    }

    public Uri Url(OtlpProtocol protocol) => new($"http://127.0.0.1:{(protocol is OtlpProtocol.Http ? _ports.Http : _ports.Grpc)}");

    /// <summary>Completes once something with this word in it came.</summary>
    /// <param name="signal">metrics or traces.</param>
    public Task Told(string signal, string word)
    {
        var wait = (Holds: new Func<bool>(() => _told.Any(told => told.Signal == signal && told.Body.Contains(word, StringComparison.Ordinal))),
            Done: new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously));
        lock (_gate)
        {
            if (wait.Holds()) return Task.CompletedTask;

            _waits.Add(wait);
        }

        return wait.Done.Task.WaitAsync(Patience);
    }

    public async ValueTask DisposeAsync()
    {
        using var now = new CancellationTokenSource(TimeSpan.Zero);
        await _app.StopAsync(now.Token);
        await _app.DisposeAsync();
    }

    private async Task Take(HttpContext http)
    {
        using var body = new MemoryStream();
        await http.Request.Body.CopyToAsync(body);
        if (SignalOf(http.Request.Path) is not { } signal)
        {
            http.Response.StatusCode = StatusCodes.Status404NotFound;
            return;
        }

        Keep(signal, Encoding.Latin1.GetString(body.ToArray()), http.Request.Headers.Authorization.ToString());
        if (http.Request.Protocol != "HTTP/2") return; // Nothing is an empty answer.

        http.Response.ContentType = "application/grpc";
        await http.Response.Body.WriteAsync(new byte[5]); // An empty message behind its length.
        http.Response.AppendTrailer("grpc-status", "0");
    }

    private static string? SignalOf(string path) => path switch
    {
        "/v1/metrics" or "/opentelemetry.proto.collector.metrics.v1.MetricsService/Export" => "metrics",
        "/v1/traces" or "/opentelemetry.proto.collector.trace.v1.TraceService/Export" => "traces",
        _ => null,
    };

    private void Keep(string signal, string body, string authorization)
    {
        lock (_gate)
        {
            _told.Add((signal, body));
            _authorizations.Add(authorization);
            foreach (var wait in _waits.Where(wait => wait.Holds())) wait.Done.TrySetResult();
        }
    }
}
