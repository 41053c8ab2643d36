using System.Diagnostics;
using System.Net.Http.Headers;
using PolyArb.Bench.Venue;

namespace PolyArb.Bench;

/// <summary>
/// The floor under an order: a POST of a body that is there already, over a kept connection to the same server, with nothing before it.
/// Paced as orders are, for one that follows the other at once finds every thread awake.
/// </summary>
internal sealed class BarePost(VenueServer venue) : IDisposable
{
    private readonly HttpClient _http = new(new SocketsHttpHandler { UseCookies = false, AllowAutoRedirect = false });
    private long _arrivedAt;

    /// <summary>Microseconds until the body's last byte was read, and until the answer was.</summary>
    public async Task<(List<double> There, List<double> Back)> Run(int length, int perSecond, TimeSpan time)
    {
        venue.Bare = request => Volatile.Write(ref _arrivedAt, request.ArrivedAt);
        var url = new Uri(venue.Url, "/bare");
        var body = new byte[length];
        Array.Fill(body, (byte)'x');
        var (there, back) = (new List<double>(), new List<double>());
        using var timer = new PeriodicTimer(TimeSpan.FromSeconds(1) / perSecond);
        for (var start = Stopwatch.GetTimestamp(); Stopwatch.GetElapsedTime(start) < time; await timer.WaitForNextTickAsync())
        {
            using var content = new ByteArrayContent(body);
            content.Headers.ContentType = new MediaTypeHeaderValue("application/json");
            var sentAt = Stopwatch.GetTimestamp();
            using var answer = await _http.PostAsync(url, content);
            await answer.Content.ReadAsByteArrayAsync();
            back.Add(Stopwatch.GetElapsedTime(sentAt).TotalMicroseconds);
            there.Add(Stopwatch.GetElapsedTime(sentAt, Volatile.Read(ref _arrivedAt)).TotalMicroseconds);
        }

        venue.Bare = null;
        return (there, back);
    }

    public void Dispose() => _http.Dispose();
}
