using System.Text;
using PolyArb.Silo.Hosting;

namespace PolyArb.Silo.Web;

/// <summary>
/// What a request must be before any page sees it: not sent by a page of somebody else's, and beyond this machine with the control token
/// (Bearer, or as the password of Basic, which browsers ask for). Pages cannot be put into frames, where a click could be stolen.
/// </summary>
internal static class WebDoor
{
    /// <summary>Says that we live, and nothing else: container hosts ask without a token.</summary>
    public const string Health = "/healthz";

    public static IApplicationBuilder UseDoor(this IApplicationBuilder app, ControlDoor door) => app.Use((context, next) =>
    {
        var (request, response) = (context.Request, context.Response);
        response.Headers.XFrameOptions = "DENY";
        response.Headers.XContentTypeOptions = "nosniff";
        response.Headers["Referrer-Policy"] = "no-referrer";
        if (IsForeign(request)) return Refuse(response, StatusCodes.Status403Forbidden, "this page was asked for by another one");
        if (request.Path == Health || door.Refuses(Carried(request), steers: false) is not { } refusal) return next(context);

        response.Headers.WWWAuthenticate = "Basic realm=\"polyarb\"";
        return Refuse(response, StatusCodes.Status401Unauthorized, refusal);
    });

    /// <summary>Browsers name the page that asks, except where somebody follows a link or types an address.</summary>
    private static bool IsForeign(HttpRequest request) =>
        request.Headers.Origin is [{ } origin, ..] && !(Uri.TryCreate(origin, UriKind.Absolute, out var page) && IsSame(page, request.Host));

    /// <summary>The scheme may differ: a proxy in front may speak TLS for us.</summary>
    private static bool IsSame(Uri page, HostString host) =>
        string.Equals(page.Authority, host.Value, StringComparison.OrdinalIgnoreCase)
        || page.IsDefaultPort && string.Equals($"{page.Authority}:{page.Port}", host.Value, StringComparison.OrdinalIgnoreCase);

    private static string? Carried(HttpRequest request) => request.Headers.Authorization.ToString().Split(' ', 2) switch
    {
        ["Bearer", var token] => token,
        ["Basic", var pair] => Password(pair),
        _ => null,
    };

    private static string? Password(string pair)
    {
        var bytes = new byte[pair.Length];
        if (!Convert.TryFromBase64String(pair, bytes, out var length)) return null;

        var text = Encoding.UTF8.GetString(bytes, 0, length);
        return text[(text.IndexOf(':', StringComparison.Ordinal) + 1)..];
    }

    private static Task Refuse(HttpResponse response, int status, string line)
    {
        response.StatusCode = status;
        response.ContentType = "text/plain; charset=utf-8";
        return response.WriteAsync(line + "\n");
    }
}
