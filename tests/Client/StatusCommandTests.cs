using PolyArb.Client.Commands;
using PolyArb.Domain.Risk;
using PolyArb.Tests.Grains;
using Xunit;

namespace PolyArb.Tests.Client;

public sealed class StatusCommandTests
{
    [Theory]
    [InlineData("", "PAUSED (epoch 1, test, up 00:01:00)")]
    [InlineData("lunch", "PAUSED: lunch (epoch 1, test, up 00:01:00)")]
    public void A_state_without_a_reason_stands_there_without_a_colon(string reason, string expected) =>
        Assert.Equal(expected, StatusCommand.State(GivenView.Status with { State = TradingState.Paused, Reason = reason, DryRun = false }));
}
