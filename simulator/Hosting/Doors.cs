using System.Numerics;
using System.Text;
using System.Text.Json;
using PolyArb.Simulator.Api;
using PolyArb.Simulator.Api.RateLimits;
using PolyArb.Simulator.Feed;

namespace PolyArb.Simulator.Hosting;

/// <summary>How a path is opened: to everybody, to a wallet (protocol 6.1), to an API key (6.2) or to a socket.</summary>
internal sealed class Doors(WebApplication app, Authentication auth, SignerLimits limits)
{
    public void Get(string path, Func<HttpContext, Answer> answer) =>
        app.MapMethods(path, ["GET"], http => answer(http).WriteAsync(http));

    /// <summary>A public POST with a JSON body.</summary>
    public void Post(string path, Func<JsonElement, Answer> answer) =>
        app.MapMethods(path, ["POST"], async http =>
        {
            var valid = TryParse(await Requests.BodyAsync(http), out var body);
            await (valid ? answer(body) : Answer.Error(400, "Invalid payload")).WriteAsync(http);
        });

    /// <summary>A public POST whose body need not be JSON.</summary>
    public void PostText(string path, Func<string, Answer> answer) =>
        app.MapMethods(path, ["POST"], async http => await answer(Encoding.UTF8.GetString(await Requests.BodyAsync(http))).WriteAsync(http));

    public void Wallet(string method, string path, Func<(string Address, BigInteger Nonce), Answer> answer) =>
        app.MapMethods(path, [method], http =>
            (auth.L1(http.Request.Headers) is { } wallet ? answer(wallet) : Answer.Error(401, Authentication.L1Text)).WriteAsync(http));

    /// <summary>Open to the key itself and to its read-only keys.</summary>
    public void Read(string method, string path, Func<ApiKey, JsonElement, HttpContext, Answer> answer) =>
        Keyed(method, path, readers: true, (key, body, http) => Task.FromResult(answer(key, body, http)));

    /// <summary>Open to the key itself only.</summary>
    public void Signed(string method, string path, Func<ApiKey, JsonElement, HttpContext, Answer> answer) =>
        Keyed(method, path, readers: false, (key, body, http) => Task.FromResult(answer(key, body, http)));

    /// <summary>The same for an answer that may take its time.</summary>
    public void Signed(string method, string path, Func<ApiKey, JsonElement, HttpContext, Task<Answer>> answer) =>
        Keyed(method, path, readers: false, answer);

    public void Socket(string path, Func<FeedSocket, (Func<string, bool> Read, Action Leave)> reader) =>
        app.Map(path, async http =>
        {
            if (!http.WebSockets.IsWebSocketRequest)
            {
                http.Response.StatusCode = StatusCodes.Status400BadRequest;
                return;
            }

            using var accepted = await http.WebSockets.AcceptWebSocketAsync();
            using var socket = new FeedSocket(accepted, http.Connection.RemotePort);
            var (read, leave) = reader(socket);
            await Sockets.RunAsync(socket, read, leave, app.Lifetime.ApplicationStopping);
        });

    private void Keyed(string method, string path, bool readers, Func<ApiKey, JsonElement, HttpContext, Task<Answer>> answer)
    {
        app.MapMethods(path, [method], async http =>
        {
            var bytes = await Requests.BodyAsync(http);
            var response = await RespondAsync(http, bytes);
            await response.WriteAsync(http);
        });

        async Task<Answer> RespondAsync(HttpContext http, byte[] bytes)
        {
            var headers = http.Request.Headers;
            var key = auth.L2(headers, method, http.SignedPath(), bytes);
            if (key is null && auth.Reader(headers) is { } owner)
            {
                if (!readers) return Answer.Error(401, Authentication.ReadOnlyText);
                key = owner;
            }

            if (key is null) return Answer.Error(401, Authentication.L2Text);

            if (!TryParse(bytes, out var body)) return Answer.Error(400, "Invalid order payload");
            return await limits.RunAsync(key, SignerCost.Of(method, path, body), () => answer(key, body, http));
        }
    }

    /// <summary>No body at all is a valid one.</summary>
    private static bool TryParse(byte[] bytes, out JsonElement body)
    {
        body = default;
        return bytes.Length == 0 || JsonRead.TryParse(bytes, out body);
    }
}
