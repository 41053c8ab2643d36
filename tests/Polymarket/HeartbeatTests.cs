using System.Text;
using Microsoft.Extensions.Time.Testing;
using PolyArb.Polymarket;
using PolyArb.Polymarket.Sockets;
using Xunit;

namespace PolyArb.Tests.Polymarket;

public class HeartbeatTests
{
    private readonly FakeTimeProvider _clock = new();

    [Fact]
    public void A_PING_is_due_every_ten_seconds_and_nothing_in_between()
    {
        var heart = Heart();
        foreach (var _ in (int[])[1, 2, 3])
        {
            Pass(9.9);
            Assert.False(heart.Look().PingIsDue);
            Pass(0.1);
            Assert.True(heart.Look().PingIsDue);
            Assert.False(heart.Look().PingIsDue);
            heart.Heard("PONG\n"u8);
        }
    }

    [Fact]
    public void A_PING_without_its_PONG_is_the_end_though_data_flows()
    {
        var heart = Heart();
        Pass(10);
        Assert.True(heart.Look().PingIsDue);
        for (var second = 1; second <= 14; second++)
        {
            Pass(1);
            heart.Heard("""{"event_type":"book"}"""u8);
            Assert.Null(heart.Look().Dead);
        }

        Pass(1);
        heart.Heard("""{"event_type":"book"}"""u8);
        Assert.Equal("no PONG for 15 s", heart.Look().Dead);
    }

    [Fact]
    public void A_PONG_answers_every_PING_before_it()
    {
        var heart = Heart();
        Pass(10);
        heart.Look();
        Pass(10);
        heart.Look();
        heart.Heard("PONG"u8);
        Pass(9);
        Assert.Null(heart.Look().Dead);
        Pass(1);
        Assert.True(heart.Look().PingIsDue);
        Pass(14);
        Assert.Null(heart.Look().Dead);
        Pass(1);
        Assert.Equal("no PONG for 15 s", heart.Look().Dead);
    }

    [Fact]
    public void Silence_is_the_end_whatever_a_PONG_may_take()
    {
        var heart = new Heartbeat(ScriptedVenue.Options with { PongWithin = TimeSpan.FromMinutes(5) }, _clock);
        Pass(25);
        heart.Heard(Encoding.UTF8.GetBytes("[]"));
        Pass(29.9);
        Assert.Null(heart.Look().Dead);
        Pass(0.1);
        Assert.Equal("silent for 30 s", heart.Look().Dead);
    }

    private Heartbeat Heart() => new(ScriptedVenue.Options, _clock);

    private void Pass(double seconds) => _clock.Advance(TimeSpan.FromSeconds(seconds));
}
