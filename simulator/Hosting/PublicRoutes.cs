using System.Globalization;
using PolyArb.Simulator.Api;
using PolyArb.Simulator.Api.DataApi;
using PolyArb.Simulator.Api.Gamma;
using PolyArb.Simulator.Engine;
using PolyArb.Simulator.Feed;

namespace PolyArb.Simulator.Hosting;

/// <summary>The paths that anybody may read (protocol 2, 3, 8).</summary>
internal static class PublicRoutes
{
    public static void Map(Doors doors, Exchange exchange, TimeProvider clock)
    {
        doors.Get("/ok", _ => Answer.Ok);
        doors.Get("/time", _ => Answer.Text(clock.GetUtcNow().ToUnixTimeSeconds().ToString(CultureInfo.InvariantCulture)));
        doors.Get("/version", _ => Answer.Text("{\"version\":2}"));
        doors.Get("/api/geoblock", http => Answer.Object(json =>
        {
            json.WriteBoolean("blocked", false);
            json.WriteString("ip", http.Connection.RemoteIpAddress?.ToString() ?? "");
            json.WriteString("country", "ZZ"); // No country: the code for an unknown one.
            json.WriteString("region", "");
        }));
        MapCatalogue(doors, exchange);
        MapBooks(doors, exchange);
        MapGamma(doors, new GammaEndpoints(exchange));
        var data = new DataEndpoints(exchange);
        doors.Get("/data-api/positions", http => data.Positions(http.Request.Query));
        doors.Get("/data-api/trades", http => data.Trades(http.Request.Query));
    }

    private static void MapCatalogue(Doors doors, Exchange exchange)
    {
        var catalogue = new CatalogueEndpoints(exchange);
        doors.Get("/markets", http => catalogue.All(http.Cursor()));
        doors.Get("/simplified-markets", http => catalogue.Simplified(http.Cursor()));
        doors.Get("/sampling-markets", http => catalogue.Sampling(http.Cursor(), simplified: false));
        doors.Get("/sampling-simplified-markets", http => catalogue.Sampling(http.Cursor(), simplified: true));
        doors.Get("/markets/{id}", http => catalogue.One(http.Route("id")));
        doors.Get("/markets/live-activity/{id}", http => catalogue.Activity(http.Route("id")));
        doors.Get("/clob-markets/{id}", http => catalogue.Compact(http.Route("id")));
        doors.Get("/markets-by-token/{id}", http => catalogue.ByToken(http.Route("id")));
        doors.Get("/fees/builder-fees/{code}", http => BuilderEndpoints.Fees(http.Route("code")));
        var builders = new BuilderEndpoints(exchange);
        doors.Get("/builder/trades", http => builders.Trades(http.Request.Query));
        var rewards = new RewardEndpoints(exchange);
        doors.Get("/rewards/markets/current", http => rewards.Current(http.Cursor()));
        doors.Get("/rewards/markets/{id}", http => rewards.OfMarket(http.Route("id"), http.Cursor()));
    }

    private static void MapBooks(Doors doors, Exchange exchange)
    {
        var books = new BookEndpoints(exchange);
        var history = new HistoryEndpoint(exchange);
        doors.Get("/book", http => books.Book(http.Token()));
        doors.Get("/tick-size", http => books.TickSize(http.Token()));
        doors.Get("/neg-risk", http => books.NegRisk(http.Token()));
        doors.Get("/fee-rate", http => books.FeeRate(http.Token()));
        doors.Get("/price", http => books.Price(http.Token(), http.Request.Query.Text("side")));
        doors.Get("/midpoint", http => books.Midpoint(http.Token()));
        doors.Get("/spread", http => books.Spread(http.Token()));
        doors.Get("/last-trade-price", http => books.LastTrade(http.Token()));
        doors.Get("/prices-history", http => history.Read(http.Request.Query));
        doors.Post("/books", books.Books);
        doors.Post("/prices", books.Prices);
        doors.Post("/midpoints", books.Midpoints);
        doors.Post("/spreads", books.Spreads);
        doors.Post("/last-trades-prices", books.LastTrades);
    }

    private static void MapGamma(Doors doors, GammaEndpoints gamma)
    {
        doors.Get("/gamma/markets", http => gamma.Markets(http.Request.Query, keyset: false));
        doors.Get("/gamma/markets/keyset", http => gamma.Markets(http.Request.Query, keyset: true));
        doors.Get("/gamma/markets/{id}", http => gamma.Market(http.Route("id")));
        doors.Get("/gamma/markets/slug/{slug}", http => gamma.MarketBySlug(http.Route("slug")));
        doors.Get("/gamma/events", http => gamma.Events(http.Request.Query, keyset: false));
        doors.Get("/gamma/events/keyset", http => gamma.Events(http.Request.Query, keyset: true));
        doors.Get("/gamma/events/{id}", http => gamma.Event(http.Route("id")));
        doors.Get("/gamma/events/slug/{slug}", http => gamma.EventBySlug(http.Route("slug")));
    }
}
