using System.Net.Http.Json;
using Microsoft.Extensions.DependencyInjection;
using PolyArb.Domain;
using PolyArb.Domain.Orders;
using PolyArb.Domain.Ports;
using PolyArb.Polymarket;
using PolyArb.Polymarket.Orders;
using PolyArb.Polymarket.Signing;
using PolyArb.Simulator.Hosting;
using Xunit;

namespace PolyArb.Tests.Polymarket;

/// <summary>Each kind of wallet against the local exchange, which checks signatures by its own reading of the protocol.</summary>
public sealed class DepositWalletTests
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
        await using var exchange = await ExchangeHost.StartAsync(new ExchangeOptions { Seed = 3, Quiet = true }, Stop);
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
        foreach (var condition in exchange.Exchange.World.Conditions.GroupBy(one => (one.NegRisk, one.ProtocolV2)).Select(kind => kind.First()))
        {
            var order = Assert.Single(venue.Sign([Resting(condition.Tokens[0], condition.NegRisk, condition.ProtocolV2)]));
            var news = Assert.Single((await venue.Send([order], Stop)).News);
            Assert.True(news is OrderEvent.Placed, $"{condition.Id}: {news}");

            var open = Assert.IsType<VenueAnswer<VenueOrder?>.Ok>(await venue.Order(order.Id, Stop));
            Assert.Equal(order.Id, open.Value!.Id);
        }
    }

    /// <summary>Five shares at a cent: it cannot fill.</summary>
    private static OrderIntent Resting(string token, bool negRisk, bool protocolV2)
    {
        var amounts = Assert.IsType<AmountsResult.Ok>(OrderAmounts.Limit(Side.Buy, Price.Cents(1), Size.Shares(5), Price.Cents(1))).Amounts;
        var intent = ScriptedVenue.Intent();
        return intent with
        {
            Order = intent.Order with
            {
                Token = new TokenId(token),
                NegRisk = negRisk,
                Protocol = protocolV2 ? ProtocolVersion.V2 : ProtocolVersion.V1,
                Limit = Price.Cents(1),
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
