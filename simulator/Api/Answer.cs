using System.Text;
using System.Text.Json;
using PolyArb.Simulator.Feed;

namespace PolyArb.Simulator.Api;

/// <summary>An HTTP answer: a status and JSON bytes.</summary>
internal sealed record Answer(int Status, byte[] Body)
{
    /// <summary>The Retry-After header, in seconds.</summary>
    public long? RetryAfter { get; init; }

    public static Answer Text(string json) => new(200, Encoding.UTF8.GetBytes(json));

    public static Answer Object(Action<Utf8JsonWriter> fields) => new(200, JsonText.Object(fields));

    public static Answer Json(Action<Utf8JsonWriter> content) => new(200, JsonText.Build(content));

    public static Answer Error(int status, string text) => new(status, JsonText.Object(json => json.WriteString("error", text)));

    public async Task WriteAsync(HttpContext http)
    {
        http.Response.StatusCode = Status;
        http.Response.ContentType = "application/json";
        if (RetryAfter is { } seconds) http.Response.Headers.RetryAfter = JsonText.Number(seconds);
        http.Response.ContentLength = Body.Length;
        await http.Response.Body.WriteAsync(Body, http.RequestAborted);
    }
}
