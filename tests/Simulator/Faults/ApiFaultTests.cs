using System.Text;
using PolyArb.Simulator.Api;
using PolyArb.Simulator.Engine;
using PolyArb.Simulator.Faults;
using PolyArb.Simulator.World;
using Xunit;

namespace PolyArb.Tests.Simulator.Faults;

/// <summary>Faults of REST, through the endpoints without HTTP.</summary>
public sealed class ApiFaultTests
{
    private readonly ApiWorld _world = new();
    private readonly List<string> _log = [];

    public ApiFaultTests() => Exchange.Faults.Log = _log.Add;

    private Exchange Exchange => _world.Exchange;

    private Condition Here => _world.First;

    private Condition Elsewhere => Exchange.World.Conditions[1];

    [Fact]
    public void Rest_shows_the_book_as_it_was_when_the_window_began()
    {
        var books = new BookEndpoints(Exchange);
        _world.Limit(0, 0, Side.Buy, 4_000, 10);
        var then = books.Book(Here.Tokens[0]).Body;
        Goes(FaultKind.StaleRestBook, on: Here, durationMs: 1_000);
        _world.Limit(0, 0, Side.Buy, 4_100, 10);

        Assert.Equal(then, books.Book(Here.Tokens[0]).Body);
        Assert.Equal(then, books.Books(ApiWorld.Json($$"""[{"token_id":"{{Here.Tokens[0]}}"}]""")).Json()[0].GetRawText().Select(c => (byte)c));
        _world.Pass(TimeSpan.FromSeconds(1));
        Assert.Contains("0.41", Encoding.UTF8.GetString(books.Book(Here.Tokens[0]).Body), StringComparison.Ordinal);
        Says("stale-rest-book", "is over, 2 times felt");
    }

    [Fact]
    public void A_condition_that_is_not_hydrated_is_unknown_to_the_clob_and_listed_in_gamma()
    {
        var (books, catalogue) = (new BookEndpoints(Exchange), new CatalogueEndpoints(Exchange));
        Goes(FaultKind.Hydration404, on: Here, durationMs: 1_000);

        Assert.Equal(404, catalogue.One(Here.Id).Status);
        Assert.Equal(404, catalogue.Compact(Here.Id).Status);
        Assert.Equal(404, catalogue.ByToken(Here.Tokens[1]).Status);
        Assert.Equal(404, books.Book(Here.Tokens[0]).Status);
        Assert.Equal(404, books.TickSize(Here.Tokens[0]).Status);
        Assert.DoesNotContain(Here.Id, Encoding.UTF8.GetString(catalogue.All(null).Body), StringComparison.Ordinal);
        Assert.Equal("[]", Encoding.UTF8.GetString(books.Books(ApiWorld.Json($$"""[{"token_id":"{{Here.Tokens[0]}}"}]""")).Body));
        Assert.Equal(200, catalogue.One(Elsewhere.Id).Status);
        Assert.Contains(
            Here.Id, Encoding.UTF8.GetString(new PolyArb.Simulator.Api.Gamma.GammaEndpoints(Exchange).Markets(ApiWorld.Query("limit=100"), keyset: false).Body),
            StringComparison.Ordinal);
        _world.Pass(TimeSpan.FromSeconds(1));
        Assert.Equal(200, catalogue.One(Here.Id).Status);
        Says("hydration-404", "times felt");
    }

    [Fact]
    public void Statuses_carry_the_older_prefixes_in_reads_and_events()
    {
        var account = new AccountEndpoints(Exchange);
        var heard = new FrameLog();
        lock (Exchange.Gate) Exchange.Users.Add(new PolyArb.Simulator.Feed.UserSubscription(heard, ApiWorld.Key(0).Key, []));
        Goes(FaultKind.OddStatus, durationMs: 5_000);
        var order = Assert.IsType<PlaceResult.Accepted>(_world.Limit(0, 0, Side.Buy, 4_000, 10)).Order;
        Exchange.Cancel(order);
        _world.Trade(5_000, 10);

        Assert.Equal(
            ["ORDER_STATUS_LIVE", "CANCELED_order was canceled", "ORDER_STATUS_LIVE", "TRADE_STATUS_MATCHED", "ORDER_STATUS_MATCHED"],
            heard.Frames.Select(f => ApiWorld.Json(f).Text("status")));
        Assert.Equal("ORDER_STATUS_CANCELED", account.Order(ApiWorld.Key(0), order.Id).Json().Text("status"));
        Assert.Equal("ORDER_STATUS_CANCELED", account.Orders(ApiWorld.Key(0), ApiWorld.Query("id=" + order.Id)).Json().GetProperty("data")[0].Text("status"));
        Assert.Equal("TRADE_STATUS_MATCHED", account.Trades(ApiWorld.Key(0), ApiWorld.Query("")).Json().GetProperty("data")[0].Text("status"));
        _world.Pass(TimeSpan.FromSeconds(5));
        Assert.Equal("CANCELED", account.Order(ApiWorld.Key(0), order.Id).Json().Text("status"));
        Says("odd-status", "times felt");
    }

    [Fact]
    public async Task Orders_and_cancels_are_refused_with_the_time_to_wait()
    {
        var faults = new OrderFaults(Exchange);
        Goes(FaultKind.RateLimit429, durationMs: 1_500);

        var placed = await faults.PlacingAsync(default, () => throw new InvalidOperationException("It must not be carried out."));
        var canceled = faults.Canceling(() => throw new InvalidOperationException("It must not be carried out."));
        Assert.All([placed, canceled], answer => Assert.Equal((429, ("Retry-After", "2")), (answer.Status, Assert.Single(answer.Headers))));
        _world.Pass(TimeSpan.FromMilliseconds(1_500));
        Assert.Equal(Answer.Ok, faults.Canceling(() => Answer.Ok));
        Says("rate-limit-429", "is over, 2 times felt");
    }

    [Fact]
    public async Task An_accepted_order_is_answered_with_an_engine_error_and_a_refused_one_is_not()
    {
        var faults = new OrderFaults(Exchange);
        Goes(FaultKind.ErrorAfterAccept, on: Here);
        var (here, elsewhere) = (Body(Here), Body(Elsewhere));
        var accepted = Answer.Text("""{"success":true}""");

        Assert.Equal(400, (await faults.PlacingAsync(here, () => Task.FromResult(Answer.Error(400, "no")))).Status);
        Assert.Equal(200, (await faults.PlacingAsync(elsewhere, () => Task.FromResult(accepted))).Status);
        var answer = await faults.PlacingAsync(here, () => Task.FromResult(accepted));
        Assert.Equal((500, "could not insert order"), (answer.Status, answer.Json().Text("error")));
        Assert.Equal(200, (await faults.PlacingAsync(here, () => Task.FromResult(accepted))).Status);
        Says("error-after-accept", "struck");
    }

    [Fact]
    public void Every_armed_key_loses_its_open_orders_and_the_others_keep_theirs()
    {
        var heartbeats = new Heartbeats(Exchange);
        heartbeats.Start();
        heartbeats.Beat(ApiWorld.Key(0), ApiWorld.Json("""{"heartbeat_id":""}"""));
        _world.Limit(0, 0, Side.Buy, 4_000, 10);
        _world.Limit(1, 0, Side.Buy, 3_900, 10);
        Goes(FaultKind.HeartbeatExpiry);

        Assert.Empty(Exchange.OpenOrders(ApiWorld.Key(0).Key));
        Assert.Single(Exchange.OpenOrders(ApiWorld.Key(1).Key));
        Says("heartbeat-expiry", "1 keys armed, 1 orders canceled");
    }

    private static System.Text.Json.JsonElement Body(Condition condition) => ApiWorld.Json($$$"""{"order":{"tokenId":"{{{condition.Tokens[0]}}}"}}""");

    private void Goes(FaultKind kind, Condition? on = null, long? durationMs = null)
    {
        lock (Exchange.Gate)
        {
            Exchange.Faults.Load(new FaultPlan(1, [new Fault(kind, 0, 0, 1, on?.Tokens[0], durationMs ?? kind.UsualDurationMs())]));
        }

        _world.Pass(TimeSpan.Zero);
    }

    private void Says(string kind, string end) => Assert.Single(
        _log, line => line.StartsWith($"fault {kind} at ", StringComparison.Ordinal) && line.EndsWith(end, StringComparison.Ordinal));
}
