using System.Net;
using System.Net.Sockets;
using System.Text;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging.Abstractions;
using PolyArb.Silo.Hosting;
using PolyArb.Silo.Web;
using Xunit;

namespace PolyArb.Tests.Silo;

/// <summary>What stands between a request and a page, beside <see cref="WebServerTests"/>.</summary>
public sealed class WebDoorTests : IAsyncDisposable
{
    private const string Token = "sesame-sesame-sesame";

    private readonly HttpClient _http = new();
    private WebServer? _server;

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public async ValueTask DisposeAsync()
    {
        _http.Dispose();
        if (_server is not null) await _server.DisposeAsync();
    }

    [Fact]
    public async Task A_page_guesses_no_types_tells_no_referrer_and_names_no_server()
    {
        var url = await Start(ControlDoor.Unlocked);

        using var response = await _http.GetAsync(new Uri(url, "/page"), Cancellation);

        Assert.Equal(["nosniff"], response.Headers.GetValues("X-Content-Type-Options"));
        Assert.Equal(["no-referrer"], response.Headers.GetValues("Referrer-Policy"));
        Assert.False(response.Headers.Contains("Server"));
    }

    [Fact]
    public async Task A_browser_is_told_to_ask_for_the_password()
    {
        var url = await Start(new ControlDoor(Token, isLoopback: false));

        using var response = await _http.GetAsync(new Uri(url, "/page"), Cancellation);

        Assert.Equal(HttpStatusCode.Unauthorized, response.StatusCode);
        Assert.Equal("Basic realm=\"polyarb\"", Assert.Single(response.Headers.WwwAuthenticate).ToString());
        Assert.DoesNotContain("sesame", await response.Content.ReadAsStringAsync(Cancellation), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("/healthz/page")]
    [InlineData("/healthz2")]
    public async Task Only_the_health_page_itself_is_open(string path)
    {
        var url = await Start(new ControlDoor(Token, isLoopback: false));

        using var response = await _http.GetAsync(new Uri(url, path), Cancellation);

        Assert.Equal(HttpStatusCode.Unauthorized, response.StatusCode);
    }

    /// <summary>A proxy speaks TLS for us, and browsers leave out the port of the scheme.</summary>
    [Theory]
    [InlineData("https://bot.example", "bot.example", HttpStatusCode.OK)]
    [InlineData("https://bot.example", "bot.example:443", HttpStatusCode.OK)]
    [InlineData("https://BOT.example", "bot.example", HttpStatusCode.OK)]
    [InlineData("https://bot.example:444", "bot.example", HttpStatusCode.Forbidden)]
    [InlineData("https://bot.example", "bot.example:444", HttpStatusCode.Forbidden)]
    [InlineData("https://bot.example.evil.example", "bot.example", HttpStatusCode.Forbidden)]
    public async Task A_page_behind_a_proxy_is_one_of_ours(string origin, string host, HttpStatusCode expected)
    {
        var url = await Start(ControlDoor.Unlocked);
        using var request = new HttpRequestMessage(HttpMethod.Get, new Uri(url, "/page"));
        request.Headers.Host = host;
        request.Headers.Add("Origin", origin);

        using var response = await _http.SendAsync(request, Cancellation);

        Assert.Equal(expected, response.StatusCode);
    }

    [Theory]
    [InlineData("GET /page HTTP/1.1\r\nHost:\r\nConnection: close\r\n\r\n")]
    [InlineData("GET /page HTTP/1.0\r\n\r\n")]
    public async Task Who_does_not_say_whom_he_calls_is_refused(string request)
    {
        var url = await Start(ControlDoor.Unlocked);
        using var socket = new TcpClient();
        await socket.ConnectAsync(IPAddress.Loopback, url.Port, Cancellation);
        await socket.GetStream().WriteAsync(Encoding.ASCII.GetBytes(request), Cancellation);
        using var reader = new StreamReader(socket.GetStream(), Encoding.ASCII);

        Assert.Contains(" 400 ", await reader.ReadLineAsync(Cancellation), StringComparison.Ordinal);
    }

    private async Task<Uri> Start(ControlDoor door)
    {
        var setup = new WebSetup { Address = IPAddress.Loopback, Port = 0, AllowedHosts = ["bot.example"], Door = door };
        _server = new WebServer(setup, [new Pages()], new ServiceCollection().BuildServiceProvider(), NullLoggerFactory.Instance);
        await _server.StartAsync(Cancellation);
        return new Uri(_server.Url);
    }

    private sealed class Pages : IWebPages
    {
        public void Add(IServiceCollection services, IServiceProvider silo)
        {
        }

        public void Map(WebApplication app)
        {
            foreach (var path in (string[])["/page", WebDoor.Health, $"{WebDoor.Health}/page", $"{WebDoor.Health}2"]) app.MapGet(path, () => "here");
        }
    }
}
