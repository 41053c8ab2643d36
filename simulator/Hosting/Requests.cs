using Microsoft.AspNetCore.Http.Features;
using PolyArb.Simulator.Api;

namespace PolyArb.Simulator.Hosting;

/// <summary>What routes read of a request.</summary>
internal static class Requests
{
    /// <summary>The exact bytes of a request: the HMAC is over them, never over a re-serialised body.</summary>
    public static async Task<byte[]> BodyAsync(HttpContext http)
    {
        using var bytes = new MemoryStream();
        await http.Request.Body.CopyToAsync(bytes, http.RequestAborted);
        return bytes.ToArray();
    }

    /// <summary>The path as it was sent, which is what clients sign: the framework's own is decoded.</summary>
    public static string SignedPath(this HttpContext http) => http.Features.GetRequiredFeature<IHttpRequestFeature>().RawTarget.Split('?')[0];

    public static string Route(this HttpContext http, string name) => http.Request.RouteValues[name]?.ToString() ?? "";

    public static string? Cursor(this HttpContext http) => http.Request.Query.Text("next_cursor");

    public static string? Token(this HttpContext http) => http.Request.Query.Text("token_id");
}
