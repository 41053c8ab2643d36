using System.Text.Json;
using PolyArb.Simulator.Api;
using PolyArb.Simulator.Api.RateLimits;
using PolyArb.Simulator.Engine;
using PolyArb.Simulator.Faults;

namespace PolyArb.Simulator.Hosting;

/// <summary>Which path answers what, and who must prove who they are first. Public paths are in <see cref="PublicRoutes"/>.</summary>
internal sealed class Routes(Exchange exchange, TimeProvider clock, LimitOptions limits, Road road)
{
    private readonly KeySockets _sockets = new();
    private readonly SimWire _wire = new(exchange);
    private readonly KeyRing _keys = new(exchange.Ids, key =>
    {
        lock (exchange.Gate) exchange.Users.Know(key);
    });

    public void Map(WebApplication app)
    {
        _keys.Deleted = _sockets.EndAll;
        var addresses = new AddressLimits(limits, exchange.Agenda);
        app.Use(next => http => addresses.InvokeAsync(http, next));
        var signers = new SignerLimits(limits, exchange);
        var doors = new Doors(app, new Authentication(_keys, clock), signers);
        PublicRoutes.Map(doors, exchange, clock);
        MapKeys(doors);
        MapTrading(doors);
        MapAccount(doors);
        doors.Read("GET", "/v1/user/rate-limit-tier", (key, _, _) => signers.Tier(key));
        MapSim(doors);
        MapSockets(doors);
    }

    private void MapKeys(Doors doors)
    {
        var keys = new KeyEndpoints(_keys, clock);
        doors.Wallet("POST", "/auth/api-key", keys.Create);
        doors.Wallet("GET", "/auth/derive-api-key", keys.Derive);
        doors.Read("GET", "/auth/api-keys", (key, _, _) => keys.List(key));
        doors.Signed("DELETE", "/auth/api-key", (key, _, _) => keys.Delete(key));
        doors.Signed("POST", "/auth/readonly-api-key", (key, _, _) => keys.CreateReader(key));
        doors.Read("GET", "/auth/readonly-api-keys", (key, _, _) => keys.Readers(key));
        doors.Signed("DELETE", "/auth/readonly-api-key", (key, body, _) => keys.DeleteReader(key, body));
        doors.Signed("POST", "/auth/builder-api-key", (key, _, _) => keys.CreateBuilder(key));
        doors.Read("GET", "/auth/builder-api-key", (key, _, _) => keys.Builders(key));
        doors.Signed("DELETE", "/auth/builder-api-key", (key, _, _) => keys.RevokeBuilders(key));
        doors.Read("GET", "/auth/ban-status/closed-only", (_, _, _) => Answer.Text("{\"closed_only\":false}"));
    }

    private void MapTrading(Doors doors)
    {
        var orders = new OrderEndpoints(exchange, new OrderDoor(exchange), road);
        var faults = new OrderFaults(exchange);
        var heartbeats = new Heartbeats(exchange);
        heartbeats.Start();
        doors.Signed("POST", "/order", (key, body, http) => Placing(body, http, () => orders.PlaceAsync(key, body)));
        doors.Signed("POST", "/orders", (key, body, http) => Placing(body, http, () => orders.PlaceManyAsync(key, body)));
        doors.Signed("DELETE", "/order", (key, body, _) => faults.Canceling(() => orders.CancelOne(key, body)));
        doors.Signed("DELETE", "/orders", (key, body, _) => faults.Canceling(() => orders.CancelMany(key, body)));
        doors.Signed("DELETE", "/cancel-all", (key, _, _) => faults.Canceling(() => orders.CancelAll(key)));
        doors.Signed("DELETE", "/cancel-market-orders", (key, body, _) => faults.Canceling(() => orders.CancelMarket(key, body)));
        doors.Signed("POST", "/v1/heartbeats", (key, body, _) => heartbeats.Beat(key, body));
        doors.Signed("POST", "/heartbeats", (key, _, _) => heartbeats.Legacy(key));

        Task<Answer> Placing(JsonElement body, HttpContext http, Func<Task<Answer>> place)
        {
            _wire.Arrived(body, http.Connection.RemotePort);
            return faults.PlacingAsync(body, place);
        }
    }

    private void MapAccount(Doors doors)
    {
        var account = new AccountEndpoints(exchange);
        var scoring = new ScoringEndpoints(exchange);
        var notifications = new NotificationEndpoints(exchange);
        doors.Read("GET", "/data/order/{id}", (key, _, http) => account.Order(key, http.Route("id")));
        doors.Read("GET", "/data/orders", (key, _, http) => account.Orders(key, http.Request.Query));
        doors.Read("GET", "/data/trades", (key, _, http) => account.Trades(key, http.Request.Query));
        doors.Read("GET", "/data/pre-migration-orders", (_, _, http) => Pages.Empty(http.Cursor()));
        doors.Read("GET", "/balance-allowance", (key, _, http) => account.Balance(key, http.Request.Query));
        doors.Read("GET", "/balance-allowance/update", (key, _, http) => account.Balance(key, http.Request.Query));
        doors.Read("GET", "/order-scoring", (key, _, http) => scoring.One(key, http.Request.Query));
        doors.Read("POST", "/orders-scoring", (key, body, _) => scoring.Many(key, body));
        doors.Read("GET", "/notifications", (key, _, _) => notifications.List(key));
        doors.Signed("DELETE", "/notifications", (key, _, http) => notifications.Drop(key, http.Request.Query));
        doors.Read("GET", "/rewards/user", (_, _, http) => Pages.Empty(http.Cursor()));
        doors.Read("GET", "/rewards/user/markets", (_, _, http) => Pages.Empty(http.Cursor()));
        doors.Read("GET", "/rewards/user/total", (_, _, _) => Answer.Text("[]"));
        doors.Read("GET", "/rewards/user/percentages", (_, _, _) => Answer.Text("{}"));
    }

    private void MapSim(Doors doors)
    {
        var sim = new SimEndpoints(exchange);
        doors.Get("/sim/ledger", _ => sim.Ledger());
        doors.Get("/sim/health", _ => sim.Health());
        doors.Get("/sim/arrivals", http => _wire.Arrivals(http.Request.Query));
        doors.Get("/sim/sockets", _ => _wire.Sockets());
        doors.Post("/sim/halt", sim.Halt);
        var chain = new SimChain(exchange);
        doors.Post("/sim/split", chain.Split);
        doors.Post("/sim/merge", chain.Merge);
        doors.Post("/sim/convert", chain.Convert);
        doors.Post("/sim/redeem", chain.Redeem);
        doors.Post("/sim/transfer", chain.Transfer);
        doors.Post("/sim/wallets", chain.Wallet);
        var markets = new SimMarkets(exchange);
        doors.Post("/sim/tick", markets.Tick);
        doors.Post("/sim/close", markets.Close);
        doors.Post("/sim/resolve", markets.Resolve);
        doors.Post("/sim/list", markets.List);
        doors.Post("/sim/mode", markets.Mode);
        var planned = new SimFaults(exchange);
        doors.Get("/sim/faults", _ => planned.Read());
        doors.PostText("/sim/faults", planned.Add);
        doors.Post("/sim/switches", new SimSwitches(exchange).Set);
    }

    private void MapSockets(Doors doors)
    {
        doors.Socket("/ws/market", socket =>
        {
            var reader = new MarketSocket(exchange, socket);
            return (reader.Read, reader.Leave);
        });
        doors.Socket("/ws/user", socket =>
        {
            var reader = new UserSocket(exchange, _keys, _sockets, socket);
            return (reader.Read, reader.Leave);
        });
    }
}
