using System.Net.Http.Json;
using Microsoft.Extensions.DependencyInjection;
using PolyArb.Domain;
using PolyArb.Domain.Orders;
using PolyArb.Domain.Ports;
using PolyArb.Polymarket;
using PolyArb.Polymarket.Orders;
using PolyArb.Polymarket.Signing;
using PolyArb.Simulator.Hosting;
using PolyArb.Simulator.World;
using Xunit;
using Condition = PolyArb.Simulator.World.Condition;

namespace PolyArb.Tests.Polymarket;

/// <summary>Each kind of wallet, in every kind of market and on every tick, against the local exchange, which checks signatures by its own reading of the protocol.</summary>
public sealed class SignatureTypeTests
{
    private const string Contract = "0x1111111111111111111111111111111111111111";

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public async Task An_order_of_every_signature_type_rests_under_the_id_we_computed(int signatureType)
    {
        await using var exchange = await ExchangeHost.StartAsync(new ExchangeOptions { Seed = 3, Quiet = true, Scenario = ScenarioFile.Load("full") }, Stop);
        var url = new Uri($"http://127.0.0.1:{exchange.Port}");
        using var http = new HttpClient { BaseAddress = url };
        await Endow(http);
        var options = new VenueOptions
        {
            RestUrl = url,
            WsUrl = new Uri($"ws://127.0.0.1:{exchange.Port}/ws"),
            ChainId = 137,
            SignatureType = signatureType,
            Funder = signatureType == 0 ? null : Contract,
            Signer = Given.Signer,
        };
        await using (var keys = Services(options))
        {
            var made = await keys.GetRequiredService<PolymarketKeys>().CreateOrDerive(Stop);
            options = options with { Credentials = Assert.IsType<VenueAnswer<Credentials>.Ok>(made).Value };
        }

        await using var services = Services(options);
        var venue = services.GetRequiredService<IVenue>();
        var conditions = exchange.Exchange.World.Conditions;
        Assert.Equal(4, conditions.DistinctBy(condition => (condition.NegRisk, condition.ProtocolV2)).Count());
        Assert.Equal(6, conditions.DistinctBy(condition => condition.Tick).Count());
        foreach (var condition in conditions)
        {
            var order = Assert.Single(venue.Sign([Resting(condition)]));
            var news = Assert.Single((await venue.Send([order], Stop)).News);
            Assert.True(news is OrderEvent.Placed, $"{condition.Id}: {news}");

            var open = Assert.IsType<VenueAnswer<VenueOrder?>.Ok>(await venue.Order(order.Id, Stop));
            Assert.Equal(order.Id, open.Value!.Id);
        }
    }

    /// <summary>The smallest order at the lowest price: it cannot fill.</summary>
    private static OrderIntent Resting(Condition condition)
    {
        var tick = new Price(condition.Tick);
        var amounts = Assert.IsType<AmountsResult.Ok>(OrderAmounts.Limit(Side.Buy, tick, new Size(condition.MinSize), tick)).Amounts;
        var intent = ScriptedVenue.Intent();
        return intent with
        {
            Order = intent.Order with
            {
                Token = new TokenId(condition.Tokens[0]),
                NegRisk = condition.NegRisk,
                Protocol = condition.ProtocolV2 ? ProtocolVersion.V2 : ProtocolVersion.V1,
                Limit = tick,
                MakerAmount = amounts.Maker,
                TakerAmount = amounts.Taker,
            },
        };
    }

    /// <summary>A contract wallet of our key, with some dollars in it.</summary>
    private static async Task Endow(HttpClient http)
    {
        using var known = await http.PostAsJsonAsync("/sim/wallets", new { account = Contract, owner = Given.Wallet }, Stop);
        using var paid = await http.PostAsJsonAsync("/sim/transfer", new { account = Given.Wallet, to = Contract, amount = "100" }, Stop);
        Assert.True(known.IsSuccessStatusCode && paid.IsSuccessStatusCode, await paid.Content.ReadAsStringAsync(Stop));
    }

    private static ServiceProvider Services(VenueOptions options) =>
        new ServiceCollection().AddLogging().AddPolymarket(options).BuildServiceProvider();
}
