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

    /// <summary>Letters: chat services refuse a message that is too long, Discord one of more than 2,000 by its documentation.</summary>
    private const int TextMax = 1_900;

    public string Name => "the webhook";

    /// <summary>With a minute between them: a night without a network.</summary>
    public int TriesMax => 500;

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
        var sentence = $"{alert.Level.ToString().ToUpperInvariant()} on {Environment.MachineName}: {alert.Text}"; // Chat services show nothing else.
        if (sentence.Length > TextMax) sentence = sentence[..TextMax] + "...";
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
