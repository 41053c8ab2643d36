using System.Globalization;
using System.Text.Json;
using PolyArb.Simulator.Api;
using PolyArb.Simulator.Engine;
using PolyArb.Simulator.Feed;

namespace PolyArb.Simulator.Hosting;

/// <summary>Which path answers what, and who must prove who they are first.</summary>
internal sealed class Routes(Exchange exchange, TimeProvider clock)
{
    private readonly KeyRing _keys = new(exchange.Ids, key =>
    {
        lock (exchange.Gate) exchange.Users.Know(key);
    });

    public void Map(WebApplication app)
    {
        MapPublic(app);
        MapKeys(app);
        MapTrading(app);
        MapSim(app);
        MapSockets(app);
    }

    private void MapPublic(WebApplication app)
    {
        var catalogue = new CatalogueEndpoints(exchange);
        var books = new BookEndpoints(exchange);
        Get(app, "/ok", _ => Answer.Text("\"OK\""));
        Get(app, "/time", _ => Answer.Text(clock.GetUtcNow().ToUnixTimeSeconds().ToString(CultureInfo.InvariantCulture)));
        Get(app, "/version", _ => Answer.Text("{\"version\":2}"));
        Get(app, "/markets", http => catalogue.All(Query(http, "next_cursor")));
        Get(app, "/sampling-markets", http => catalogue.All(Query(http, "next_cursor")));
        Get(app, "/markets/{id}", http => catalogue.One(Route(http, "id")));
        Get(app, "/clob-markets/{id}", http => catalogue.Compact(Route(http, "id")));
        Get(app, "/markets-by-token/{id}", http => catalogue.ByToken(Route(http, "id")));
        Get(app, "/book", http => books.Book(Query(http, "token_id")));
        Get(app, "/tick-size", http => books.TickSize(Query(http, "token_id")));
        Get(app, "/neg-risk", http => books.NegRisk(Query(http, "token_id")));
        Get(app, "/fee-rate", http => books.FeeRate(Query(http, "token_id")));
        Get(app, "/price", http => books.Price(Query(http, "token_id"), Query(http, "side")));
        Get(app, "/midpoint", http => books.Midpoint(Query(http, "token_id")));
        Get(app, "/spread", http => books.Spread(Query(http, "token_id")));
        Get(app, "/last-trade-price", http => books.LastTrade(Query(http, "token_id")));
        Open(app, "POST", "/books", books.Books);
        Open(app, "POST", "/prices", books.Prices);
        Open(app, "POST", "/midpoints", books.Midpoints);
        Open(app, "POST", "/spreads", books.Spreads);
    }

    private void MapKeys(WebApplication app)
    {
        var auth = new Authentication(_keys, clock);
        RequestDelegate issue = http => (auth.L1(http.Request.Headers) is { } wallet
            ? Credentials(_keys.Issue(wallet.Address, wallet.Nonce))
            : Answer.Error(401, Authentication.L1Text)).WriteAsync(http);
        app.MapMethods("/auth/api-key", ["POST"], issue);
        app.MapMethods("/auth/derive-api-key", ["GET"], issue);
        Signed(app, "GET", "/auth/api-keys", (key, _, _) => Answer.Object(
            json => UserText.Strings(json, "apiKeys", _keys.Of(key.Address).Select(k => k.Key))));
        Signed(app, "DELETE", "/auth/api-key", (key, _, _) =>
        {
            _keys.Delete(key);
            return Answer.Text("\"OK\"");
        });
        Signed(app, "GET", "/auth/ban-status/closed-only", (_, _, _) => Answer.Text("{\"closed_only\":false}"));
    }

    private void MapTrading(WebApplication app)
    {
        var orders = new OrderEndpoints(exchange, new OrderDoor(exchange));
        var account = new AccountEndpoints(exchange);
        var heartbeats = new Heartbeats(exchange);
        heartbeats.Start();
        Signed(app, "POST", "/order", (key, body, _) => orders.PlaceAsync(key, body));
        Signed(app, "POST", "/orders", (key, body, _) => orders.PlaceManyAsync(key, body));
        Signed(app, "DELETE", "/order", (key, body, _) => orders.CancelOne(key, body));
        Signed(app, "DELETE", "/orders", (key, body, _) => orders.CancelMany(key, body));
        Signed(app, "DELETE", "/cancel-all", (key, _, _) => orders.CancelAll(key));
        Signed(app, "DELETE", "/cancel-market-orders", (key, body, _) => orders.CancelMarket(key, body));
        Signed(app, "GET", "/data/order/{id}", (key, _, http) => account.Order(key, Route(http, "id")));
        Signed(app, "GET", "/data/orders", (key, _, http) => account.Orders(key, http.Request.Query));
        Signed(app, "GET", "/data/trades", (key, _, http) => account.Trades(key, http.Request.Query));
        Signed(app, "GET", "/balance-allowance", (key, _, http) => account.Balance(key, http.Request.Query));
        Signed(app, "GET", "/balance-allowance/update", (key, _, http) => account.Balance(key, http.Request.Query));
        Signed(app, "POST", "/v1/heartbeats", (key, body, _) => heartbeats.Beat(key, body));
        Signed(app, "POST", "/heartbeats", (key, _, _) => heartbeats.Legacy(key));
    }

    private void MapSim(WebApplication app)
    {
        var sim = new SimEndpoints(exchange);
        Get(app, "/sim/ledger", _ => sim.Ledger());
        Get(app, "/sim/health", _ => sim.Health());
        Open(app, "POST", "/sim/halt", sim.Halt);
        var chain = new SimChain(exchange);
        Open(app, "POST", "/sim/split", chain.Split);
        Open(app, "POST", "/sim/merge", chain.Merge);
        Open(app, "POST", "/sim/convert", chain.Convert);
        Open(app, "POST", "/sim/redeem", chain.Redeem);
        Open(app, "POST", "/sim/transfer", chain.Transfer);
        Open(app, "POST", "/sim/wallets", chain.Wallet);
        var markets = new SimMarkets(exchange);
        Open(app, "POST", "/sim/tick", markets.Tick);
        Open(app, "POST", "/sim/close", markets.Close);
        Open(app, "POST", "/sim/resolve", markets.Resolve);
        Open(app, "POST", "/sim/list", markets.List);
        Open(app, "POST", "/sim/mode", markets.Mode);
    }

    private void MapSockets(WebApplication app)
    {
        Socket(app, "/ws/market", async (socket, stop) =>
        {
            var reader = new MarketSocket(exchange, socket);
            await Sockets.RunAsync(socket, reader.Read, reader.Leave, stop);
        });
        Socket(app, "/ws/user", async (socket, stop) =>
        {
            var reader = new UserSocket(exchange, _keys, socket);
            await Sockets.RunAsync(socket, reader.Read, reader.Leave, stop);
        });
    }

    private static Answer Credentials(ApiKey key) => Answer.Object(json =>
    {
        json.WriteString("apiKey", key.Key);
        json.WriteString("secret", key.Secret);
        json.WriteString("passphrase", key.Passphrase);
    });

    private static void Get(WebApplication app, string path, Func<HttpContext, Answer> answer) =>
        app.MapMethods(path, ["GET"], http => answer(http).WriteAsync(http));

    private static void Open(WebApplication app, string method, string path, Func<JsonElement, Answer> answer) =>
        app.MapMethods(path, [method], async http =>
        {
            var (valid, body) = Parse(await Requests.BodyAsync(http));
            await (valid ? answer(body) : Answer.Error(400, "Invalid payload")).WriteAsync(http);
        });

    private void Signed(WebApplication app, string method, string path, Func<ApiKey, JsonElement, HttpContext, Answer> answer) =>
        Signed(app, method, path, (key, body, http) => Task.FromResult(answer(key, body, http)));

    private void Signed(WebApplication app, string method, string path, Func<ApiKey, JsonElement, HttpContext, Task<Answer>> answer)
    {
        var auth = new Authentication(_keys, clock);
        app.MapMethods(path, [method], async http =>
        {
            var bytes = await Requests.BodyAsync(http);
            await (await RespondAsync(http, bytes)).WriteAsync(http);
        });

        async Task<Answer> RespondAsync(HttpContext http, byte[] bytes)
        {
            if (auth.L2(http.Request.Headers, method, http.Request.Path, bytes) is not { } key) return Answer.Error(401, Authentication.L2Text);

            var (valid, body) = Parse(bytes);
            return valid ? await answer(key, body, http) : Answer.Error(400, "Invalid order payload");
        }
    }

    private static (bool Valid, JsonElement Body) Parse(byte[] bytes)
    {
        if (bytes.Length == 0) return (true, default);

        try
        {
            using var json = JsonDocument.Parse(bytes);
            return (true, json.RootElement.Clone());
        }
        catch (JsonException)
        {
            return (false, default);
        }
    }

    private static void Socket(WebApplication app, string path, Func<FeedSocket, CancellationToken, Task> run) =>
        app.Map(path, async http =>
        {
            if (!http.WebSockets.IsWebSocketRequest)
            {
                http.Response.StatusCode = StatusCodes.Status400BadRequest;
                return;
            }

            using var socket = await http.WebSockets.AcceptWebSocketAsync();
            using var feed = new FeedSocket(socket);
            await run(feed, app.Lifetime.ApplicationStopping);
        });

    private static string? Query(HttpContext http, string name) => http.Request.Query[name].ToString() is { Length: > 0 } text ? text : null;

    private static string Route(HttpContext http, string name) => http.Request.RouteValues[name]?.ToString() ?? "";
}
