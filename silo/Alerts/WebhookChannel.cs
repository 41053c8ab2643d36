using System.Net;
using System.Net.Http.Json;

namespace PolyArb.Silo.Alerts;

/// <summary>
/// Posts each alert as JSON: `source`, `level`, `topic`, `time`, `host`, and the sentence as `text` and as `content`, the two names that chat
/// services read it by.
/// </summary>
internal sealed class WebhookChannel(Uri address, HttpClient http, TimeProvider time) : IAlertChannel
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(15);

    public string Name => "the webhook";

    public int TriesMax => 5;

    public async Task<Delivery> Send(Alert alert, CancellationToken cancellation)
    {
        using var deadline = new CancellationTokenSource(Patience, time);
        using var ends = CancellationTokenSource.CreateLinkedTokenSource(deadline.Token, cancellation);
        try
        {
            using var response = await http.PostAsJsonAsync(address, Body(alert), ends.Token);
            return response.StatusCode switch
            {
                >= HttpStatusCode.OK and < HttpStatusCode.Ambiguous => new Delivery.Done(),
                HttpStatusCode.TooManyRequests or HttpStatusCode.RequestTimeout or >= HttpStatusCode.InternalServerError =>
                    new Delivery.Failed($"HTTP {(int)response.StatusCode}", response.Headers.RetryAfter?.Delta),
                var status => new Delivery.Refused($"HTTP {(int)status}"),
            };
        }
        catch (Exception e) when (e is HttpRequestException or IOException or OperationCanceledException)
        {
            return new Delivery.Failed(e is OperationCanceledException ? "no answer" : e.Message);
        }
    }

    private static object Body(Alert alert)
    {
        var sentence = $"{alert.Level.ToString().ToUpperInvariant()}: {alert.Text}";
        return new
        {
            source = "polyarb",
            level = alert.Level.ToString().ToLowerInvariant(),
            topic = alert.Topic,
            time = alert.At.ToString(),
            host = Environment.MachineName,
            text = sentence,
            content = sentence,
        };
    }
}
