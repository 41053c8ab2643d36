using System.Text;
using System.Text.Json;
using PolyArb.Simulator.Feed;

namespace PolyArb.Simulator.Api;

/// <summary>An HTTP answer: a status, JSON bytes and headers of its own.</summary>
internal sealed record Answer(int Status, byte[] Body)
{
    public static readonly Answer Ok = Text("\"OK\"");

    /// <summary>No answer at all: the connection breaks.</summary>
    public static readonly Answer Lost = new(0, "{}"u8.ToArray());

    public IReadOnlyList<(string Name, string Value)> Headers { get; init; } = [];

    public static Answer Text(string json) => new(200, Encoding.UTF8.GetBytes(json));

    public static Answer Object(Action<Utf8JsonWriter> fields) => new(200, JsonText.Object(fields));

    public static Answer Json(Action<Utf8JsonWriter> content) => new(200, JsonText.Build(content));

    public static Answer Array<T>(IEnumerable<T> items, Action<Utf8JsonWriter, T> write) => Json(json =>
    {
        json.WriteStartArray();
        foreach (var item in items) write(json, item);
        json.WriteEndArray();
    });

    public static Answer Error(int status, string text) => new(status, JsonText.Object(json => json.WriteString("error", text)));

    /// <summary>The same with another status.</summary>
    public Answer As(int status) => this with { Status = status };

    public async Task WriteAsync(HttpContext http)
    {
        if (Status == Lost.Status)
        {
            http.Abort();
            return;
        }

        http.Response.StatusCode = Status;
        http.Response.ContentType = "application/json";
        http.Response.ContentLength = Body.Length;
        foreach (var (name, value) in Headers) http.Response.Headers[name] = value;
        await http.Response.Body.WriteAsync(Body, http.RequestAborted);
    }
}
