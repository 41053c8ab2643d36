using System.Net;
using PolyArb.Simulator.Api;
using PolyArb.Simulator.Engine;
using PolyArb.Simulator.Flow;
using PolyArb.Simulator.World;

namespace PolyArb.Simulator.Hosting;

/// <summary>
/// A running exchange on 127.0.0.1. <see cref="StartAsync"/> returns once it listens and the opening books stand; throws
/// <see cref="IOException"/> when the port is taken and <see cref="FormatException"/> when the fault plan names a token nobody lists.
/// </summary>
internal sealed class ExchangeHost : IAsyncDisposable
{
    private readonly WebApplication _app;
    private readonly Task _agenda;
    private readonly RequestFailures _requests;
    private readonly CancellationTokenSource _stop = new();

    private ExchangeHost(WebApplication app, Exchange exchange, RequestFailures requests)
    {
        (_app, _requests) = (app, requests);
        Exchange = exchange;
        Port = new Uri(app.Urls.Single()).Port;
        _agenda = Task.Run(() => exchange.Agenda.RunAsync(_stop.Token));
    }

    public int Port { get; }

    /// <summary>Why the engine broke, by itself or at a request, or null while it is sound. A broken engine must not go on serving.</summary>
    public Exception? Failure => _agenda.Exception?.InnerException ?? _requests.First;

    /// <summary>The engine itself, for tests in the same process.</summary>
    public Exchange Exchange { get; }

    public static async Task<ExchangeHost> StartAsync(ExchangeOptions options, CancellationToken stop)
    {
        var clock = TimeProvider.System;
        var scenario = options.Scenario ?? ScenarioFile.Load("default");
        var world = options.Recording?.World() ?? WorldBuilder.Build(options.Seed, scenario, clock.GetUtcNow());
        var exchange = new Exchange(world, options.Seed, clock);
        var app = Build(options.Port);
        var requests = new RequestFailures();
        app.Use(next => http => requests.InvokeAsync(http, next));
        app.UseWebSockets(new WebSocketOptions { KeepAliveInterval = TimeSpan.Zero });
        var road = new Road(exchange, options.Seed, scenario.Flow);
        new Routes(exchange, clock, options.Limits, road).Map(app);
        if (options.Recording is { } recording) new CapturePlayer(exchange, recording, options.SpeedPercent).Start(!options.Flow || options.Quiet);
        else if (options.Flow) road.Rival = ScenarioFlow.Start(exchange, options.Seed, scenario, options.SpeedPercent, options.Quiet).Overtake;
        exchange.Faults.Log = options.FaultLog;
        try
        {
            if (options.Faults is { } faults) lock (exchange.Gate) exchange.Faults.Load(faults);
            await app.StartAsync(stop);
        }
        catch
        {
            await app.DisposeAsync();
            exchange.Agenda.Dispose();
            throw;
        }

        return new ExchangeHost(app, exchange, requests);
    }

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        await _app.StopAsync();
        await _app.DisposeAsync();
        await _agenda.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        Exchange.Agenda.Dispose();
        _stop.Dispose();
    }

    private static WebApplication Build(int port)
    {
        var builder = WebApplication.CreateSlimBuilder(new WebApplicationOptions { Args = [] });
        builder.Logging.ClearProviders();
        builder.WebHost.ConfigureKestrel(kestrel =>
        {
            kestrel.AddServerHeader = false;
            kestrel.Listen(IPAddress.Loopback, port);
        });
        builder.Services.Configure<HostOptions>(host => host.ShutdownTimeout = TimeSpan.FromSeconds(1));
        return builder.Build();
    }
}
