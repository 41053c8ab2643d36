using System.Text.Json;
using Microsoft.Extensions.Time.Testing;
using PolyArb.Simulator.Api;
using PolyArb.Simulator.Crypto;
using PolyArb.Simulator.Engine;
using PolyArb.Simulator.World;
using Xunit;

namespace PolyArb.Tests.Simulator;

/// <summary>The API's answers while the venue is not itself (protocol 9.4), and while orders wait (10.5).</summary>
public sealed class ModesTests
{
    private const string PostOnlyText = "post-only mode: only post-only orders and cancels are allowed";

    private static readonly ApiKey Key = new("", "", "", TestWallet.Address.ToLowerInvariant());

    private readonly FakeTimeProvider _clock = new(DateTimeOffset.UnixEpoch.AddSeconds(1_800_000_000));
    private readonly TestWallet _wallet = new(new HttpClient());
    private readonly Venue _venue;
    private readonly OrderEndpoints _orders;
    private readonly SimMarkets _sim;

    public ModesTests()
    {
        var listed = WorldBuilder.Build(1).Conditions;
        _venue = new Venue([listed[0], listed[1] with { SecondsDelay = 1 }], _clock);
        _orders = new OrderEndpoints(_venue.Exchange, new OrderDoor(_venue.Exchange), new Road(_venue.Exchange, 1, new FlowSettings()));
        _sim = new SimMarkets(_venue.Exchange);
    }

    [Fact]
    public async Task A_restart_answers_425_to_everything_and_two_minutes_of_post_only_follow()
    {
        Set("""{"mode":"restarting","durationMs":90000}""");
        Assert.Equal(425, (await Place(postOnly: true)).Status);
        Assert.Equal(425, _orders.CancelAll(Key).Status);
        Assert.Equal(425, (await _orders.PlaceManyAsync(Key, Json($"[{Body()}]"))).Status);
        Pass(seconds: 90);

        var refused = await Place(postOnly: false);
        Assert.Equal((503, "120"), (refused.Status, RetryAfter(refused)));
        Assert.Equal($$"""{"error":"{{PostOnlyText}}","code":"post_only_mode","retry_after_seconds":120}""", Text(refused));
        Assert.Equal(200, (await Place(postOnly: true)).Status);
        Assert.Equal(200, _orders.CancelAll(Key).Status);
        Pass(seconds: 41);
        Assert.Equal("79", RetryAfter(await Place(postOnly: false)));
        Pass(seconds: 79);
        Assert.Equal(200, (await Place(postOnly: false)).Status);
    }

    [Fact]
    public async Task In_a_batch_post_only_mode_is_told_leg_by_leg()
    {
        Set("""{"mode":"post-only","durationMs":5000}""");

        var answer = await _orders.PlaceManyAsync(Key, Json($"[{Body()},{Body(postOnly: true)}]"));

        var legs = Json(Text(answer));
        Assert.Equal((200, "post_only_mode", PostOnlyText), (answer.Status, legs[0].Text("code"), legs[0].Text("errorMsg")));
        Assert.Equal((5, ""), (legs[0].GetProperty("retry_after_seconds").GetInt32(), legs[0].Text("orderID")));
        Assert.Equal("live", legs[1].Text("status"));
    }

    [Fact]
    public async Task Cancel_only_takes_cancels_only_and_disabled_nothing()
    {
        Set("""{"mode":"cancel-only"}""");
        Assert.Equal(
            (503, """{"error":"Trading is currently cancel-only. New orders are not accepted, but cancels are allowed."}"""),
            Said(await Place(postOnly: true)));
        Assert.Equal(200, _orders.CancelAll(Key).Status);
        Set("""{"mode":"disabled"}""");
        var disabled = (503, """{"error":"Trading is currently disabled. Check polymarket.com for updates"}""");
        Assert.Equal(disabled, Said(await Place(postOnly: true)));
        Assert.Equal(disabled, Said(_orders.CancelAll(Key)));
        Assert.True(_venue.Exchange.Halted);
        Set("""{"mode":"normal"}""");
        Assert.Equal(200, (await Place(postOnly: false)).Status);
        Assert.Equal(400, _sim.Mode(Json("""{"mode":"odd"}""")).Status);
    }

    [Fact]
    public async Task A_delayed_order_is_answered_so_and_not_canceled()
    {
        var condition = _venue.Exchange.World.Conditions[1];
        var maker = _venue.Request("bob", Venue.Yes, Side.Sell, 5_000, 10) with { Condition = condition };
        _venue.Exchange.Place(maker);

        var answer = Json(Text(await _orders.PlaceAsync(Key, Json(Body(token: condition.Tokens[0])))));
        var id = answer.Text("orderID");
        var canceled = Json(Text(_orders.CancelOne(Key, Json($$"""{"orderID":"{{id}}"}"""))));

        Assert.Equal(
            $$"""{"errorMsg":"","orderID":"{{id}}","takingAmount":"0","makingAmount":"0","status":"delayed","transactionsHashes":[],"tradeIDs":[],"success":true}""",
            answer.GetRawText());
        Assert.Equal("Order not found or already canceled", canceled.GetProperty("not_canceled").Text(id));
        Assert.Equal("DELAYED", Json(Text(new AccountEndpoints(_venue.Exchange).Order(Key, id))).Text("status"));
        Pass(seconds: 1);
        Assert.Equal("MATCHED", Json(Text(new AccountEndpoints(_venue.Exchange).Order(Key, id))).Text("status"));
    }

    [Fact]
    public void The_balance_of_a_signature_type_is_that_of_the_wallet_it_trades_for()
    {
        const string Wallet = "0x1111111111111111111111111111111111111111";
        var account = new AccountEndpoints(_venue.Exchange);
        var sim = new SimChain(_venue.Exchange);
        Assert.Equal(200, sim.Wallet(Json($$"""{"account":"{{Wallet}}","owner":"{{TestWallet.Address}}"}""")).Status);
        Assert.Equal(200, sim.Transfer(Json($$"""{"account":"{{TestWallet.Address}}","to":"{{Wallet}}","amount":"7"}""")).Status);

        Assert.Equal("979993000000", Balance("asset_type=COLLATERAL"));
        Assert.Equal("979993000000", Balance("asset_type=COLLATERAL&signature_type=0"));
        Assert.Equal("7000000", Balance("asset_type=COLLATERAL&signature_type=3"));
        Assert.Equal("10000000000", Balance($"asset_type=CONDITIONAL&token_id={_venue.Condition.Tokens[1]}"));
        Assert.Equal("Invalid signature_type", Balance("asset_type=COLLATERAL&signature_type=4"));
        Assert.Equal("Invalid token id", Balance($"asset_type=CONDITIONAL-V2&token_id={_venue.Condition.Tokens[1]}"));
        Assert.Equal("Invalid asset type", Balance("asset_type=CASH"));

        string Balance(string query)
        {
            var values = query.Split('&').Select(pair => pair.Split('=')).ToDictionary(p => p[0], p => new Microsoft.Extensions.Primitives.StringValues(p[1]));
            var answer = Json(Text(account.Balance(Key, new Microsoft.AspNetCore.Http.QueryCollection(values))));
            return answer.TryGetProperty("balance", out var balance) ? balance.GetString()! : answer.Text("error");
        }
    }

    [Fact]
    public void An_old_client_s_heartbeat_clears_the_expected_id_and_arms_the_switch()
    {
        var heartbeats = new Heartbeats(_venue.Exchange);
        heartbeats.Start();
        heartbeats.Beat(Key, Json("""{"heartbeat_id":""}"""));

        Assert.Equal("""{"status":"ok"}""", Text(heartbeats.Legacy(Key)));
        Assert.Equal(200, heartbeats.Beat(Key, Json("""{"heartbeat_id":""}""")).Status);
        Assert.Equal(400, heartbeats.Beat(Key, Json("""{"heartbeat_id":""}""")).Status);
    }

    [Fact]
    public void A_market_is_listed_stepped_closed_and_resolved_by_tests()
    {
        var listed = Json(Text(_sim.List(Json("""{"question":"Will it rain tomorrow?","tick":"0.001"}"""))));
        var id = listed.Text("condition");
        var condition = _venue.Exchange.World.Find(id)!;
        Assert.Equal(condition.Tokens, listed.GetProperty("tokens").EnumerateArray().Select(t => t.GetString()!));

        Assert.Equal(200, _sim.Tick(Json($$"""{"condition":"{{id}}","tick":"0.0025"}""")).Status);
        Assert.Equal(25, _venue.Exchange.MarketOf(condition).Tick);
        Assert.Equal(400, _sim.Tick(Json($$"""{"condition":"{{id}}","tick":"0.00251"}""")).Status);
        Assert.Equal(200, _sim.Close(Json($$"""{"condition":"{{id}}"}""")).Status);
        Assert.Equal(400, _sim.Resolve(Json($$"""{"condition":"{{id}}","winner":"Perhaps"}""")).Status);
        Assert.Equal(200, _sim.Resolve(Json($$"""{"condition":"{{id}}","winner":"no"}""")).Status);
        Assert.Equal([0, Units.MicrosOne], _venue.Exchange.MarketOf(condition).Payouts!);
        Assert.Equal(400, _sim.Close(Json("""{"condition":"0x00"}""")).Status);
    }

    private static (int Status, string Body) Said(Answer answer) => (answer.Status, Text(answer));

    private static string Text(Answer answer) => System.Text.Encoding.UTF8.GetString(answer.Body);

    private static JsonElement Json(string text)
    {
        using var json = JsonDocument.Parse(text);
        return json.RootElement.Clone();
    }

    private string Body(bool postOnly = false, string? token = null) =>
        _wallet.Order(token ?? _venue.Condition.Tokens[0], negRisk: false, "BUY", 2_500_000, 5_000_000, "GTC", postOnly);

    private Task<Answer> Place(bool postOnly) => _orders.PlaceAsync(Key, Json(Body(postOnly)));

    private static string RetryAfter(Answer answer) => Assert.Single(answer.Headers, header => header.Name == "Retry-After").Value;

    private void Set(string body) => Assert.Equal(200, _sim.Mode(Json(body)).Status);

    private void Pass(int seconds)
    {
        _clock.Advance(TimeSpan.FromSeconds(seconds));
        _venue.Exchange.Agenda.RunDue();
    }
}
