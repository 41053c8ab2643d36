using System.Text;
using System.Text.Json;
using PolyArb.Simulator.Api;
using Xunit;

namespace PolyArb.Tests.Simulator;

public class SimSwitchesTests
{
    private readonly Venue _venue = new();

    [Fact]
    public void Only_the_switches_that_are_named_change()
    {
        var answer = Set("""{"selfTrades":false,"holdMs":150,"shuffleUserEvents":7}""");

        Assert.Equal(200, answer.Status);
        Assert.Equal((false, 150L, false), (_venue.Exchange.AllowsSelfTrades, _venue.Exchange.Holds.HoldMs, _venue.Exchange.SellsNeedMined));
        Assert.NotNull(_venue.Exchange.Users.Shuffle);
        Set("""{"shuffleUserEvents":null,"sellsNeedMined":true}""");
        Assert.Null(_venue.Exchange.Users.Shuffle);
        Assert.Equal((false, true), (_venue.Exchange.AllowsSelfTrades, _venue.Exchange.SellsNeedMined));
    }

    [Theory]
    [InlineData("""{"sellsNeedMined":true,"selfTrade":false}""", "selfTrade ")]
    [InlineData("""{"sellsNeedMined":true,"holdMs":-1}""", "holdMs ")]
    [InlineData("""{"sellsNeedMined":true,"selfTrades":"no"}""", "selfTrades ")]
    [InlineData("[]", "the body ")]
    public void One_wrong_switch_changes_nothing(string body, string complaint)
    {
        var answer = Set(body);

        Assert.Equal(400, answer.Status);
        Assert.StartsWith($$"""{"error":"{{complaint}}""", Encoding.UTF8.GetString(answer.Body), StringComparison.Ordinal);
        Assert.False(_venue.Exchange.SellsNeedMined);
    }

    private Answer Set(string json)
    {
        using var body = JsonDocument.Parse(json);
        return new SimSwitches(_venue.Exchange).Set(body.RootElement);
    }
}
