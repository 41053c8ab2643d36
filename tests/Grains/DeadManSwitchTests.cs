using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Time.Testing;
using PolyArb.Domain.Orders;
using PolyArb.Domain.Ports;
using PolyArb.Grains;
using Xunit;

namespace PolyArb.Tests.Grains;

public class DeadManSwitchTests
{
    private readonly FakeTimeProvider _clock = new();
    private readonly ScriptedVenue _venue = new();

    /// <summary>The list that was read is older than what the venue cancelled the second time.</summary>
    [Fact]
    public async Task A_second_silence_while_what_rests_is_read_has_it_read_once_more()
    {
        var read = new TaskCompletionSource<bool>();
        var reads = 0;
        var deadMan = new DeadManSwitch(_venue, new Pacer(ScriptedCluster.Unhurried), _clock, NullLogger.Instance)
        {
            Reread = () => ++reads == 1 ? read.Task : Task.FromResult(true),
        };
        await deadMan.Tick(isOn: true);
        await Silence(deadMan);
        Assert.Equal((true, 1), (deadMan.IsUnheard, reads)); // Heard again, and reading.

        await Silence(deadMan);
        read.SetResult(true);
        Assert.True(deadMan.IsUnheard);

        await Later(deadMan, TimeSpan.FromSeconds(5));
        Assert.Equal((false, 2), (deadMan.IsUnheard, reads));
    }

    /// <summary>Too long for the venue, and then it hears us.</summary>
    private async Task Silence(DeadManSwitch deadMan)
    {
        _venue.Unheard = new VenueFailure.Down("refused");
        await Later(deadMan, TimeSpan.FromSeconds(6));
        await Later(deadMan, TimeSpan.FromSeconds(6));
        _venue.Unheard = null;
        await Later(deadMan, TimeSpan.FromSeconds(1));
    }

    private Task Later(DeadManSwitch deadMan, TimeSpan by)
    {
        _clock.Advance(by);
        return deadMan.Tick(isOn: true);
    }
}
