using System.Net;
using System.Net.Http.Headers;
using System.Net.WebSockets;
using System.Text;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging.Abstractions;
using PolyArb.Silo.Hosting;
using PolyArb.Silo.Web;
using Xunit;

namespace PolyArb.Tests.Silo;

public sealed class WebServerTests : IAsyncDisposable
{
    private const string Token = "sesame-sesame-sesame";

    private readonly TaskCompletionSource _isAsked = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly HttpClient _http = new();
    private WebServer? _server;

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public async ValueTask DisposeAsync()
    {
        _http.Dispose();
        if (_server is not null) await _server.DisposeAsync();
    }

    [Theory]
    [InlineData("localhost", HttpStatusCode.OK)]
    [InlineData("127.0.0.1", HttpStatusCode.OK)]
    [InlineData("[::1]", HttpStatusCode.OK)]
    [InlineData("bot.example", HttpStatusCode.OK)]
    [InlineData("evil.example", HttpStatusCode.BadRequest)]
    [InlineData("localhost.evil.example", HttpStatusCode.BadRequest)]
    public async Task A_name_that_is_not_ours_is_refused(string host, HttpStatusCode expected)
    {
        var url = await Start(ControlDoor.Unlocked);
        using var request = new HttpRequestMessage(HttpMethod.Get, new Uri(url, "/page"));
        request.Headers.Host = $"{host}:{url.Port}";

        using var response = await _http.SendAsync(request, Cancellation);

        Assert.Equal(expected, response.StatusCode);
    }

    [Theory]
    [InlineData("http://127.0.0.1:{port}", HttpStatusCode.OK)]
    [InlineData("http://127.0.0.1:1", HttpStatusCode.Forbidden)]
    [InlineData("https://evil.example", HttpStatusCode.Forbidden)]
    [InlineData("null", HttpStatusCode.Forbidden)]
    public async Task A_page_of_somebody_else_may_not_ask(string origin, HttpStatusCode expected)
    {
        var url = await Start(ControlDoor.Unlocked);
        using var request = new HttpRequestMessage(HttpMethod.Get, new Uri(url, "/page"));
        request.Headers.Add("Origin", origin.Replace("{port}", $"{url.Port}", StringComparison.Ordinal));

        using var response = await _http.SendAsync(request, Cancellation);

        Assert.Equal(expected, response.StatusCode);
    }

    [Fact]
    public async Task A_page_of_somebody_else_gets_no_websocket_either()
    {
        var url = await Start(ControlDoor.Unlocked);
        using var socket = new ClientWebSocket();
        socket.Options.SetRequestHeader("Origin", "https://evil.example");

        var refused = await Assert.ThrowsAsync<WebSocketException>(() => socket.ConnectAsync(new Uri($"ws://{url.Authority}/page"), Cancellation));

        Assert.Contains("403", refused.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(null, "/page", HttpStatusCode.Unauthorized)]
    [InlineData("Bearer another", "/page", HttpStatusCode.Unauthorized)]
    [InlineData("Basic not base64", "/page", HttpStatusCode.Unauthorized)]
    [InlineData("Bearer " + Token, "/page", HttpStatusCode.OK)]
    [InlineData("Basic {pair}", "/page", HttpStatusCode.OK)]
    [InlineData(null, "/healthz", HttpStatusCode.OK)]
    public async Task Beyond_this_machine_a_page_wants_the_token_and_health_does_not(string? authorization, string path, HttpStatusCode expected)
    {
        var url = await Start(new ControlDoor(Token, isLoopback: false));
        using var request = new HttpRequestMessage(HttpMethod.Get, new Uri(url, path));
        var pair = Convert.ToBase64String(Encoding.UTF8.GetBytes("anybody:" + Token));
        if (authorization is not null) request.Headers.Authorization = AuthenticationHeaderValue.Parse(authorization.Replace("{pair}", pair, StringComparison.Ordinal));

        using var response = await _http.SendAsync(request, Cancellation);

        Assert.Equal(expected, response.StatusCode);
    }

    [Fact]
    public async Task No_page_can_be_put_into_a_frame()
    {
        var url = await Start(ControlDoor.Unlocked);

        using var response = await _http.GetAsync(new Uri(url, "/page"), Cancellation);

        Assert.Equal(["DENY"], response.Headers.GetValues("X-Frame-Options"));
    }

    [Fact(Timeout = 60_000)]
    public async Task A_stop_does_not_wait_for_a_browser()
    {
        var url = await Start(ControlDoor.Unlocked);
        var answer = _http.GetAsync(new Uri(url, "/never"), Cancellation);
        await _isAsked.Task;

        await _server!.StopAsync(TestContext.Current.CancellationToken);

        await Assert.ThrowsAnyAsync<HttpRequestException>(() => answer);
    }

    [Fact]
    public async Task A_port_that_is_taken_is_said_in_one_line()
    {
        var url = await Start(ControlDoor.Unlocked);
        await using var second = new WebServer(SetupOf(ControlDoor.Unlocked, url.Port), [], new ServiceCollection().BuildServiceProvider(), NullLoggerFactory.Instance);

        var refused = await Assert.ThrowsAsync<IOException>(() => second.StartAsync(Cancellation));

        Assert.Contains($"127.0.0.1:{url.Port}", Assert.Single(refused.Message.Split('\n')), StringComparison.Ordinal);
    }

    private async Task<Uri> Start(ControlDoor door)
    {
        _server = new WebServer(SetupOf(door, port: 0), [new Pages(_isAsked)], new ServiceCollection().BuildServiceProvider(), NullLoggerFactory.Instance);
        await _server.StartAsync(Cancellation);
        return new Uri(_server.Url);
    }

    private static WebSetup SetupOf(ControlDoor door, int port) => new() { Address = IPAddress.Loopback, Port = port, AllowedHosts = ["bot.example"], Door = door };

    private sealed class Pages(TaskCompletionSource isAsked) : IWebPages
    {
        public void Add(IServiceCollection services, IServiceProvider silo)
        {
        }

        public void Map(WebApplication app)
        {
            app.MapGet("/page", () => "here");
            app.MapGet(WebDoor.Health, () => "well");
            app.MapGet("/never", async (HttpContext context) =>
            {
                isAsked.SetResult();
                await Task.Delay(Timeout.Infinite, CancellationToken.None);
            });
        }
    }
}
