using System.Net;
using Microsoft.AspNetCore.HostFiltering;
using PolyArb.Silo.Hosting;

namespace PolyArb.Silo.Web;

/// <summary>
/// Serves the pages, in the silo's process but in a container of its own: what pages do and how they fail stays among them. It reads no
/// environment and no file of settings, so only <see cref="WebSetup"/> says where it listens.
/// </summary>
internal sealed class WebServer(WebSetup setup, IEnumerable<IWebPages> pages, IServiceProvider silo, ILoggerFactory loggers) : IHostedService, IAsyncDisposable
{
    /// <summary>A browser that keeps its connection open is not waited for: behind this the silo stops.</summary>
    private static readonly TimeSpan StopWithin = TimeSpan.FromSeconds(1);

    private WebApplication? _app;

    /// <summary>Without a slash at the end; only once it has started.</summary>
    public string Url => _app?.Urls.Single() ?? throw new InvalidOperationException("the web server has not started");

    /// <exception cref="IOException">The port is taken.</exception>
    public async Task StartAsync(CancellationToken cancellationToken)
    {
        _app = Build();
        await _app.StartAsync(cancellationToken);
    }

    public async Task StopAsync(CancellationToken cancellationToken)
    {
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        patience.CancelAfter(StopWithin);
        if (_app is not null) await _app.StopAsync(patience.Token);
    }

    public async ValueTask DisposeAsync()
    {
        if (_app is not null) await _app.DisposeAsync();
    }

    private WebApplication Build()
    {
        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions
        {
            ApplicationName = typeof(WebServer).Assembly.GetName().Name,
            ContentRootPath = AppContext.BaseDirectory, // Not where the person is: his files are not ours to serve.
        });
        builder.WebHost.UseStaticWebAssets();
        builder.WebHost.UseKestrelCore().ConfigureKestrel(kestrel =>
        {
            kestrel.AddServerHeader = false;
            kestrel.Listen(setup.Address, setup.Port);
        });
        builder.Services.AddSingleton(loggers);
        builder.Services.AddSingleton<IHostLifetime, Unsignalled>();
        builder.Services.AddRouting();
        builder.Services.Configure<HostOptions>(host => host.ShutdownTimeout = StopWithin);
        builder.Services.Configure<HostFilteringOptions>(filter => (filter.AllowedHosts, filter.AllowEmptyHosts) = (AllowedHosts(), false));
        foreach (var page in pages) page.Add(builder.Services, silo);

        var app = builder.Build();
        app.UseHostFiltering(); // A name of somebody else's that points to this machine would make his page one of ours.
        app.UseDoor(setup.Door);
        app.UseRouting();
        foreach (var page in pages) page.Map(app);
        return app;
    }

    private List<string> AllowedHosts() => ["localhost", "127.0.0.1", "[::1]", Name(setup.Address), .. setup.AllowedHosts];

    private static string Name(IPAddress address) => address.AddressFamily is System.Net.Sockets.AddressFamily.InterNetworkV6 ? $"[{address}]" : address.ToString();
}
