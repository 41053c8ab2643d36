using System.Text.Json;
using PolyArb.Simulator.Api;
using PolyArb.Simulator.Engine;
using PolyArb.Simulator.World;
using Xunit;

namespace PolyArb.Tests.Simulator;

public class RoadTests
{
    private readonly VirtualClock _clock = new(1_800_000_000_000);
    private readonly Venue _venue;

    public RoadTests() => _venue = new Venue(clock: _clock);

    [Fact]
    public void Without_a_delay_an_order_is_there_at_once() =>
        Assert.True(new Road(_venue.Exchange, 1, new FlowSettings()).Travel([default]).IsCompletedSuccessfully);

    [Fact]
    public async Task An_order_arrives_between_half_the_delay_and_all_of_it()
    {
        var road = new Road(_venue.Exchange, 1, new FlowSettings { OrderDelayMs = 40 });
        var travels = Enumerable.Range(0, 50).Select(_ => road.Travel([])).ToArray();
        Pass(19);
        Assert.DoesNotContain(travels, travel => travel.IsCompleted);

        Pass(10);
        Assert.Contains(travels, travel => travel.IsCompleted);
        Assert.Contains(travels, travel => !travel.IsCompleted);

        Pass(11);
        await Task.WhenAll(travels).WaitAsync(TimeSpan.FromSeconds(10), TestContext.Current.CancellationToken);
    }

    /// <summary>A NO that is bought is asked for by the bids of YES; a rival takes at most what stands at the best of them.</summary>
    [Fact]
    public void A_rival_takes_from_the_best_price_the_order_is_after()
    {
        List<(int Token, Side Side, long Shares)> taken = [];
        var road = new Road(_venue.Exchange, 1, new FlowSettings { OrderDelayMs = 10, RivalsPerThousand = 1_000 })
        {
            Rival = (_, token, side, shares) => taken.Add((token, side, shares)),
        };
        _venue.Limit("alice", Venue.Yes, Side.Buy, 5_000, 100);
        _ = road.Travel([Body(_venue.Condition, Venue.No)]);
        Pass(10);

        var (token, side, shares) = Assert.Single(taken);
        Assert.Equal((Venue.No, Side.Buy), (token, side));
        Assert.InRange(shares, 20_000_000, 100_000_000);
    }

    private void Pass(long milliseconds) => _venue.Exchange.Agenda.RunTo(_clock, _venue.Exchange.Agenda.Now + milliseconds);

    private static JsonElement Body(Condition condition, int token) => JsonDocument.Parse($$$"""
        {"owner":"key","orderType":"FAK","order":{"salt":1,"maker":"0x0000000000000000000000000000000000000001",
        "signer":"0x0000000000000000000000000000000000000001","tokenId":"{{{condition.Tokens[token]}}}","makerAmount":"1000000","takerAmount":"2000000",
        "side":"BUY","expiration":"0","signatureType":0,"timestamp":"1","metadata":"0x{{{new string('0', 64)}}}","builder":"0x{{{new string('0', 64)}}}",
        "signature":"0x{{{new string('1', 130)}}}"}}
        """).RootElement;
}
