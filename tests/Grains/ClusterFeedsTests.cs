using PolyArb.Domain;
using PolyArb.Domain.Ports;
using PolyArb.Grains;
using PolyArb.Tests.Domain;
using Xunit;

namespace PolyArb.Tests.Grains;

public class ClusterFeedsTests
{
    private static readonly StreamHealth Idle = new(StreamState.Idle, "nothing to follow");
    private static readonly StreamHealth Down = new(StreamState.Down, "0 of 2 sockets live");
    private static readonly StreamHealth Live = new(StreamState.Live, "2 of 2 sockets live");

    private readonly ClusterFeeds _feeds = new();

    [Fact]
    public void One_silo_alone_is_as_it_says() => Assert.Equal(Down, _feeds.Health(Down, Given.Noon));

    [Fact]
    public void The_stream_is_live_where_one_silo_has_it()
    {
        _feeds.Hear("a", Down, Given.Noon);
        _feeds.Hear("b", Live, Given.Noon);

        Assert.Equal(StreamState.Live, _feeds.State(Down.State, Given.Noon));
        Assert.Equal("a Down: 0 of 2 sockets live; b Live: 2 of 2 sockets live", _feeds.Health(Down, Given.Noon).Detail);
    }

    [Fact]
    public void It_is_down_where_the_only_one_that_follows_something_is_down()
    {
        _feeds.Hear("a", Idle, Given.Noon);
        _feeds.Hear("b", Down, Given.Noon);

        Assert.Equal(StreamState.Down, _feeds.State(Idle.State, Given.Noon));
    }

    [Fact]
    public void A_silo_that_says_nothing_any_more_counts_no_more()
    {
        _feeds.Hear("a", Down, Given.Noon);
        _feeds.Hear("b", Live, Given.Noon);

        Assert.Equal(StreamState.Down, _feeds.State(Down.State, Given.Noon + TimeSpan.FromSeconds(6)));
    }
}
