using System.Net;
using System.Text;
using System.Text.Json;
using PolyArb.Polymarket.Json;

namespace PolyArb.Polymarket.Orders;

/// <summary>What came back: a status and its bytes, or why nothing did.</summary>
internal sealed class VenueResponse
{
    private VenueResponse(HttpStatusCode? status, byte[] body, string why)
    {
        (Status, Body, Why) = (status, body, why);
        (Error, Code, RetryAfterInBody) = Words(body);
    }

    public HttpStatusCode? Status { get; }

    public byte[] Body { get; }

    /// <summary>Why nothing came; "" when something did.</summary>
    public string Why { get; }

    /// <summary>No connection was made: the request never left.</summary>
    public bool IsUnsent { get; private init; }

    /// <summary>The venue's own words for a failure, or "".</summary>
    public string Error { get; }

    /// <summary>Its symbol beside them ("post_only_mode"), or "".</summary>
    public string Code { get; }

    /// <summary>How long it wants to be left alone: `retry_after_seconds` of the body, else the header.</summary>
    public TimeSpan? RetryAfter => RetryAfterInBody ?? RetryAfterInHeader;

    public bool IsSuccess => Status is HttpStatusCode.OK or HttpStatusCode.Created or HttpStatusCode.Accepted;

    /// <summary>A page, not the API: Cloudflare, a proxy, a wrong host.</summary>
    public bool IsPage => Text.AsSpan().TrimStart().StartsWith("<");

    public string Text => Encoding.UTF8.GetString(Body);

    /// <summary>One line for a person: never a page's markup.</summary>
    public string Summary => Status is not { } status
        ? Why
        : IsPage
            ? $"HTTP {(int)status} with a web page"
            : Error.Length > 0 ? $"HTTP {(int)status}: {Error}" : $"HTTP {(int)status}";

    private TimeSpan? RetryAfterInBody { get; }

    private TimeSpan? RetryAfterInHeader { get; init; }

    public static VenueResponse Of(HttpResponseMessage response, byte[] body) =>
        new(response.StatusCode, body, "") { RetryAfterInHeader = Polymarket.RetryAfter.Of(response) };

    /// <summary>Nothing came back, which says nothing.</summary>
    public static VenueResponse Lost(string why) => new(null, [], why);

    /// <summary>Nothing can have arrived.</summary>
    public static VenueResponse Unsent(string why) => new(null, [], why) { IsUnsent = true };

    private static (string Error, string Code, TimeSpan? RetryAfter) Words(byte[] body)
    {
        try
        {
            var root = JsonElements.Parse(body);
            string[] texts = [root.Text("error"), root.Text("errorMsg"), root.Text("error_msg")];
            return (OneLine(texts.FirstOrDefault(text => text.Length > 0) ?? ""), root.Text("code"), SecondsIn(root));
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException)
        {
            return ("", "", null);
        }
    }

    internal static TimeSpan? SecondsIn(JsonElement answer) =>
        int.TryParse(answer.Text("retry_after_seconds"), System.Globalization.CultureInfo.InvariantCulture, out var seconds) && seconds >= 0
            ? TimeSpan.FromSeconds(seconds)
            : null;

    private static string OneLine(string text)
    {
        var line = text.ReplaceLineEndings(" ");
        return line.Contains("<html", StringComparison.OrdinalIgnoreCase) ? "a web page" : line.Length > 300 ? line[..300] : line;
    }
}
