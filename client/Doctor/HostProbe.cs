using System.Net.Sockets;
using System.Net.WebSockets;

namespace PolyArb.Client.Doctor;

/// <summary>Whether somebody answers at an address, and how fast.</summary>
internal static class HostProbe
{
    /// <summary>Asks twice on one connection: the first time counts the way there, the second is what a request takes.</summary>
    public static async Task<Check> Get(Uri url, string setting, TimeProvider time, CancellationToken deadline)
    {
        using var handler = new SocketsHttpHandler { AllowAutoRedirect = false, UseCookies = false };
        using var http = new HttpClient(handler) { Timeout = Timeout.InfiniteTimeSpan };
        try
        {
            var (first, refusal) = await Once(http, url, time, deadline);
            if (refusal is not null) return Check.Fail($"{Shown(url)}: {refusal}", RemedyOf(refusal, setting));

            var (next, _) = await Once(http, url, time, deadline);
            return Check.Pass($"{Shown(url)} answered in {first.TotalMilliseconds:F0} ms, then in {next.TotalMilliseconds:F0} ms");
        }
        catch (Exception e) when (e is HttpRequestException or IOException)
        {
            return Check.Fail($"{Shown(url)}: {e.Message}", Unreachable(setting));
        }
    }

    public static async Task<Check> Connect(Uri url, string setting, TimeProvider time, CancellationToken deadline)
    {
        using var socket = new ClientWebSocket();
        var started = time.GetTimestamp();
        try
        {
            await socket.ConnectAsync(url, deadline);
            var taken = time.GetElapsedTime(started);
            socket.Abort(); // Without a subscription there is nothing to take leave of.
            return Check.Pass($"{Shown(url)} connected in {taken.TotalMilliseconds:F0} ms");
        }
        catch (Exception e) when (e is WebSocketException or HttpRequestException or IOException or SocketException)
        {
            return Check.Fail($"{Shown(url)}: {e.InnerException?.Message ?? e.Message}", Unreachable(setting));
        }
    }

    /// <summary>Without the user and password that an address may carry, and without its query.</summary>
    public static string Shown(Uri url) => $"{url.Scheme}://{url.Authority}{url.AbsolutePath}";

    private static async Task<(TimeSpan Taken, string? Refusal)> Once(HttpClient http, Uri url, TimeProvider time, CancellationToken deadline)
    {
        var started = time.GetTimestamp();
        using var response = await http.GetAsync(url, deadline);
        var body = await response.Content.ReadAsStringAsync(deadline);
        var taken = time.GetElapsedTime(started);
        if (body.AsSpan().TrimStart().StartsWith("<")) return (taken, $"HTTP {(int)response.StatusCode} with a web page instead of the API");

        return (taken, response.IsSuccessStatusCode ? null : $"HTTP {(int)response.StatusCode}");
    }

    private static string RemedyOf(string refusal, string setting) => refusal.Contains("web page", StringComparison.Ordinal)
        ? $"the venue or a proxy keeps this address or region out, or {setting} names another site"
        : Unreachable(setting);

    private static string Unreachable(string setting) => $"check {setting}, the network, DNS and the firewall; status.polymarket.com says whether the venue is up";
}
